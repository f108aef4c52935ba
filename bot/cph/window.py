"""Which calls the gateway may still count against a limit. Moments are of a monotonic clock.

The gateway counts calls as they arrive, we see only when each began and ended. A call can have
been counted as late as it took longer than the fastest one, so that much is added to its stay
in the window.
"""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile
from typing import Final

from bot.cph.errors import Stated

SHARE: Final = 0.98  # of a stated limit
_MARGIN: Final = 0.003  # of a window, for two clocks that do not run alike
_UNSURE: Final = 1 / SHARE - 1  # of a window, while few calls have shown how fast one can be
_LATEST: Final = 0.25  # of a window: no call is thought to have been counted later than that
_NAP: Final = 0.02  # of a window, between looks at calls that have not ended
_MEMORY: Final = 75.0  # seconds: a limit by the minute, once stated, also counts calls before it
_SAMPLES: Final = 64


@dataclass(slots=True, eq=False)
class Turn:
    """One call's permission and times; `begun` is None until the call starts."""

    granted: float
    busy: bool = False  # it had to wait for the rate
    begun: float | None = None
    heard_at: float | None = None  # when its answer began, however long that took to read
    took: float | None = None


class Window:
    """The calls that the gateway may still count."""

    def __init__(self) -> None:
        self._given: set[Turn] = set()
        self._begun: deque[Turn] = deque()
        self._theirs: Sequence[Turn] = ()
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
        fastest = min(self._fastest, default=0.0)
        known = len(self._fastest) == _SAMPLES
        length = limit.seconds * (1 + (_MARGIN if known else _UNSURE))
        turns = chain(self._theirs, self._recent(limit, now))
        stays = [_until(turn, limit, length, fastest, now) for turn in turns]
        stays += [now + limit.seconds * _NAP] * len(self._given)  # these may begin at any moment
        stays = sorted(stay for stay in stays if stay > now)
        return stays[-limit.calls] - now if len(stays) >= limit.calls else 0.0

    def counted(self, limit: Stated, now: float) -> list[float]:
        """When our calls were counted at the latest, the oldest first.

        A permission counts as used now.
        No more of them than the limit allows, since the others make no difference.
        """
        fastest = min(self._fastest, default=0.0)
        moments = [
            _start(turn) + _lateness(turn, limit, fastest) for turn in self._recent(limit, now)
        ]
        return sorted(moments + [now] * len(self._given))[-limit.calls :]

    def put_back(self, moments: Sequence[float]) -> None:
        """Count calls that other processes made, instead of any that were put back before."""
        self._theirs = [Turn(moment, begun=moment, took=0.0) for moment in moments]

    def _recent(self, limit: Stated, now: float) -> Iterator[Turn]:
        """Calls that may still count, the newest first."""
        longest = stay(limit)
        self._memory = max(_MEMORY, longest)
        return takewhile(lambda turn: _start(turn) + longest > now, reversed(self._begun))


def stay(limit: Stated) -> float:
    """Seconds after which no call counts any more."""
    return limit.seconds * (1 / SHARE + _LATEST)


def _start(turn: Turn) -> float:
    return -math.inf if turn.begun is None else turn.begun


def _until(turn: Turn, limit: Stated, length: float, fastest: float, now: float) -> float:
    """The last moment at which the gateway may count this call with the next."""
    least = _start(turn) + length
    latest = least + _lateness(turn, limit, fastest)
    if turn.took is None:
        return min(max(least, now + limit.seconds * _NAP), latest)
    return latest


def _lateness(turn: Turn, limit: Stated, fastest: float) -> float:
    """Seconds by which a call may have been counted later than the fastest would have been."""
    latest = limit.seconds * _LATEST
    return latest if turn.took is None else min(max(turn.took - fastest, 0.0), latest)
