"""What is in order in a policy, and yet cannot be what was meant."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from bot.command_line.policy_cover import covers, hours_covered
from bot.divert.phones import Route
from bot.divert.policy import (
    Effect,
    Freeze,
    Hours,
    Person,
    Policy,
    Protected,
    Rule,
    Stage,
    Wish,
)
from bot.divert.policy.approving import Needed
from bot.divert.policy.written import written_duration

_NOTHING: Final = Wish("", Route.DIRECT, "", datetime.min.replace(tzinfo=UTC))


def warnings(policy: Policy, at: datetime, expires: timedelta) -> Iterator[str]:
    """One line each; `expires` is how long a request waits where its rule does not say."""
    yield from _empty_roles(policy)
    for number, rule in enumerate(policy.rules):
        named = f"rule {rule.name!r}"
        never = _never(policy, number, rule)
        if never:
            yield f"{named} can never match: {never}"
        else:
            yield from (f"{named} {line}" for line in _stages(policy, rule, expires))
    for number, protected in enumerate(policy.protected):
        lines = _stages(policy, protected, expires)
        yield from (f"protected.{number} {line}" for line in lines)
    yield from _freezes(policy, at)


def _empty_roles(policy: Policy) -> Iterator[str]:
    """Roles that are asked for and that nobody is in."""
    asked = chain(
        (stage for rule in policy.rules for stage in rule.approvals),
        (stage for one in policy.protected for stage in one.approvals),
    )
    approving = (role for stage in asked for role in (*stage.roles, *stage.escalate_to))
    asking = (role for rule in policy.rules for role in rule.who)
    for role in dict.fromkeys([*asking, *approving, *policy.operators]):
        if not policy.roles[role]:
            yield f"role {role!r} has no members"


def _never(policy: Policy, number: int, rule: Rule) -> str:
    """Why nothing can ever fit a rule; empty where something may."""
    if rule.who and not policy.members(rule.who):
        return "nobody is in its roles"
    for least, most in (("min_phones", "max_phones"), ("min_share", "max_share")):
        if _above(getattr(rule, least), getattr(rule, most)):
            return f"{least} is above {most}"
    if freeze := _frozen_whole(policy, rule):
        return f"all its hours are in the freeze {freeze.name!r}"
    if (before := _covering(policy, rule, policy.rules[:number], rule.effect)) is not None:
        return f"all that fits it fits the rule {before.name!r} before it"
    if rule.effect is Effect.DENY:
        return ""
    denying = _covering(policy, rule, policy.rules, Effect.DENY)
    return f"all that fits it is denied by the rule {denying.name!r}" if denying else ""


def _above(least: float | None, most: float | None) -> bool:
    return least is not None and most is not None and least > most


def _covering(policy: Policy, rule: Rule, others: Iterable[Rule], effect: Effect) -> Rule | None:
    found = (one for one in others if one.effect is effect and covers(policy, one, rule))
    return next(found, None)


def _frozen_whole(policy: Policy, rule: Rule) -> Freeze | None:
    """The freeze of every week in which all hours of a rule lie."""
    if rule.effect is not Effect.ALLOW:
        return None
    weekly = (one for one in policy.freezes if one.start is None and one.until is None)
    return next((one for one in weekly if _is_frozen(one, rule.hours, rule.projects)), None)


def _is_frozen(freeze: Freeze, hours: Hours | None, projects: tuple[str, ...]) -> bool:
    is_here = not freeze.projects or (bool(projects) and set(projects) <= set(freeze.projects))
    return is_here and hours_covered(freeze.hours, hours)


def _stages(policy: Policy, one: Rule | Protected, expires: timedelta) -> Iterator[str]:
    """Approvals that cannot be given, or not in time."""
    stages = tuple(_widest(stage) for stage in one.approvals)
    if (lacking := _lacking(policy, stages)) > 0:
        total = sum(stage.count for stage in stages)
        yield f"needs more people than its roles have: {lacking} of {total} approvals nobody gives"
    patience = one.expires or expires if isinstance(one, Rule) else expires
    for stage in one.approvals:
        if stage.escalate_after is not None and stage.escalate_after >= patience:
            after = written_duration(stage.escalate_after)
            yield f"escalates only after {after}, when a request has expired"


def _widest(stage: Stage) -> Stage:
    return Stage(stage.count, (*stage.roles, *stage.escalate_to))


def _lacking(policy: Policy, stages: tuple[Stage, ...]) -> int:
    """Approvals that would lack if all members gave theirs; a user group may have any number."""
    members = policy.members([role for stage in stages for role in stage.roles])
    known = tuple(
        stage for stage in stages if not any(one[:1] == "S" for one in policy.members(stage.roles))
    )
    everybody = [Person(one) for one in sorted(members)]
    asked = Needed(policy, Rule("any", self_approval=True), known, requester="", wish=_NOTHING)
    return sum(asked.left(everybody))


def _freezes(policy: Policy, at: datetime) -> Iterator[str]:
    for freeze in policy.freezes:
        if freeze.until is not None and freeze.until <= at:
            yield f"freeze {freeze.name!r} is over since {freeze.until:%Y-%m-%d %H:%M %Z}"
        elif freeze.start is None and freeze.until is None and hours_covered(freeze.hours, None):
            yield f"freeze {freeze.name!r} never ends"
