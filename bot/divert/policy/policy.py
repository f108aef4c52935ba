"""All rules of a team, and what applies beside them."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from bot.divert.policy.hours import Hours
from bot.divert.policy.person import Person, unfit
from bot.divert.policy.rule import Effect, Rule, Stage, covers, has_tag, on_server
from bot.divert.policy.wish import Wish

VERSION_LENGTH: Final = 12  # hex digits


@dataclass(frozen=True, slots=True)
class Protected:
    """Servers that need more: these approvals come on top of the rule's."""

    servers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    approvals: tuple[Stage, ...] = ()

    def touched_by(self, wish: Wish) -> bool:
        """Whether any phone is on such a server; nothing is while the servers are not known."""
        if not covers(self.projects, wish.project):
            return False
        places = wish.extent.places or ()
        return any(on_server(one, self.servers) or has_tag(one, self.tags) for one in places)


@dataclass(frozen=True, slots=True)
class Freeze:
    """When nothing is sent: once, or in some hours of every week."""

    name: str
    projects: tuple[str, ...] = ()
    start: datetime | None = None
    until: datetime | None = None
    hours: Hours | None = None

    def holds(self, project: str, at: datetime) -> bool:
        if not covers(self.projects, project):
            return False
        if (self.start and at < self.start) or (self.until and at >= self.until):
            return False
        return self.hours is None or self.hours.hold(at)

    def ends(self, at: datetime) -> datetime | None:
        """When it ends that holds at this moment; None where it has no end."""
        ends = [self.until, self.hours.end(at) if self.hours else None]
        return min((end for end in ends if end is not None), default=None)


@dataclass(frozen=True, slots=True)
class Approving:
    """How approvals are asked for. `type_above` so many phones their number is to be typed."""

    direct: bool = False  # approvers are written to, and not mentioned on the card
    remind: timedelta | None = None  # until the first reminder; each next one takes twice as long
    type_above: int | None = None

    def types(self, phones: int) -> bool:
        """Whether so many are approved only with their number typed."""
        return self.type_above is not None and phones > self.type_above


@dataclass(frozen=True)
class Policy:
    """Roles are lists of user ids and user group ids."""

    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    protected: tuple[Protected, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    operators: tuple[str, ...] = ()  # roles that may pause and resume
    approving: Approving = Approving()

    @cached_property
    def version(self) -> str:
        """The same for the same policy, in every process."""
        told = json.dumps(asdict(self), default=_plain, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:VERSION_LENGTH]

    def roles_of(self, person: Person) -> frozenset[str]:
        own = person.groups | {person.id}
        return frozenset(role for role, members in self.roles.items() if members & own)

    def rule_named(self, name: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.name == name), None)

    def members(self, roles: Sequence[str]) -> frozenset[str]:
        """User ids and user group ids."""
        return frozenset[str]().union(*(self.roles.get(role, frozenset()) for role in roles))

    def groups(self) -> frozenset[str]:
        """The user groups that any role names: the only ones worth looking up."""
        return frozenset(name for ids in self.roles.values() for name in ids if name[:1] == "S")

    def freeze(self, project: str, at: datetime) -> Freeze | None:
        """The freeze that holds in a project; of several the one that ends last."""
        found = [one for one in self.freezes if one.holds(project, at)]
        return max(found, key=lambda one: _late(one.ends(at)), default=None)

    def reviewers(self, project: str) -> frozenset[str]:
        """Who may review what ran without approval: operators, and who could have approved."""
        return self.members(self.judges(project))

    def judges(self, project: str) -> tuple[str, ...]:
        """The roles of operators, and of all who may approve anything in a project."""
        roles = (role for rule in self._rules(project) for role in rule.approving_roles)
        return tuple(dict.fromkeys((*self.operators, *roles)))

    def glass_breakers(self, project: str) -> tuple[str, ...]:
        """The roles that may have something run at once without approval in a project."""
        rules = (rule for rule in self._rules(project) if rule.effect is Effect.BREAK_GLASS)
        return tuple(dict.fromkeys(role for rule in rules for role in rule.who))

    def may_review(self, person: Person, project: str) -> bool:
        return bool(self.reviewers(project) & (person.groups | {person.id}))

    def may_operate(self, person: Person) -> bool:
        return unfit(person) is None and bool(self.roles_of(person) & set(self.operators))

    def stages(self, rule: Rule, wish: Wish) -> tuple[Stage, ...]:
        """What must be approved of a wish that the rule allows."""
        extra = (one.approvals for one in self.protected if one.touched_by(wish))
        return rule.approvals + tuple(stage for stages in extra for stage in stages)

    def protected_in(self, project: str) -> list[Protected]:
        return [one for one in self.protected if covers(one.projects, project)]

    def speaks_of_shares(self, project: str) -> bool:
        shares = (one for rule in self._rules(project) for one in (rule.min_share, rule.max_share))
        return any(share is not None for share in shares)

    def speaks_of_servers(self, project: str) -> bool:
        return any(one.servers or one.tags for one in self._with_servers(project))

    def tag_keys(self, project: str) -> frozenset[str]:
        """The keys of the tags that make a difference in a project."""
        tags = (tag for one in self._with_servers(project) for tag in one.tags)
        return frozenset(tag.partition("=")[0] for tag in tags)

    def _with_servers(self, project: str) -> Iterator[Rule | Protected]:
        yield from self._rules(project)
        yield from self.protected_in(project)

    def _rules(self, project: str) -> Iterator[Rule]:
        return (rule for rule in self.rules if rule.speaks_for(project))


def _late(end: datetime | None) -> float:
    return end.timestamp() if end is not None else float("inf")


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)
