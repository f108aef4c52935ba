"""What is said, apart from how Slack writes it.

A template is ours and may hold `*bold*`; every value is somebody else's and is escaped where it
is written, unless its type says what it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mention:
    """A user, a user group or a channel, by id."""

    id: str


@dataclass(frozen=True, slots=True)
class Code:
    """Shown in fixed width, to be copied."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, shown in each reader's own zone."""

    at: datetime


Value = str | Mention | Code | Link | Moment | tuple[Mention, ...] | tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template with `{name}` fields, already in the reader's language, and their values."""

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """Carries the request's id and the beginning of its plan's hash, nothing else.

    One that runs a `command` carries that instead, as if its reader had typed it after `/cph`;
    one that names a `column` of a file carries the request and that; one that asks for a `repeat`
    all the same carries its draft's key.
    """

    action: str
    label: str
    request_id: str = ""
    plan: str = ""
    style: str = ""  # "primary" or "danger", or plain
    confirm: Sentence | None = None
    command: str = ""
    column: str = ""
    repeat: str = ""
    back: str = ""  # the label that leaves the dialog of `confirm`


@dataclass(frozen=True, slots=True)
class Card:
    """The one message of a request, at one version of it."""

    request_id: str
    version: int
    title: Sentence
    lines: tuple[Sentence, ...]
    buttons: tuple[Button, ...] = ()
    footer: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class InThread:
    """Under the card of a request."""

    request_id: str


@dataclass(frozen=True, slots=True)
class ToPerson:
    """Seen by one person only, where they are; `reply_url` is tried first while it lives."""

    user: str
    channel: str = ""
    reply_url: str = ""


@dataclass(frozen=True, slots=True)
class ToChannel:
    """In a channel, under no card."""

    id: str


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV made from the ledger when it is posted; `kind` is plan, left_out, jobs or outcome."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Post:
    """One message of the outbox; under a name in `once` a request says it at most once.

    What `answers` a click or a form, named here, is the only answer it gets, whatever is in it.
    """

    to: InThread | ToPerson | ToChannel
    sentences: tuple[Sentence, ...]
    buttons: tuple[Button, ...] = ()
    table: Table | None = None
    once: str = ""
    answers: str = ""
