"""What `/cph …` can be told to do, once it has been read."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.divert.phones import Reading, Route
from bot.divert.selection import Selection


class Verb(StrEnum):
    """What `/cph` can be told to do."""

    DIVERT = "divert"
    PLAN = "plan"
    PHONES = "phones"
    DRIFT = "drift"
    STATUS = "status"
    WHOAMI = "whoami"
    PAUSE = "pause"
    RESUME = "resume"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Divert:
    """The wish as typed: route, ids, and the terms beside them. Ids or an including term exist."""

    route: Route
    reading: Reading
    reason: str = ""
    project: str | None = None
    selection: Selection = field(default_factory=Selection)


@dataclass(frozen=True, slots=True)
class Plan:
    """`/cph plan …`: a wish that is looked at and not asked for."""

    divert: Divert


@dataclass(frozen=True, slots=True)
class Phones:
    """`/cph phones …`: neither ids nor terms mean the whole project."""

    reading: Reading
    selection: Selection
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """`/cph drift D-7K3M`."""

    request_id: str


@dataclass(frozen=True, slots=True)
class OpenForm:
    """`/cph divert` alone."""


@dataclass(frozen=True, slots=True)
class Status:
    """`/cph status`, of one request or of the latest."""

    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Whoami:
    """`/cph whoami`: what may I do here, or in another project?"""

    project: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """`/cph pause [project] [reason:…]`; without a project all of them are meant."""

    project: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """`/cph resume [project] [reason:…]`, of what was paused."""

    project: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """`/cph help`, or nothing at all."""


@dataclass(frozen=True, slots=True)
class Misread:
    """What could not be understood: `kind` chooses the sentence, `word` is shown in it.

    `suggestion` is the whole text behind `/cph` with the mistyped words put right, where that
    makes a command; else it is empty.
    """

    kind: str
    word: str = ""
    suggestion: str = ""


Command = (
    Divert | Plan | Phones | Drift | OpenForm | Status | Whoami | Pause | Resume | Help | Misread
)
