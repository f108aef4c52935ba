"""Parts of the policy as its file has them, for people to recognise."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Final

from bot.divert.policy.hours import DAYS, Hours, Span

_UNITS: Final = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def written_duration(duration: timedelta) -> str:
    """In the largest unit that it is a whole number of: `90m`, `2h`, `1.5s`."""
    seconds = duration.total_seconds()
    fitting = (f"{seconds / size:.0f}{unit}" for unit, size in _UNITS if not seconds % size)
    return next(fitting, f"{seconds:.3f}".rstrip("0").rstrip(".") + "s")


def written_hours(hours: Hours) -> str:
    """Such as `Mon-Fri 08:00-18:00, Sat 10:00-12:00 Europe/Berlin`."""
    return f"{', '.join(map(written_span, hours.spans))} {hours.zone}"


def written_span(span: Span) -> str:
    times = f"{_time(span.start)}-{_time(span.end)}"
    return times if len(span.days) == len(DAYS) else f"{_days(span.days)} {times}"


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days(days: Iterable[int]) -> str:
    """Days in a row as `Mon-Fri`, others one by one."""
    runs = (
        [day for _, day in run]
        for _, run in groupby(enumerate(sorted(days)), lambda pair: pair[1] - pair[0])
    )
    return ",".join(
        _day(run[0]) if len(run) == 1 else f"{_day(run[0])}-{_day(run[-1])}" for run in runs
    )


def _day(number: int) -> str:
    return DAYS[number].capitalize()
