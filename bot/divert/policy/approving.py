"""Who may approve, and what is still to be approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.divert.policy.asking import Allowed, Decision
from bot.divert.policy.person import Person, unfit
from bot.divert.policy.policy import Policy
from bot.divert.policy.rule import Refused, Rule, Stage, Why
from bot.divert.policy.wish import Wish


@dataclass(frozen=True, slots=True)
class Needed:
    """What must be approved of one request now, and by whom."""

    policy: Policy
    rule: Rule
    stages: tuple[Stage, ...]  # with all roles that may approve them now
    requester: str
    wish: Wish

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(role for stage in self.stages for role in stage.roles))

    def may_approve(self, person: Person, approved: Sequence[Person]) -> Decision:
        """Whether this person's approval counts, after those who approved already."""
        if (why := unfit(person)) is not None:
            return Refused(why)
        if person.id == self.requester and not self.rule.self_approval:
            return Refused(Why.OWN_REQUEST, rule=self.rule.name)
        if any(person.id == other.id for other in approved):
            return Refused(Why.ALREADY_APPROVED, rule=self.rule.name)
        if not self.policy.roles_of(person) & set(self.roles) or self._adds_nothing(
            person, approved
        ):
            return Refused(Why.NOT_APPROVER, rule=self.rule.name)
        return Allowed(self.rule)

    def _adds_nothing(self, person: Person, approved: Sequence[Person]) -> bool:
        """Whether what this person could approve is approved already, and something else is not."""
        left = sum(self.left(approved))
        return left > 0 and sum(self.left([*approved, person])) == left

    def open_roles(self, approved: Sequence[Person]) -> tuple[str, ...]:
        """Whose approvals are still needed."""
        stages = zip(self.left(approved), self.stages, strict=True)
        roles = (role for left, stage in stages if left for role in stage.roles)
        return tuple(dict.fromkeys(roles))

    def left(self, approved: Sequence[Person]) -> tuple[int, ...]:
        """How many approvals each stage still lacks.

        Each person counts for one stage, whichever leaves least open; who may do nothing here any
        more, or is no longer in the role, for none.
        """
        places = [number for number, stage in enumerate(self.stages) for _ in range(stage.count)]
        fits = {one.id: self._fitting(one, places) for one in approved if unfit(one) is None}
        taken: dict[int, str] = {}
        for name in fits:
            _seat(name, fits, taken, set())
        untaken = [number for place, number in enumerate(places) if place not in taken]
        return tuple(untaken.count(number) for number, _ in enumerate(self.stages))

    def _fitting(self, person: Person, places: Sequence[int]) -> list[int]:
        own = self.policy.roles_of(person)
        return [n for n, stage in enumerate(places) if own & set(self.stages[stage].roles)]


def reachable(
    policy: Policy, stages: Sequence[Stage], waited: timedelta, short: Sequence[int]
) -> tuple[Stage, ...]:
    """The stages with all roles that may approve them now.

    `waited` is how long they have been open; `short` are the numbers of those, from 0, that have
    too few people of their own: they are escalated at once, to the operators where the policy
    names nobody else.
    """
    return tuple(
        replace(stage, roles=tuple(dict.fromkeys((*stage.roles, *more))))
        for number, stage in enumerate(stages)
        for more in [_escalated(policy, stage, waited, is_short=number in short)]
    )


def _escalated(
    policy: Policy, stage: Stage, waited: timedelta, *, is_short: bool
) -> tuple[str, ...]:
    if is_short:
        return stage.escalate_to or policy.operators
    is_due = stage.escalate_after is not None and waited >= stage.escalate_after
    return stage.escalate_to if is_due else ()


def _seat(name: str, fits: Mapping[str, list[int]], taken: dict[int, str], tried: set[int]) -> bool:
    """Give a person a place, moving others to another one where that helps (Kuhn's algorithm)."""
    for place in fits[name]:
        if place in tried:
            continue
        tried.add(place)
        if place not in taken or _seat(taken[place], fits, taken, tried):
            taken[place] = name
            return True
    return False
