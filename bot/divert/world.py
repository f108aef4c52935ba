"""What a team sets for the use-cases; app.py fills it from the checked configuration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.divert.policy import Policy
from bot.divert.ports import Channel, Clock, Cloud, Directory, Files, Ledger
from bot.divert.wording import Words


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the cloud as people here know it."""

    name: str
    channel: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Times:
    approval: timedelta = timedelta(hours=8)
    plan_max_age: timedelta = timedelta(hours=1)
    first_poll: timedelta = timedelta(seconds=10)
    poll: timedelta = timedelta(seconds=5)
    job_deadline: timedelta = timedelta(minutes=30)
    slice: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside a use-case, handed to it by the composition root."""

    ledger: Ledger
    cloud: Cloud
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
    stopping: Callable[[], bool] = bool

    def project_words(self, project: str) -> Words:
        return self.words(self.projects[project].language)
