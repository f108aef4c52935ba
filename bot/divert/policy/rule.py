"""One rule of the policy: what it is for, and what speaks against a wish in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil, floor

from bot.divert.policy.hours import Hours
from bot.divert.policy.wish import Place, Wish
from bot.divert.selection import matches


class Why(StrEnum):
    """Why a decision is no."""

    BOT = "bot"
    DEACTIVATED = "deactivated"
    GUEST = "guest"
    EXTERNAL = "external"
    DENIED = "denied"
    NO_RULE = "no_rule"
    PROJECT = "project"
    ROUTE = "route"
    CHANNEL = "channel"
    HOURS = "hours"
    SELECTION = "selection"
    SERVERS = "servers"
    TAGS = "tags"
    TOO_FEW = "too_few"
    SHARE = "share"
    TOO_MANY = "too_many"
    OWN_REQUEST = "own_request"
    NOT_APPROVER = "not_approver"
    ALREADY_APPROVED = "already_approved"


@dataclass(frozen=True, slots=True)
class Refused:
    """No, and why, by which rule.

    `limit` is the largest number of phones that would have been allowed, or the smallest; `could`
    are ids of users and groups that may do it.
    """

    why: Why
    limit: int | None = None
    rule: str = ""
    could: tuple[str, ...] = ()


class Effect(StrEnum):
    """What follows where a rule fits. A denying one wins over all others."""

    ALLOW = "allow"
    DENY = "deny"
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True, slots=True)
class Stage:
    """So many people of these roles must approve.

    After `escalate_after` people of the roles in `escalate_to` may as well, and at once where
    there is nobody of the first.
    """

    count: int
    roles: tuple[str, ...]
    escalate_after: timedelta | None = None
    escalate_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What it is for; an empty list of anything means any."""

    name: str
    who: tuple[str, ...] = ()
    effect: Effect = Effect.ALLOW
    projects: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    min_phones: int | None = None
    max_phones: int | None = None
    min_share: float | None = None
    max_share: float | None = None
    hours: Hours | None = None
    approvals: tuple[Stage, ...] = ()
    self_approval: bool = False
    expires: timedelta | None = None

    @property
    def approving_roles(self) -> list[str]:
        return [role for stage in self.approvals for role in stage.roles]

    def speaks_for(self, project: str) -> bool:
        return covers(self.projects, project)

    def is_for(self, roles: frozenset[str]) -> bool:
        return not self.who or not roles.isdisjoint(self.who)

    def against(self, wish: Wish) -> Refused | None:
        """The first thing in the rule that speaks against the wish, whoever has it.

        What nobody has counted yet speaks against nothing.
        """
        for why, holds in self._conditions(wish):
            if holds is False:
                return Refused(why, self._limit(why, wish), self.name)
        return None

    def surely_fits(self, wish: Wish) -> bool:
        """Whether all of it holds for what is known by now."""
        return all(holds for _, holds in self._conditions(wish))

    def _conditions(self, wish: Wish) -> Iterator[tuple[Why, bool | None]]:
        """Whether each holds; None where that cannot be known yet."""
        every = all if self.effect is not Effect.DENY else any  # what is denied is denied in part
        yield Why.PROJECT, self.speaks_for(wish.project)
        yield Why.ROUTE, not self.routes or wish.route in self.routes
        yield Why.CHANNEL, not self.channels or wish.channel in self.channels
        yield Why.HOURS, self.hours is None or self.hours.hold(wish.at)
        kinds = (kind in self.selections for kind in wish.kinds)
        yield Why.SELECTION, not self.selections or every(kinds)
        on_servers = _each_on(wish.extent.places, self.servers)
        yield Why.SERVERS, not self.servers or (None if on_servers is None else every(on_servers))
        tagged = _each_tagged(wish.extent.places, self.tags)
        yield Why.TAGS, not self.tags or (None if tagged is None else every(tagged))
        yield Why.TOO_FEW, _at_least(wish.phones, self.min_phones)
        yield Why.TOO_FEW, _at_least(wish.share, self.min_share)
        yield Why.SHARE, _at_most(wish.share, self.max_share)
        yield Why.TOO_MANY, _at_most(wish.phones, self.max_phones)

    def _limit(self, why: Why, wish: Wish) -> int | None:
        fleet = wish.extent.fleet or 0
        match why:
            case Why.SHARE:
                return floor(_whole(fleet * (self.max_share or 0)))
            case Why.TOO_FEW:
                return max(self.min_phones or 0, ceil(_whole(fleet * (self.min_share or 0))))
            case Why.TOO_MANY:
                return self.max_phones
            case _:
                return None


def _whole(phones: float) -> float:
    """Without what a share of 7 % of 100 has too much."""
    return round(phones, 6)


def covers(projects: tuple[str, ...], project: str) -> bool:
    """Whether what names these projects speaks of this one; naming none means all."""
    return not projects or project in projects


def _at_least(number: float | None, least: float | None) -> bool | None:
    if least is None:
        return True
    return None if number is None else number >= least


def _at_most(number: float | None, most: float | None) -> bool | None:
    if most is None:
        return True
    return None if number is None else number <= most


def _each_on(places: tuple[Place, ...] | None, patterns: Iterable[str]) -> list[bool] | None:
    return None if places is None else [on_server(place, patterns) for place in places]


def _each_tagged(places: tuple[Place, ...] | None, patterns: Iterable[str]) -> list[bool] | None:
    return None if places is None else [has_tag(place, patterns) for place in places]


def on_server(place: Place, patterns: Iterable[str]) -> bool:
    """Whether the server has a name, or the very id, that one of these means."""
    return any(one == place.server or matches(one, place.name) for one in patterns)


def has_tag(place: Place, patterns: Iterable[str]) -> bool:
    return any(matches(one, tag) for one in patterns for tag in place.tags)
