"""Who may ask for what, and who must agree. No rule that allows means refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.divert.phones import Route


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user as the workspace knows them now, with the user groups they are in."""

    id: str
    team: str = ""
    groups: frozenset[str] = frozenset()
    bot: bool = False
    deactivated: bool = False
    guest: bool = False
    external: bool = False
    locale: str = ""


class Why(StrEnum):
    """Why a decision is no."""

    BOT = "bot"
    DEACTIVATED = "deactivated"
    GUEST = "guest"
    EXTERNAL = "external"
    NO_RULE = "no_rule"
    TOO_MANY = "too_many"
    CHANNEL = "channel"
    ROUTE = "route"
    PROJECT = "project"
    OWN_REQUEST = "own_request"
    NOT_APPROVER = "not_approver"
    ALREADY_APPROVED = "already_approved"


@dataclass(frozen=True, slots=True)
class Refused:
    """No, and why; `limit` is the largest number of phones that would have been allowed."""

    why: Why
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for; `phones` is None while nobody has counted."""

    project: str
    route: Route
    channel: str
    phones: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """So many people of these roles must approve."""

    count: int
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What it allows; an empty list of anything means any."""

    name: str
    who: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    max_phones: int | None = None
    approvals: tuple[Stage, ...] = ()
    self_approval: bool = False

    @property
    def approving_roles(self) -> list[str]:
        return [role for stage in self.approvals for role in stage.roles]

    def against(self, wish: Wish) -> Refused | None:
        """The first thing in the rule that speaks against the wish, whoever has it."""
        if self.projects and wish.project not in self.projects:
            return Refused(Why.PROJECT)
        if self.routes and wish.route not in self.routes:
            return Refused(Why.ROUTE)
        if self.channels and wish.channel not in self.channels:
            return Refused(Why.CHANNEL)
        if self.max_phones is not None and (wish.phones or 0) > self.max_phones:
            return Refused(Why.TOO_MANY, self.max_phones)
        return None


@dataclass(frozen=True, slots=True)
class Policy:
    """Roles are lists of user ids and user group ids."""

    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def roles_of(self, person: Person) -> frozenset[str]:
        own = person.groups | {person.id}
        return frozenset(role for role, members in self.roles.items() if members & own)

    def rule_named(self, name: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.name == name), None)

    def members(self, roles: Sequence[str]) -> frozenset[str]:
        return frozenset[str]().union(*(self.roles.get(role, frozenset()) for role in roles))

    def groups(self) -> frozenset[str]:
        """The user groups that any role names: the only ones worth looking up."""
        return frozenset(name for ids in self.roles.values() for name in ids if name[:1] == "S")


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes, by this rule."""

    rule: Rule


Decision = Allowed | Refused


def may_ask(policy: Policy, person: Person, wish: Wish) -> Decision:
    """Decide by the first rule that allows; a refusal names what came closest."""
    unfit = _unfit(person)
    if unfit is not None:
        return Refused(unfit)
    refusals = []
    for rule in policy.rules:
        refusal = _against(rule, policy.roles_of(person), wish)
        if refusal is None:
            return Allowed(rule)
        refusals.append(refusal)
    return _closest(refusals)


def may_approve(
    policy: Policy, rule: Rule, person: Person, requester: str, approved: Sequence[Person]
) -> Decision:
    """Whether this person's approval counts, after those who approved already."""
    unfit = _unfit(person)
    if unfit is not None:
        return Refused(unfit)
    if person.id == requester and not rule.self_approval:
        return Refused(Why.OWN_REQUEST)
    if any(person.id == other.id for other in approved):
        return Refused(Why.ALREADY_APPROVED)
    if not any(policy.roles_of(person) & set(stage.roles) for stage in rule.approvals):
        return Refused(Why.NOT_APPROVER)
    return Allowed(rule)


def missing(policy: Policy, rule: Rule, approved: Sequence[Person]) -> tuple[Stage, ...]:
    """What is still to be approved, one person counting for one stage only."""
    left = list(approved)
    open_stages = []
    for stage in rule.approvals:
        fitting = [person for person in left if policy.roles_of(person) & set(stage.roles)]
        used = fitting[: stage.count]
        left = [person for person in left if person not in used]
        if len(used) < stage.count:
            open_stages.append(Stage(stage.count - len(used), stage.roles))
    return tuple(open_stages)


def _unfit(person: Person) -> Why | None:
    checks = (
        (person.bot, Why.BOT),
        (person.deactivated, Why.DEACTIVATED),
        (person.external, Why.EXTERNAL),
        (person.guest, Why.GUEST),
    )
    return next((why for holds, why in checks if holds), None)


def _against(rule: Rule, roles: frozenset[str], wish: Wish) -> Refused | None:
    if rule.who and not roles & set(rule.who):
        return Refused(Why.NO_RULE)
    return rule.against(wish)


_DISTANCE = (Why.TOO_MANY, Why.CHANNEL, Why.ROUTE, Why.PROJECT, Why.NO_RULE)


def _closest(refusals: Sequence[Refused]) -> Refused:
    """The refusal that got furthest through its rule; of limits, the largest."""
    return min(
        refusals,
        key=lambda refusal: (_DISTANCE.index(refusal.why), -(refusal.limit or 0)),
        default=Refused(Why.NO_RULE),
    )
