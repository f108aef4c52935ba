"""What the use-cases need of the world; what it may fail to do stands in `failures.py`."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from bot.divert.outcome import Answer, Batch, Change, Counts, Job, PhoneRow
from bot.divert.phones import Phone, Route
from bot.divert.policy import Person
from bot.divert.request import Draft, Event, Request
from bot.divert.sentence import Card, Post

T = TypeVar("T")


class Run(StrEnum):
    """The kinds of durable work."""

    PLAN = "plan"
    DECIDE = "decide"
    SEND = "send"
    FOLLOW = "follow"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Start:
    """Durable work to begin when the transaction commits.

    `subject` is a request id or a post id; `partition` is a project or a channel: one at a time
    each. `key` makes a second start of the same thing none. A slice or round is told its `turn`,
    so that running it twice starts its successor once.
    """

    run: Run
    subject: str
    partition: str
    key: str
    turn: str = ""
    delay: float = 0.0  # seconds
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """A post of the outbox with where it goes. `card_ts` is empty while the card is not up."""

    id: str
    post: Post
    card_channel: str
    card_ts: str
    posted: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """One recorded decision on a request's present plan."""

    person: str
    verdict: str
    reason: str
    at: datetime


class Transaction(Protocol):
    """The ledger while it is held: all of it commits, or none of it."""

    def now(self) -> datetime: ...
    def ask(self, draft: Draft) -> tuple[Request, bool]:
        """Record a draft as a request in `planning`; of a known key, the request it made."""

    def request(self, request_id: str) -> Request | None: ...
    def latest(self, limit: int) -> list[Request]: ...
    def open_until(self, moment: datetime) -> list[Request]:
        """Pending requests whose time has run out."""

    def move(self, request: Request, event: Event, by: str, **changes: object) -> Request:
        """Move a request and write its audit row; `changes` are further columns.

        Raises:
            NoSuchMove: the request is no longer where the event fits.
        """

    def touch(self, request_id: str) -> None:
        """The card should be shown anew."""

    def decide(self, request: Request, decided: Decided) -> None: ...
    def decisions(self, request_id: str) -> list[Decided]:
        """Of the present plan, oldest first."""

    def say(self, post: Post) -> None:
        """Put a post into the outbox and start its sending."""

    def said(self, post_id: str) -> Said | None: ...
    def next_said(self, post_id: str) -> Said | None:
        """The first post of the same thread up to this one that is still to be posted."""

    def posted(self, post_id: str, ts: str) -> None: ...
    def start(self, start: Start) -> None: ...

    def clear_phones(self, request_id: str) -> None: ...
    def add_phones(self, request_id: str, rows: Sequence[PhoneRow]) -> None: ...
    def held(self, request_id: str) -> list[tuple[str, str]]:
        """Phones of this request that another open request is to change: (phone, request)."""

    def counts(self, request_id: str) -> Counts: ...
    def rows(self, request_id: str, after: int, limit: int) -> list[PhoneRow]:
        """Phones by their number, from the one behind `after`."""

    def change_phones(self, request_id: str, changes: Iterable[Change]) -> None: ...
    def cancel_unsent(self, request_id: str) -> int:
        """Phones that are only planned become cancelled and their batches go; how many."""

    def errors(self, request_id: str) -> list[tuple[str, int, str, list[str]]]:
        """Codes of phones that ended badly: (code, phones, a message, first few ids)."""

    def add_batches(self, request_id: str, due: datetime) -> None:
        """Cut planned phones that are in no batch into batches, due at a time."""

    def due_batches(self, request_id: str, limit: int) -> list[Batch]: ...
    def next_due(self, request_id: str) -> datetime | None:
        """When the earliest unsent batch is due; None where none is left."""

    def batch_sent(self, request_id: str, number: int) -> None: ...
    def batch_answered(
        self, request_id: str, number: int, cloud_request_id: str, poll: datetime | None
    ) -> None:
        """A call came back, with jobs to ask for from `poll` on, or without."""

    def batch_unsent(self, request_id: str, number: int, due: datetime) -> None: ...
    def orphans(self, request_id: str) -> int:
        """Mark batches that were sent without an answer as answered; how many there were."""

    def polls(self, request_id: str, limit: int) -> dict[str, dict[str, str]]:
        """Jobs to ask for now: by cloud request id, job id to phone id."""

    def silent(self, request_id: str, cloud_request_ids: Sequence[str]) -> frozenset[str]:
        """Phones that the answers of these calls did not mention."""

    def polled(self, request_id: str, cloud_request_ids: Sequence[str], due: datetime) -> None: ...
    def jobs_running(self, request_id: str) -> int: ...
    def to_read_back(self, request_id: str, sent_before: datetime) -> list[PhoneRow]:
        """Sent phones without an answer, and those whose job ended well."""

    def overdue(self, request_id: str, accepted_before: datetime) -> list[PhoneRow]:
        """Accepted phones whose job has not ended in time."""

    def job_ids(self, request_id: str, limit: int) -> list[tuple[str, str]]:
        """The first jobs of a request: (phone, job)."""

    def jobs_accepted(self, request_id: str) -> int: ...
    def keep_pace(self, project: str, pace: Mapping[str, Any]) -> None: ...
    def pace(self, project: str) -> Mapping[str, Any]: ...
    def cards_behind(self, limit: int) -> list[Request]:
        """Requests whose card is older than they are, the longest unpainted first."""

    def card_shown(self, request_id: str, version: int, channel: str, ts: str) -> None: ...


