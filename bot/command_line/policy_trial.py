"""A command held against the policy without Slack and without a cloud."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.config_file import ConfigFile
from bot.divert.grammar import Command, Divert, Misread, Plan, read_command
from bot.divert.intake import drafted, kinds_of
from bot.divert.policy import (
    Decision,
    Explained,
    Extent,
    Freeze,
    Person,
    Place,
    Policy,
    Stage,
    Wish,
    explain,
    may_break_glass,
)
from bot.divert.policy.asking import Allowed
from bot.divert.sentence import Sentence, ToPerson
from bot.divert.wording import words_in
from bot.divert.world import meant_in

COMMAND = "/cph"


class NoWish(Exception):
    """The command asks for nothing that a rule could be for; `sentences` say why."""

    def __init__(self, *sentences: Sentence) -> None:
        super().__init__(sentences[0].template)
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Situation:
    """Who says what where and when, and what nobody can look up here.

    `groups` is None where it is not known in which user groups the person is.
    """

    person: str
    channel: str
    say: str
    at: datetime
    groups: Sequence[str] | None = None
    phones: int | None = None
    servers: Sequence[str] = ()
    tags: Sequence[str] = ()
    fleet: int | None = None

    @property
    def places(self) -> tuple[Place, ...] | None:
        """Each server with all the tags; with tags alone some server that has no name."""
        names = self.servers or ([""] if self.tags else [])
        return tuple(Place(name, name, tuple(self.tags)) for name in names) or None


@dataclass(frozen=True, slots=True)
class Trial:
    """What the policy says to it."""

    policy: Policy
    person: Person
    wish: Wish
    explained: Explained
    breaking: Decision  # whether this person may break the glass

    @property
    def decision(self) -> Decision:
        return self.explained.decision

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What must be approved, if it may be asked for."""
        decision = self.decision
        return self.policy.stages(decision.rule, self.wish) if isinstance(decision, Allowed) else ()

    @property
    def freeze(self) -> Freeze | None:
        return self.policy.freeze(self.wish.project, self.wish.at)


def try_out(file: ConfigFile, given: Situation) -> Trial:
    """Decide as the bot would.

    Raises:
        NoWish: the command is none that asks for something.
    """
    policy, wish = file.policy(), _wish(file, given)
    person = Person(given.person, groups=frozenset(given.groups or ()))
    return Trial(
        policy, person, wish, explain(policy, person, wish), may_break_glass(policy, person, wish)
    )


def _wish(file: ConfigFile, given: Situation) -> Wish:
    wish = _divert(read_command(given.say.strip().removeprefix(COMMAND)))
    projects = file.known_projects()
    project = wish.project or meant_in(projects, given.channel)
    if project not in projects:
        raise NoWish(words_in("en").no_such_project(project, list(projects)))
    draft = drafted(wish, ToPerson(given.person, given.channel), project, words_in("en"))
    phones = given.phones
    if phones is None and not draft.selection:
        phones = len(draft.ids)
    extent = Extent(given.fleet, given.places)
    kinds = kinds_of(draft)
    return Wish(project, wish.route, given.channel, given.at, phones, extent, kinds)


def _divert(command: Command) -> Divert:
    """The wish in it, or what the person would be answered."""
    words = words_in("en")
    match command:
        case (Divert() as wish) | Plan(wish):
            return wish
        case Misread(kind, word, suggestion):
            told = words.misread(kind, word)
            better = (words.did_you_mean(suggestion),) if suggestion else ()
            raise NoWish(told, *better)
        case _:
            raise NoWish(Sentence("This asks for no route, so no rule is for it."))
