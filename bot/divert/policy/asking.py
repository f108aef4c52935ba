"""Who may ask for what, look at what, and run at once: by which rule, and else why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.divert.policy.person import Person, unfit
from bot.divert.policy.policy import Policy
from bot.divert.policy.rule import Effect, Refused, Rule, Why
from bot.divert.policy.wish import Wish


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes, by this rule."""

    rule: Rule


Decision = Allowed | Refused


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule beside a wish: why it does not fit, or None where it does."""

    rule: Rule
    against: Refused | None


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision, and every rule that was held against the wish for it."""

    decision: Decision
    judged: tuple[Judged, ...]


def may_ask(policy: Policy, person: Person, wish: Wish) -> Decision:
    """Decide by the first rule that allows, unless one denies; a refusal names what is closest."""
    return _decide(policy, person, wish, Effect.ALLOW)


def may_break_glass(policy: Policy, person: Person, wish: Wish) -> Decision:
    """Whether this person may have it run at once without approval; what is denied stays so."""
    return _decide(policy, person, wish, Effect.BREAK_GLASS)


def explain(policy: Policy, person: Person, wish: Wish) -> Explained:
    """Decide as `may_ask` does, and say of every rule why it does not fit."""
    roles = policy.roles_of(person)
    judged = tuple(Judged(rule, _against(rule, roles, wish)) for rule in policy.rules)
    return Explained(may_ask(policy, person, wish), judged)


def who_could(policy: Policy, wish: Wish) -> tuple[str, ...]:
    """The ids of users and groups that may ask for exactly this; none where it is denied to all."""
    denying = [rule for rule in _with(policy, Effect.DENY) if rule.surely_fits(wish)]
    if any(not rule.who for rule in denying):
        return ()
    denied = policy.members([role for rule in denying for role in rule.who])
    fitting = (rule for rule in _with(policy, Effect.ALLOW) if rule.against(wish) is None)
    allowed = policy.members([role for rule in fitting for role in rule.who])
    return tuple(sorted(allowed - denied))


def may_look(policy: Policy, person: Person, project: str) -> Decision:
    """Whoever may ask for something in a project, or approve it, may see what is where in it."""
    if (why := unfit(person)) is not None:
        return Refused(why)
    roles = policy.roles_of(person)
    here = [rule for rule in _with(policy, Effect.ALLOW) if rule.speaks_for(project)]
    for rule in here:
        if rule.is_for(roles) or not roles.isdisjoint(rule.approving_roles):
            return Allowed(rule)
    return Refused(Why.NO_RULE if here else Why.PROJECT)


def _decide(policy: Policy, person: Person, wish: Wish, effect: Effect) -> Decision:
    if (why := unfit(person)) is not None:
        return Refused(why)
    roles = policy.roles_of(person)
    for rule in _with(policy, Effect.DENY):
        if rule.is_for(roles) and rule.surely_fits(wish):
            return Refused(Why.DENIED, rule=rule.name)
    refusals = []
    for rule in _with(policy, effect):
        refusal = _against(rule, roles, wish)
        if refusal is None:
            return Allowed(rule)
        refusals.append(refusal)
    return _closest(refusals)


def _with(policy: Policy, effect: Effect) -> Iterator[Rule]:
    return (rule for rule in policy.rules if rule.effect is effect)


def _against(rule: Rule, roles: frozenset[str], wish: Wish) -> Refused | None:
    if not rule.is_for(roles):
        return Refused(Why.NO_RULE, rule=rule.name)
    return rule.against(wish)


_ORDER: Final = tuple(Why)  # a rule's conditions stand in it as they are held against a wish


def _closest(refusals: Sequence[Refused]) -> Refused:
    """The refusal that got furthest through its rule; of limits, the largest.

    Where no rule is for the person, none is named: there is nothing that they could mend.
    """
    furthest = max(
        refusals,
        key=lambda refusal: (_ORDER.index(refusal.why), refusal.limit or 0),
        default=Refused(Why.NO_RULE),
    )
    return replace(furthest, rule="") if furthest.why is Why.NO_RULE else furthest
