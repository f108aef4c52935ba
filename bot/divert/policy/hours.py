"""Hours of the week in one zone, by the clock on its walls."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_MIDNIGHT: Final = 24 * 60  # minutes
_SPAN: Final = re.compile(r"(?:([a-z,-]+) )?(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Span:
    """From one minute of these days to another; one that is not later is of the next day."""

    days: frozenset[int]  # 0 is Monday
    start: int  # minutes since midnight
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.start if self.end > self.start else self.end - self.start + _MIDNIGHT


@dataclass(frozen=True, slots=True)
class Hours:
    """Some spans of every week."""

    spans: tuple[Span, ...]
    zone: str = "UTC"

    def hold(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self._around(at))

    def end(self, at: datetime) -> datetime | None:
        """When they end that hold at this moment; None where they hold all week."""
        until = at
        while until - at <= _WEEK * _DAY:
            later = max(
                (end for start, end in self._around(until) if start <= until < end), default=None
            )
            if later is None:
                return until
            until = later
        return None

    def _around(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans that begin on this day or the one before it."""
        today = at.astimezone(ZoneInfo(self.zone)).date()
        for date in (today - _DAY, today):
            for span in self.spans:
                if date.weekday() in span.days:
                    start = datetime.combine(date, time(), ZoneInfo(self.zone))
                    yield _wall(start, span.start), _wall(start, span.start + span.minutes)


def _wall(midnight: datetime, minutes: int) -> datetime:
    """That many minutes later on the wall's clock, as a moment all zones agree on."""
    return (midnight + timedelta(minutes=minutes)).astimezone(UTC)


def read_span(text: str) -> Span:
    """Read "Mon-Fri 08:00-18:00", "Sat,Sun 00:00-24:00" or "22:00-06:00".

    Raises:
        ValueError: it is none; the reason says how one looks.
    """
    match = _SPAN.fullmatch(" ".join(text.lower().split()))
    if match is None:
        raise ValueError(f'{text!r} are no hours; write them like "Mon-Fri 08:00-18:00"')
    start, end = _minutes(match[2], match[3], text), _minutes(match[4], match[5], text)
    return Span(_days(match[1] or "mon-sun", text), start % _MIDNIGHT, end)


def _minutes(hour: str, minute: str, text: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) >= 60 or minutes > _MIDNIGHT:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(f"{text!r}: a day has no {hour}:{minute}")
    return minutes


def _days(names: str, text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in names.split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(
                f"{text!r}: {part!r} is no day; days are Mon, Tue, Wed, Thu, Fri, Sat, Sun"
            )
        start = DAYS.index(first)
        length = (DAYS.index(last) - start) % _WEEK if dash else 0
        found |= {(start + n) % _WEEK for n in range(length + 1)}
    return frozenset(found)
