"""The ledger as the use-cases need it: one transaction, and what can be told to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from bot.divert.outcome import Batch, Change, Counts, PhoneRow, ServerWork
from bot.divert.pause import Pauses
from bot.divert.request import Draft, Event, Note, Request
from bot.divert.sentence import Post
from bot.divert.twice import Repeat

T = TypeVar("T")

# What is to be kept, of what is kept now and the time by the database's clock in seconds.
Learned = Callable[[Mapping[str, Any], float], Mapping[str, Any]]


class Run(StrEnum):
    """The kinds of durable work."""

    PLAN = "plan"
    LOOK = "look"
    DECIDE = "decide"
    SEND = "send"
    FOLLOW = "follow"
    POST = "post"
    OPERATE = "operate"


@dataclass(frozen=True, slots=True)
class Start:
    """Durable work to begin when the transaction commits.

    `subject` is a request id or a post id; `partition` is a project's or a channel's (`turns.py`):
    one at a time each. `key` makes a second start of the same thing none. A slice or round is told
    its `turn`, so that running it twice starts its successor once.
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


class Transaction(Pauses, Protocol):
    """The ledger while it is held: all of it commits, or none of it."""

    def now(self) -> datetime: ...
    def ask(self, draft: Draft) -> tuple[Request, bool]:
        """Record a draft as a request in `planning`; of a known key, the request it made."""

    def one_at_a_time(self, wish: str) -> None:
        """Whoever comes with the same wish waits until this transaction has ended."""

    def asked(self, key: str) -> Request | None:
        """The request that the draft of this key made."""

    def open_since(self, wish: str, moment: datetime) -> Request | None:
        """The newest open request with this wish, if it was asked for after a moment."""

    def put_aside(self, repeat: Repeat) -> None: ...
    def repeat(self, key: str) -> Repeat | None:
        """What was put aside under the key of its draft."""

    def request(self, request_id: str) -> Request | None: ...
    def latest(self, limit: int) -> list[Request]: ...
    def open_until(self, moment: datetime) -> list[Request]:
        """Pending requests whose time has run out."""

    def waiting(self) -> list[Request]:
        """Requests that wait for approval, the oldest first."""

    def move(self, request: Request, event: Event, by: str, **changes: object) -> Request:
        """Move a request and write its audit row; `changes` are further columns.

        Raises:
            NoSuchMove: the request is no longer where the event fits.
        """

    def touch(self, request_id: str, note: Note | None = None) -> None:
        """The card should be shown anew, with this note where one is given."""

    def decide(self, request: Request, decided: Decided) -> None: ...
    def decisions(self, request_id: str) -> list[Decided]:
        """Of the present plan, oldest first."""

    def note(self, event: str, by: str, **detail: str) -> None:
        """Enter into the audit what moves no request; `detail` may name a `request`, `project`."""

    def say(self, post: Post) -> None:
        """Put a post into the outbox and start its sending."""

    def said(self, post_id: str) -> Said | None: ...
    def next_said(self, post_id: str) -> Said | None:
        """The first that is still to be posted, up to this one, of the same thread.

        What is said to one person directly, or into one channel, is a thread here too.
        """

    def posted(self, post_id: str, ts: str) -> None: ...
    def card_gone(self, said: Said) -> None:
        """The card that this was to be said below is to be put up anew."""

    def start(self, start: Start) -> None: ...

    def clear_phones(self, request_id: str) -> None: ...
    def add_phones(self, request_id: str, rows: Sequence[PhoneRow]) -> None: ...
    def held(self, request_id: str) -> list[tuple[str, str]]:
        """Phones of this request that another open request is to change: (phone, request)."""

    def counts(self, request_id: str) -> Counts: ...
    def rows(self, request_id: str, after: int, limit: int) -> list[PhoneRow]:
        """Phones by their number, from the one behind `after`."""

    def change_phones(self, request_id: str, changes: Iterable[Change]) -> None: ...
    def unanswered(self, request_id: str, phone_ids: Sequence[str]) -> frozenset[str]:
        """Which of these phones were once sent in a call of which nothing was heard."""

    def cancel_unsent(self, request_id: str) -> int:
        """Phones that are only planned become cancelled and their batches go; how many."""

    def errors(self, request_id: str) -> list[tuple[str, int, str, list[str]]]:
        """Codes of phones that ended badly: (code, phones, a message, first few ids)."""

    def add_batches(self, request_id: str, due: datetime) -> int:
        """Cut planned phones that are in no batch into batches, due at a time; the first's number.

        As long as nothing is cancelled, no batch of the request has had this number before.
        """

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

    def polled(self, request_id: str, due: Mapping[str, datetime]) -> None:
        """Jobs were asked for, by cloud request id; when to ask again where some still run."""

    def jobs_by_call(self, request_id: str, cloud_request_ids: Sequence[str]) -> dict[str, int]:
        """Jobs that these calls started, ended or not."""

    def to_read_back(self, request_id: str, sent_before: datetime) -> list[PhoneRow]:
        """Sent phones without an answer, and those whose job ended well."""

    def servers_at_work(self, request_id: str) -> list[ServerWork]:
        """The servers on which jobs of this request still run."""

    def running_on(self, request_id: str, servers: Sequence[str]) -> list[PhoneRow]:
        """Accepted phones on these servers whose job has not ended."""

    def moved_later(self, request_id: str, phone_ids: Sequence[str]) -> dict[str, str]:
        """Which of these phones a later request of the project moved: phone id to request id."""

    def job_ids(self, request_id: str, limit: int) -> list[tuple[str, str]]:
        """The first jobs of a request: (phone, job)."""

    def jobs_accepted(self, request_id: str) -> int: ...
    def keep_pace(self, caller: str, learned: Learned) -> None:
        """Keep what was learned beside what is there; nobody else does so until the end."""

    def pace(self, caller: str) -> tuple[Mapping[str, Any], float]:
        """What is kept of a caller's pace, and the time by the database's clock in seconds."""

    def cards_behind(self, limit: int) -> list[Request]:
        """Requests whose card is older than they are, the longest unpainted first."""

    def card_shown(self, request_id: str, version: int, channel: str, ts: str) -> None: ...
    def announce(self, thing: str, state: str) -> str | None:
        """Keep in which state a thing is told to be, for all processes together.

        What was told before, empty where nothing was; None where this was, so it is told once.
        """


class Ledger(Protocol):
    """The truth. Work is done inside one function, which may be called in another thread.

    Both raise `LedgerAway` where nothing can be kept or read just now; with `within` also where
    it was not begun in so many seconds, and then it is never done.
    """

    async def write(self, work: Callable[[Transaction], T], within: float | None = None) -> T: ...
    async def read(self, work: Callable[[Transaction], T], within: float | None = None) -> T: ...
