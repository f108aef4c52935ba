"""How fast calls may start, learned from what the gateway refuses. Arithmetic alone: no waiting.

The gateway counts calls as they arrive, we see only when each began and ended. A call can have
been counted as late as it took longer than the fastest one, so that much is added to its stay
in the window.
"""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.cph.errors import Stated

SHARE: Final = 0.98  # of a stated limit
NO_PROBING: Final = 600.0  # seconds after a limit was stated
_LATEST: Final = 0.25  # of a window: no call is thought to have been counted later than that
_NAP: Final = 0.02  # of a window, between looks at calls that have not ended
_MEMORY: Final = 75.0  # seconds: a limit by the minute, once stated, also counts calls before it
_SAMPLES: Final = 64
_LONGEST_HOLD: Final = 30.0  # seconds, where the gateway names neither limit nor Retry-After
_SLOWEST: Final = 1 / 60  # calls per second
_RECOVERY: Final = 0.02  # of the rate, for each success below the start
_PROBE: Final = 0.001  # of the start, for each success above it
_HIGHEST: Final = 10.0  # times the start


@dataclass(slots=True, eq=False)
class Turn:
    """One call's permission and times; `begun` is None until the call starts."""

    granted: float
    busy: bool = False  # it had to wait for the rate
    begun: float | None = None
    took: float | None = None


class Window:
    """The calls that the gateway may still count."""

    def __init__(self) -> None:
        self._given: set[Turn] = set()
        self._begun: deque[Turn] = deque()
        self._fastest: deque[float] = deque(maxlen=_SAMPLES)
        self._memory = _MEMORY

    def add(self, turn: Turn) -> None:
        self._given.add(turn)

    def drop(self, turn: Turn) -> None:
        self._given.remove(turn)

    def begin(self, turn: Turn, now: float) -> None:
        self._given.remove(turn)
        turn.begun = now
        self._begun.append(turn)
        while _start(self._begun[0]) < now - self._memory:
            self._begun.popleft()

    def ended(self, turn: Turn, took: float) -> None:
        turn.took = took
        self._fastest.append(took)

    def delay(self, limit: Stated, now: float) -> float:
        """Seconds until one more call fits the limit, or until it is worth looking again."""
        longest = limit.seconds * (1 / SHARE + _LATEST)
        self._memory = max(_MEMORY, longest)
        recent = takewhile(lambda turn: _start(turn) + longest > now, reversed(self._begun))
        fastest = min(self._fastest, default=0.0)
        stays = [_until(turn, limit, fastest, now) for turn in recent]
        stays += [now + limit.seconds * _NAP] * len(self._given)  # these may begin at any moment
        stays = sorted(stay for stay in stays if stay > now)
        return stays[-limit.calls] - now if len(stays) >= limit.calls else 0.0


def _start(turn: Turn) -> float:
    return -math.inf if turn.begun is None else turn.begun


def _until(turn: Turn, limit: Stated, fastest: float, now: float) -> float:
    """The last moment at which the gateway may count this call with the next."""
    latest, least = limit.seconds * _LATEST, _start(turn) + limit.seconds / SHARE
    if turn.took is None:
        return min(max(least, now + limit.seconds * _NAP), least + latest)
    return least + min(turn.took - fastest, latest)


class _Kept(BaseModel):
    """What outlives the process. `seconds_left` of the time in which no probing is done."""

    model_config = ConfigDict(allow_inf_nan=False)

    rate: float = Field(gt=0)
    calls: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)
    seconds_left: float = Field(default=0.0, ge=0, le=NO_PROBING)


