"""What a team sets for the use-cases; app.py fills it from the checked configuration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.divert.names import Names
from bot.divert.policy import Policy
from bot.divert.ports import Channel, Clock, Cloud, Directory, Files
from bot.divert.transaction import Ledger
from bot.divert.wording import Words


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the cloud as people here know it."""

    name: str
    channel: str  # where its cards go when they cannot go where it was asked
    language: str = "en"
    channels: frozenset[str] = frozenset()  # a command there means this project


@dataclass(frozen=True, slots=True)
class Times:
    approval: timedelta = timedelta(hours=8)
    plan_max_age: timedelta = timedelta(hours=1)
    first_poll: timedelta = timedelta(seconds=10)
    poll: timedelta = timedelta(seconds=5)
    job_deadline: timedelta = timedelta(minutes=30)
    keep: timedelta = timedelta(days=90)  # of what is closed; the audit stays
    slice: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside a use-case, handed to it by the composition root."""

    ledger: Ledger
    cloud: Cloud
    names: Names
    directory: Directory
    files: Files
    channel: Channel
    clock: Clock
    policy: Callable[[], Policy]
    projects: Mapping[str, Project]
    words: Callable[[str], Words]
    times: Times = field(default_factory=Times)
    file_ids: int = 100_000
    concurrency: int = 16
    operators_channel: str = ""
    stopping: Callable[[], bool] = bool

    def project_of(self, channel: str) -> str:
        """The project that a command means which names none."""
        return meant_in(self.projects, channel)

    def heard_words(self, person: str, project: str) -> Words:
        """The language a person was last heard to speak, else the project's; nobody is asked."""
        locale = self.directory.locale(person)
        return self.words(locale) if locale else self.project_words(project)

    def project_words(self, project: str) -> Words:
        return self.words(self.projects[project].language)


def meant_in(projects: Mapping[str, Project], channel: str) -> str:
    """The project that a command means there: the channel's, else the first."""
    at_home = (name for name, one in projects.items() if channel in one.channels)
    return next(at_home, next(iter(projects)))
