"""What outlives a process of a pace, kept in one record a kind of call by all who call.

Moments are seconds by the clock of the database, the one clock that machines share, so theirs need
not agree. What a process tells is seconds of age, and counts from when it is written down; what it
reads counts from when it has read it. Both make calls look younger than they are, by the
milliseconds that takes, so nobody calls too early. A database's clock that is set back does the
same; one that leaps forward by less than 2 % of a window is harmless, by more it lets the calls of
another process be forgotten so much too early, once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.cph.errors import Stated
from bot.cph.window import stay

NO_PROBING: Final = 600.0  # seconds after a limit was stated
LONGEST_SILENCE: Final = 3600.0  # seconds; no gateway's Retry-After is followed for longer


@dataclass(frozen=True, slots=True)
class News:
    """What one process tells of one kind of call; `order` counts what it told."""

    by: str
    order: int
    rate: float  # calls per second
    limit: Stated | None = None
    left: float = 0.0  # seconds that the limit holds
    silence: float = 0.0  # seconds in which no call may start
    ages: tuple[float, ...] = ()  # seconds since its own calls were counted at the latest


class Kept(BaseModel):
    """The record of one kind of call; `counted` are the calls that still count, by process."""

    model_config = ConfigDict(allow_inf_nan=False)

    rate: float = Field(gt=0)
    by: str = ""  # who kept it last
    order: int = 0
    number: int = 0  # of the record's versions
    at: float = 0.0  # when it was kept
    calls: int = Field(default=0, ge=0, lt=10**9)
    seconds: float = Field(default=0.0, ge=0, lt=10**6 * 86_400)
    until: float = 0.0  # the limit holds
    silence: float = Field(default=0.0, ge=0, le=LONGEST_SILENCE)  # seconds after `at`
    counted: dict[str, list[float]] = {}

    @classmethod
    def read(cls, found: object) -> Self | None:
        """None where it cannot be read."""
        try:
            return cls.model_validate(found)
        except ValidationError:
            return None

    def limit(self, at: float) -> Stated | None:
        there = self.calls and self.seconds and self.until > at
        return Stated(self.calls, self.seconds) if there else None

    def left(self, at: float) -> float:
        """Seconds that the limit holds."""
        return min(max(self.until - at, 0.0), NO_PROBING)

    def silent_for(self, at: float) -> float:
        """Seconds in which no call may start."""
        return max(self.silence - max(at - self.at, 0.0), 0.0)

    def ages_of_others(self, me: str, at: float) -> list[float]:
        """Seconds since the calls of other processes, the youngest first; none lies ahead."""
        moments = (moment for by, made in self.counted.items() if by != me for moment in made)
        return sorted(max(at - moment, 0.0) for moment in moments)


def with_news(news: Mapping[str, News], kept: Mapping[str, Any], at: float) -> dict[str, Any]:
    """All records, with what a process tells of some kinds of call in them."""
    told = {kind: _told(Kept.read(kept.get(kind)), one, at) for kind, one in news.items()}
    return {**kept, **{kind: one.model_dump(exclude_defaults=True) for kind, one in told.items()}}


def _told(before: Kept | None, news: News, at: float) -> Kept:
    """The record with the news.

    What the same process told later stays, and so do a limit that others heard of later and their
    calls.
    """
    if before is None:
        before = Kept(rate=news.rate)
    if before.by == news.by and before.order > news.order:
        return before
    kept = Kept(rate=news.rate, by=news.by, order=news.order, number=before.number + 1, at=at)
    kept.silence = max(news.silence, before.silent_for(at))
    limit, until = news.limit, at + news.left
    if (theirs := before.limit(at)) and before.by != news.by and before.until > until:
        limit, until = theirs, before.until
    if limit is not None:
        kept.calls, kept.seconds, kept.until = limit.calls, limit.seconds, until
        made = {**before.counted, news.by: [round(at - age, 3) for age in news.ages]}
        kept.counted = _still(made, at - stay(limit))
    return kept


def _still(made: Mapping[str, list[float]], since: float) -> dict[str, list[float]]:
    recent = ((by, [one for one in moments if one > since]) for by, moments in made.items())
    return {by: moments for by, moments in recent if moments}