class Ledger(Protocol):
    """The truth. Work is done inside one function, which may be called in another thread."""

    async def write(self, work: Callable[[Transaction], T]) -> T: ...
    async def read(self, work: Callable[[Transaction], T]) -> T: ...


class Cloud(Protocol):
    """One project's cloud. Every call waits for its turn under the rate limit."""

    passing: frozenset[str]

    async def send_turn(self, project: str, within: float) -> bool:
        """Wait at most so many seconds until one more ImportTraffic call is allowed."""

    def drop_turn(self, project: str) -> None:
        """Give a turn back that no call was made in."""

    def send_rate(self, project: str) -> float:
        """ImportTraffic calls a second that are allowed now."""

    async def divert(self, project: str, route: Route, ids: Sequence[str]) -> Answer:
        """ImportTraffic, once.

        Raises:
            CloudFailure: one of its subclasses.
        """

    async def phone(self, project: str, phone_id: str) -> Phone | None: ...
    def phone_pages(self, project: str) -> AsyncIterator[tuple[int, list[Phone]]]:
        """Pages of the whole fleet: (phones there are, the page)."""

    async def jobs(self, project: str, cloud_request_ids: Sequence[str]) -> list[Job]:
        """The jobs of at most 20 calls; none where the cloud has forgotten them."""

    async def containers(self, project: str) -> frozenset[str]:
        """Servers with a running encoding container."""

    def pace(self, project: str) -> Mapping[str, Any]: ...
    def explain(self, code: str) -> tuple[str, str]:
        """What a code means and what to do about it, in plain words."""


class Directory(Protocol):
    """Who people are, by Slack's user id alone."""

    async def person(self, user: str, groups: frozenset[str], *, fresh: bool) -> Person:
        """The person and which of these groups they are in; `fresh` passes every cache.

        Raises:
            LookupFailed: Slack did not answer, so nothing may be decided.
        """


class Files(Protocol):
    """Files people gave to the form."""

    async def content(self, file_id: str, limit: int) -> bytes:
        """At most `limit` bytes.

        Raises:
            FileUnreadable: it is gone, too large, or could not be fetched.
        """


class Channel(Protocol):
    """Where people read."""

    async def show(self, card: Card, channel: str, ts: str) -> tuple[str, str]:
        """Post the card, or edit it where it is; the channel and time stamp it has now.

        Raises:
            Away: to be tried again.
            Undeliverable: never there.
        """

    async def say(self, said: Said, rows: AsyncIterator[Sequence[str]] | None) -> str:
        """Post into the thread or to the person; the message's time stamp."""

    async def reaches(self, channel: str) -> bool:
        """Whether the bot can post there."""


class Clock(Protocol):
    def now(self) -> datetime: ...
    async def sleep(self, seconds: float) -> None: ...
