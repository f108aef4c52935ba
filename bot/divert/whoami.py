"""`/cph whoami`: what one person may do in a project, as the policy has it now."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.divert.policy import (
    Allowed,
    Effect,
    Person,
    Policy,
    Protected,
    Refused,
    Rule,
    may_look,
    unfit,
)
from bot.divert.sentence import Sentence
from bot.divert.wording import Words


@dataclass(frozen=True, slots=True)
class Powers:
    """What the policy lets a person do in a project."""

    policy: Policy
    person: Person
    project: str

    @property
    def roles(self) -> frozenset[str]:
        return self.policy.roles_of(self.person)

    def rules(self, effect: Effect) -> list[Rule]:
        """Those for this person here; where and when they hold stands in them."""
        return [rule for rule in self._here(effect) if rule.is_for(self.roles)]

    def approves(self) -> list[str]:
        """The rules by whose requests this person's approval counts, now or after some time."""
        return [rule.name for rule in self._here(Effect.ALLOW) if self._is_asked(rule)]

    def approves_protected(self) -> bool:
        return any(map(self._is_asked, self.policy.protected_in(self.project)))

    def _here(self, effect: Effect) -> Iterator[Rule]:
        rules = (rule for rule in self.policy.rules if rule.effect is effect)
        return (rule for rule in rules if rule.speaks_for(self.project))

    def _is_asked(self, one: Rule | Protected) -> bool:
        roles = (role for stage in one.approvals for role in (*stage.roles, *stage.escalate_to))
        return not self.roles.isdisjoint(roles)


def whoami(powers: Powers, words: Words) -> tuple[Sentence, ...]:
    """All of it in words, or why this person may do nothing at all."""
    you = words.you_are(powers.person.id, sorted(powers.roles))
    if (why := unfit(powers.person)) is not None:
        return (you, words.refusal(Refused(why)))
    return (
        you,
        *words.you_may_ask(powers.project, powers.rules(Effect.ALLOW)),
        *_exceptions(powers, words),
        words.you_may_approve(powers.approves()),
        *_others(powers, words),
    )


def _exceptions(powers: Powers, words: Words) -> Iterator[Sentence]:
    if denying := powers.rules(Effect.DENY):
        yield from words.you_may_never_ask(denying)
    if breaking := powers.rules(Effect.BREAK_GLASS):
        yield from words.you_may_break_glass(breaking)


def _others(powers: Powers, words: Words) -> Iterator[Sentence]:
    if powers.approves_protected():
        yield words.you_may_approve_protected()
    if isinstance(may_look(powers.policy, powers.person, powers.project), Allowed):
        yield words.you_may_look()
    if powers.policy.may_operate(powers.person):
        yield words.you_may_operate()
    yield words.policy_version(powers.policy.version)
