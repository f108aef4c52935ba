"""How fast calls may start, learned from what the gateway refuses. Arithmetic alone: no waiting."""

import math
from dataclasses import replace
from typing import Final

from bot.cph.errors import Stated
from bot.cph.kept import NO_PROBING, Kept, News
from bot.cph.window import SHARE, Turn, Window

_LONGEST_HOLD: Final = 30.0  # seconds, where the gateway names neither limit nor Retry-After
_SLOWEST: Final = 1 / 60  # calls per second
_RECOVERY: Final = 0.02  # of the rate, for each success below the start
_PROBE: Final = 0.001  # of the start, for each success above it
_HIGHEST: Final = 10.0  # times the start
_WORTH_TELLING: Final = 0.1  # of the rate that was told last


class Pace:
    """The rate of one credential and kind of call. Moments are seconds of a monotonic clock."""

    def __init__(self, start: float, me: str = "") -> None:
        self._me = me  # the process
        self._start = start
        self._rate = start
        self._window = Window()
        self._stated: Stated | None = None
        self._stated_until = -math.inf
        self._next = -math.inf
        self._held_until = -math.inf
        self._slowed_at = -math.inf
        self._refused_in_a_row = 0
        self._is_new = True  # no call was granted yet
        self._known = -1  # the version of the record that was taken over
        self._orders = 0
        self._told = start  # the rate that others can know
        self._has_news = False  # beside the rate

    @property
    def rate(self) -> float:
        """Calls per second."""
        return self._rate

    def limit(self, now: float) -> Stated | None:
        """Return the limit that was stated, while it holds."""
        return self._stated if now < self._stated_until else None

    def delay(self, now: float) -> float:
        """Seconds until the next call may start; 0 is now."""
        waits = [self._next - now, self._held_until - now]
        if limit := self.limit(now):
            waits.append(self._window.delay(limit, now))
        return max(0.0, *waits)

    def grant(self, now: float) -> Turn:
        """Let a call start. A sleep that ended late is made good by a quarter of a step.

        Where a limit is stated by a quarter of its window, which lets no call start too early.
        """
        step, limit = 1 / self._rate, self.limit(now)
        turn = Turn(now, busy=now < self._next + step)
        made_good = (limit.seconds if limit else step) / 4
        self._next = max(self._next, now - made_good) + step
        self._window.add(turn)
        self._is_new = False
        return turn

    def drop(self, turn: Turn) -> None:
        """Take back a permission that was never used."""
        self._window.drop(turn)
        self._has_news = True

    def begin(self, turn: Turn, now: float) -> None:
        self._window.begin(turn, now)
        self._has_news = True

    def answered(self, turn: Turn, now: float) -> None:
        """Count a call that was not turned away for its rate."""
        self._end(turn, now)
        self._refused_in_a_row = 0
        if turn.busy:
            self._grow(now)

    def lost(self, turn: Turn) -> None:
        """Count a call of which no answer came, so that it says nothing of how long one takes."""
        turn.took = math.inf
        self._has_news = True

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

    def news(self, now: float) -> News | None:
        """What was learned or called since it was told last.

        Of calls, what matters to others: those under a stated limit, and that one was refused.
        """
        limit, silence = self.limit(now), max(self._held_until - now, 0.0)
        changed = abs(self._rate - self._told) > _WORTH_TELLING * self._told
        if not changed and not (self._has_news and (limit or silence)):
            return None
        self._told, self._has_news = self._rate, False
        self._orders += 1
        news = News(self._me, self._orders, self._rate, silence=silence)
        if limit is None:
            return news
        ages = tuple(now - moment for moment in self._window.counted(limit, now))
        return replace(news, limit=limit, left=self._stated_until - now, ages=ages)

    def restore(self, kept: Kept, now: float, at: float) -> None:
        """Take over what was kept since, and count the calls of others.

        `at` is the database's time when it was read.
        """
        if kept.number <= self._known:
            return  # or a later one was read meanwhile
        self._known = kept.number
        if kept.by != self._me:
            self._rate = self._told = min(max(kept.rate, _SLOWEST), self._start * _HIGHEST)
        if (limit := kept.limit(at)) and now + kept.left(at) > self._stated_until:
            self._stated, self._stated_until = limit, now + kept.left(at)
        if limit := self.limit(now):
            self._rate = min(self._rate, limit.rate * SHARE)
        self._held_until = max(self._held_until, now + kept.silent_for(at))
        self._count_others(kept, now, at)

    def _count_others(self, kept: Kept, now: float, at: float) -> None:
        """As many as matter; one that was killed may have made more than it kept: leave a step."""
        ages = kept.ages_of_others(self._me, at)
        self._window.put_back([now - age for age in ages[: kept.calls]])
        if self._is_new and kept.by != self._me and self.limit(now):
            self._next = max(self._next, now + 1 / self._rate)

    def _end(self, turn: Turn, now: float) -> None:
        heard_at = now if turn.heard_at is None else turn.heard_at
        self._window.ended(turn, heard_at - (heard_at if turn.begun is None else turn.begun))
        self._has_news = True

    def _grow(self, now: float) -> None:
        limit = self.limit(now)
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
