"""Who somebody is, as far as the policy cares."""

from dataclasses import dataclass

from bot.divert.policy.rule import Why


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


def unfit(person: Person) -> Why | None:
    """Why this person may do nothing at all here."""
    checks = (
        (person.bot, Why.BOT),
        (person.deactivated, Why.DEACTIVATED),
        (person.external, Why.EXTERNAL),
        (person.guest, Why.GUEST),
    )
    return next((why for holds, why in checks if holds), None)
