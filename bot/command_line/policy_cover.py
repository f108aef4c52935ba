"""Whether a rule of the policy leaves another one nothing to decide.

Said only where it is certain; of rules with hours in different zones, for one, it never is.
"""

from collections.abc import Collection, Iterable
from typing import Final

from bot.divert.policy import Hours, Policy, Rule
from bot.divert.policy.hours import DAYS
from bot.divert.selection import matches

_DAY: Final = 24 * 60  # minutes
_WEEK: Final = len(DAYS) * _DAY


def covers(policy: Policy, wide: Rule, narrow: Rule) -> bool:
    """Whether everything that fits the narrow rule fits the wide one too."""
    return (
        _who_covered(policy, wide, narrow)
        and _lists_covered(wide, narrow)
        and _patterns_covered(wide.servers, narrow.servers)
        and _patterns_covered(wide.tags, narrow.tags)
        and _sizes_covered(wide, narrow)
        and hours_covered(wide.hours, narrow.hours)
    )


def _who_covered(policy: Policy, wide: Rule, narrow: Rule) -> bool:
    if not wide.who:
        return True
    return bool(narrow.who) and policy.members(narrow.who) <= policy.members(wide.who)


def _lists_covered(wide: Rule, narrow: Rule) -> bool:
    return all(
        _some_or_any(of_wide, of_narrow)
        for of_wide, of_narrow in (
            (wide.projects, narrow.projects),
            (wide.routes, narrow.routes),
            (wide.channels, narrow.channels),
            (wide.selections, narrow.selections),
        )
    )


def _some_or_any(wide: Collection[str], narrow: Collection[str]) -> bool:
    """An empty list means any."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _patterns_covered(wide: Iterable[str], narrow: Collection[str]) -> bool:
    """A pattern read as a name is matched where all that it matches is: `*` then takes its `*`."""
    wide = tuple(wide)
    if not wide:
        return True
    return bool(narrow) and all(any(matches(one, name) for one in wide) for name in narrow)


def _sizes_covered(wide: Rule, narrow: Rule) -> bool:
    return (
        _from_covered(wide.min_phones, narrow.min_phones)
        and _from_covered(wide.min_share, narrow.min_share)
        and _up_to_covered(wide.max_phones, narrow.max_phones)
        and _up_to_covered(wide.max_share, narrow.max_share)
    )


def _from_covered(wide: float | None, narrow: float | None) -> bool:
    return wide is None or (narrow is not None and wide <= narrow)


def _up_to_covered(wide: float | None, narrow: float | None) -> bool:
    return wide is None or (narrow is not None and narrow <= wide)


def hours_covered(wide: Hours | None, narrow: Hours | None) -> bool:
    if wide is None or minutes(wide) == set(range(_WEEK)):
        return True
    return narrow is not None and wide.zone == narrow.zone and minutes(narrow) <= minutes(wide)


def minutes(hours: Hours) -> set[int]:
    """The minutes of a week, from Monday on, in which they hold."""
    return {
        (day * _DAY + span.start + minute) % _WEEK
        for span in hours.spans
        for day in span.days
        for minute in range(span.minutes)
    }
