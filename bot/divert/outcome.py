"""What became of each phone: states, counts, and how the cloud's answers move them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

NO_ANSWER: Final = "no answer"  # why a try ended badly: of its call, or none for this phone
MAX_TRIES: Final = 5  # calls for one phone before a passing refusal counts as a refusal
_BACKOFF_SECONDS: Final = (2.0, 5.0, 10.0, 20.0, 40.0)


class PhoneState(StrEnum):
    """Each distinct id of a request is in exactly one of these."""

    UNKNOWN = "unknown"
    UNCHANGED = "unchanged"
    EXCLUDED = "excluded"  # left out by a term of the request or by who asked
    PLANNED = "planned"
    SENT = "sent"
    ACCEPTED = "accepted"
    SUCCEEDED = "succeeded"
    REJECTED = "rejected"
    FAILED = "failed"
    UNCLEAR = "unclear"
    CANCELLED = "cancelled"


LEFT_OUT: Final = frozenset({PhoneState.UNKNOWN, PhoneState.UNCHANGED, PhoneState.EXCLUDED})
UNDER_WAY: Final = frozenset({PhoneState.PLANNED, PhoneState.SENT, PhoneState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a call's answer: a job, or a refusal of that phone."""

    phone_id: str
    job_id: str = ""
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A call that went through; what it says of each phone stands in the entries."""

    cloud_request_id: str
    entries: tuple[Entry, ...]


class JobEnd(StrEnum):
    """How far a job is."""

    RUNNING = "running"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Job:
    """The cloud's task for one phone, as it was when read."""

    id: str
    phone_id: str
    end: JobEnd
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """One phone of one request, as the ledger keeps it. `number` is its place in the input."""

    id: str
    number: int
    state: PhoneState
    route_before: str = ""
    server: str = ""
    batch: int | None = None
    tries: int = 0
    job_id: str = ""
    job_ended: bool = False  # all that is known of it; the route is not read back yet
    code: str = ""
    message: str = ""
    since: datetime | None = None  # when its state was last written
    name: str = ""
    server_name: str = ""
    hindrance: str = ""  # why it may not take the change now, as the plan saw it
    place: int = -1  # in the cloud's list of all phones, when it was planned
    history: str = ""  # the tries that failed and why, "1: CPS.0042, 2: no answer"


@dataclass(frozen=True, slots=True)
class Change:
    """What to write of one phone. `again` asks for another call instead of an end.

    `why` is added to the phone's history: what came of the try that has just ended badly.
    """

    phone_id: str
    state: PhoneState
    job_id: str | None = None
    job_ended: bool | None = None
    code: str = ""
    message: str = ""
    again: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """At most 100 phones of one call; `tries` says which call for them it is, from 1."""

    number: int
    phone_ids: tuple[str, ...]
    tries: int
    cloud_request_id: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ServerWork:
    """Jobs of one request on one server, some of which still run.

    `phones` are all that the project's running requests have there, since a server's jobs wait
    for each other; `accepted_at` is when the oldest running job of this one was accepted,
    `moved_at` when a job there last ended for any of them.
    """

    server: str
    phones: int
    running: int
    accepted_at: datetime
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """Phones by state; they always add up to the distinct ids."""

    by_state: Mapping[PhoneState, int]

    def __getitem__(self, state: PhoneState) -> int:
        return self.by_state.get(state, 0)

    def of(self, states: Iterable[PhoneState]) -> int:
        return sum(self[state] for state in states)

    @property
    def distinct(self) -> int:
        return sum(self.by_state.values())

    @property
    def planned_at_first(self) -> int:
        """Phones that the plan set out to change, whatever became of them."""
        return self.distinct - self.of(LEFT_OUT)

    @property
    def ended(self) -> int:
        return self.planned_at_first - self.of(UNDER_WAY)


def backoff(tries: int) -> float:
    """Seconds before a phone that was refused for now is sent again."""
    return _BACKOFF_SECONDS[min(tries, len(_BACKOFF_SECONDS)) - 1] if tries else 0.0


def read_answer(batch: Batch, answer: Answer, passing: Iterable[str]) -> Iterator[Change]:
    """Match an answer to its batch by phone id; order and completeness are not promised.

    `passing` are the codes that say "try later". A phone the answer does not mention stays
    `sent`, until its route is read back; an entry for a phone that was not asked for is ignored.
    """
    entries = {entry.phone_id: entry for entry in answer.entries}
    for phone_id in batch.phone_ids:
        entry = entries.get(phone_id)
        if entry is not None:
            yield _read_entry(entry, batch.tries, frozenset(passing))


def _read_entry(entry: Entry, tries: int, passing: frozenset[str]) -> Change:
    if not entry.code and entry.job_id:
        return Change(entry.phone_id, PhoneState.ACCEPTED, job_id=entry.job_id)
    if not entry.code:  # neither a job nor a refusal: nothing is proven
        return Change(entry.phone_id, PhoneState.SENT)
    return refused(entry.phone_id, entry.code, entry.message, tries, entry.code in passing)


def refused(phone_id: str, code: str, message: str, tries: int, passing: bool) -> Change:
    """A refusal: tried again while it is a passing one and tries are left."""
    if passing and tries < MAX_TRIES:
        return Change(phone_id, PhoneState.PLANNED, None, None, code, message, again=True, why=code)
    return Change(phone_id, PhoneState.REJECTED, code=code, message=message, why=code)


def read_jobs(
    jobs: Sequence[Job], asked: Mapping[str, str], passing: Iterable[str]
) -> list[Change]:
    """Turn ended jobs into changes; `asked` maps job id to phone id, which a row may lack.

    A job that ended with a passing code is not over: its phone is read back and sent again.
    """
    later = frozenset(passing)
    return [
        _read_job(job, asked[job.id], later)
        for job in jobs
        if job.id in asked and job.end is not JobEnd.RUNNING
    ]


def read_unasked(jobs: Sequence[Job], silent: frozenset[str]) -> list[Change]:
    """Phones that no answer mentioned have a job all the same, where the call's jobs list one."""
    return [
        Change(job.phone_id, PhoneState.ACCEPTED, job_id=job.id)
        for job in jobs
        if job.phone_id in silent
    ]


def _read_job(job: Job, phone_id: str, passing: frozenset[str]) -> Change:
    if job.end is JobEnd.SUCCESS:
        return Change(phone_id, PhoneState.ACCEPTED, job_ended=True)
    state = PhoneState.SENT if job.code in passing else PhoneState.FAILED
    why = f"job {job.code or '?'}"
    return Change(phone_id, state, code=job.code, message=job.message, why=why)