class Pace:
    """The rate of one credential and kind of call. Moments are seconds of a monotonic clock."""

    def __init__(self, start: float) -> None:
        self._start = start
        self._rate = start
        self._window = Window()
        self._stated: Stated | None = None
        self._stated_until = -math.inf
        self._next = -math.inf
        self._held_until = -math.inf
        self._slowed_at = -math.inf
        self._refused_in_a_row = 0

    @property
    def rate(self) -> float:
        """Calls per second."""
        return self._rate

    def delay(self, now: float) -> float:
        """Seconds until the next call may start; 0 is now."""
        waits = [self._next - now, self._held_until - now]
        if limit := self._limit(now):
            waits.append(self._window.delay(limit, now))
        return max(0.0, *waits)

    def grant(self, now: float) -> Turn:
        """Let a call start. A sleep that ended late is made good by a quarter of a step."""
        step = 1 / self._rate
        turn = Turn(now, busy=now < self._next + step)
        self._next = max(self._next, now - step / 4) + step
        self._window.add(turn)
        return turn

    def drop(self, turn: Turn) -> None:
        """Take back a permission that was never used."""
        self._window.drop(turn)

    def begin(self, turn: Turn, now: float) -> None:
        self._window.begin(turn, now)

    def answered(self, turn: Turn, now: float) -> None:
        """Count a call that was not turned away for its rate."""
        self._end(turn, now)
        self._refused_in_a_row = 0
        if turn.busy:
            self._grow(now)

    def lost(self, turn: Turn) -> None:
        """Count a call of which no answer came, so that it says nothing of how long one takes."""
        turn.took = math.inf

    def refused(
        self, turn: Turn, now: float, stated: Stated | None, retry_after: float | None
    ) -> None:
        """Slow down; of calls that were refused together only the first counts."""
        self._end(turn, now)
        if stated is not None:
            self._stated, self._stated_until = stated, now + NO_PROBING
        if turn.begun is not None and turn.begun >= self._slowed_at:
            self._slowed_at = now
            self._refused_in_a_row += 1
            self._rate = self._slower(stated, retry_after)
        elif stated is not None:
            self._rate = min(self._rate, stated.rate * SHARE)
        hold = self._hold(stated) if retry_after is None else retry_after
        self._held_until = max(self._held_until, now + hold)

    def keep(self, now: float) -> dict[str, Any]:
        """Return what was learned, as JSON."""
        kept = _Kept(rate=self._rate)
        if limit := self._limit(now):
            kept.calls, kept.seconds = limit.calls, limit.seconds
            kept.seconds_left = self._stated_until - now
        return kept.model_dump(exclude_defaults=True)

    def restore(self, kept: Mapping[str, Any], now: float) -> None:
        """Take over what was learned before; what cannot be read is not taken."""
        try:
            found = _Kept.model_validate(kept)
        except ValidationError:
            return
        self._rate = min(found.rate, self._start * _HIGHEST)
        if found.calls and found.seconds:
            self._stated = Stated(found.calls, found.seconds)
            self._stated_until = now + found.seconds_left
            self._rate = min(self._rate, self._stated.rate * SHARE)
        if self._next == -math.inf:  # calls made before the restart are not in the window
            self._next = now + 1 / self._rate if self._limit(now) else now

    def _end(self, turn: Turn, now: float) -> None:
        self._window.ended(turn, now - (now if turn.begun is None else turn.begun))

    def _limit(self, now: float) -> Stated | None:
        return self._stated if now < self._stated_until else None

    def _grow(self, now: float) -> None:
        limit = self._limit(now)
        ceiling = limit.rate * SHARE if limit else self._start * _HIGHEST
        share = self._rate * _RECOVERY if self._rate < self._start else self._start * _PROBE
        self._rate = max(self._rate, min(self._rate + share, ceiling))

    def _slower(self, stated: Stated | None, retry_after: float | None) -> float:
        """A limit we keep to and are refused under is shared with others, so step back a little."""
        if stated is not None and stated.rate * SHARE < self._rate:
            return stated.rate * SHARE
        factor = 0.5 if stated is None and retry_after is None else 0.9
        return min(self._rate, max(self._rate * factor, _SLOWEST))

    def _hold(self, stated: Stated | None) -> float:
        """Seconds of silence after a refusal; the window knows more, if the calls were ours."""
        tries = min(self._refused_in_a_row, 16)
        if stated is None:
            return min(2.0 ** (tries - 1), _LONGEST_HOLD)
        return min(2.0**tries / self._rate, stated.seconds)
