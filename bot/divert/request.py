"""A request: its id, its states, and the one table that says which event leads where."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.divert.phones import Route
from bot.divert.policy import Extent
from bot.divert.selection import Selection

# Crockford's base32 has no I, L, O or U: nothing in an id looks like something else.
ID_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH: Final = 4
_MISTYPED: Final = str.maketrans("OIL", "011")
_ID: Final = re.compile(rf"(?:D-)?([{ID_LETTERS}]{{4,8}})")


class State(StrEnum):
    """Where a request stands."""

    PLANNING = "planning"
    PENDING = "pending"
    APPROVED = "approved"
    SENDING = "sending"
    HALTED = "halted"
    CANCELLING = "cancelling"
    DONE = "done"
    REFUSED = "refused"
    DENIED = "denied"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What can happen to a request."""

    PLANNED = "planned"
    REFUSE = "refuse"
    REPLAN = "replan"
    APPROVE = "approve"
    DENY = "deny"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    START = "start"
    HALT = "halt"
    RESUME = "resume"
    CANCEL = "cancel"
    FINISH = "finish"


MOVES: Final[dict[tuple[State, Event], State]] = {
    (State.PLANNING, Event.PLANNED): State.PENDING,
    (State.PLANNING, Event.REFUSE): State.REFUSED,
    (State.PLANNING, Event.WITHDRAW): State.WITHDRAWN,
    (State.PENDING, Event.REPLAN): State.PLANNING,
    (State.PENDING, Event.APPROVE): State.APPROVED,
    (State.PENDING, Event.DENY): State.DENIED,
    (State.PENDING, Event.EXPIRE): State.EXPIRED,
    (State.PENDING, Event.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Event.START): State.SENDING,
    (State.APPROVED, Event.REFUSE): State.REFUSED,
    (State.APPROVED, Event.HALT): State.HALTED,
    (State.APPROVED, Event.CANCEL): State.CANCELLED,
    (State.SENDING, Event.HALT): State.HALTED,
    (State.SENDING, Event.CANCEL): State.CANCELLING,
    (State.SENDING, Event.FINISH): State.DONE,
    (State.HALTED, Event.HALT): State.HALTED,
    (State.HALTED, Event.RESUME): State.SENDING,
    (State.HALTED, Event.CANCEL): State.CANCELLING,
    (State.CANCELLING, Event.FINISH): State.CANCELLED,
}

CLOSED: Final = frozenset(State) - {state for state, _ in MOVES}
OPEN: Final = frozenset(State) - CLOSED


class NoSuchMove(Exception):
    """The event does not fit the state: somebody else was first."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"{event} does not fit a request that is {state}")
        self.state = state
        self.event = event


def after(state: State, event: Event) -> State:
    """The state that follows.

    Raises:
        NoSuchMove: where the table has no such row.
    """
    try:
        return MOVES[state, event]
    except KeyError:
        raise NoSuchMove(state, event) from None


@dataclass(frozen=True, slots=True)
class Draft:
    """The wish as it came in, by either door, before anything was looked up.

    `ids` are what was typed; a file is named and fetched later. `key` is the same for every
    delivery of one command or form, so that a second delivery makes no second request.
    """

    key: str
    requester: str
    project: str
    route: Route
    channel: str = ""  # where it was asked; empty where Slack does not say
    ids: tuple[str, ...] = ()
    repeated: int = 0
    unreadable: tuple[str, ...] = ()  # as shown, "word 3: foo"
    file_id: str = ""
    column: str = ""  # of the file, where it had to be asked for
    selection: Selection = field(default_factory=Selection)  # beside ids it narrows them
    reason: str = ""
    reply_url: str = ""  # Slack's own answer address of this command, good for 30 minutes
    ids_of: str = ""  # a request of the same person whose ids are meant too, its file's among them
    replaces: str = ""  # a request of the same person, in whose place this one is asked for


@dataclass(frozen=True, slots=True)
class Note:
    """What else the card tells: what was left out of the input, what looks wrong, why it stands."""

    repeated: int = 0
    unreadable: tuple[str, ...] = ()  # as shown, "line 7: foo"
    no_container: tuple[str, ...] = ()  # servers without a running encoding container, by name
    hindered: tuple[tuple[str, int], ...] = ()  # why phones may not take it now, and how many
    leave_hindered_out: bool = False  # who asked chose to
    servers: tuple[tuple[str, int], ...] = ()  # those with most phones to change, by name
    server_count: int = 0
    first: tuple[str, ...] = ()  # ids of the first phones to change
    whole_fleet: bool = False
    rule: str = ""  # the name of the rule that lets it be asked for
    policy: str = ""  # the version of the policy that this rule is of
    extent: Extent = field(default_factory=Extent)  # what the policy wants to know of the plan
    left: tuple[int, ...] = ()  # approvals still to be given, by stage
    short: tuple[int, ...] = ()  # numbers, from 0, of the stages that too few people can approve
    escalated: tuple[int, ...] = ()  # numbers of the stages that have waited long enough for it
    reminded: int = 0  # times that those who may approve were written to
    voided: int = 0  # times that approvals were made void, whether or not the plan is another
    code: str = ""  # why it halted or was refused
    message: str = ""
    replaced_by: str = ""  # the request that was asked for in place of this one


@dataclass(frozen=True, slots=True)
class Request:
    """One row of the ledger. `version` counts its changes; the card is wanted at that version."""

    id: str
    draft: Draft
    state: State
    version: int
    asked_at: datetime
    plan_hash: str = ""
    planned_at: datetime | None = None
    expires_at: datetime | None = None
    closed_at: datetime | None = None
    started_at: datetime | None = None
    card_channel: str = ""
    card_ts: str = ""
    note: Note = field(default_factory=Note)

    @property
    def project(self) -> str:
        return self.draft.project

    @property
    def route(self) -> Route:
        return self.draft.route

    @property
    def requester(self) -> str:
        return self.draft.requester


def read_request_id(word: str) -> str | None:
    """Read an id as people type it (`d-7k3m`, `7K3M`, O for 0), or None."""
    match = _ID.fullmatch(word.upper().replace("D-", "", 1).translate(_MISTYPED))
    return f"D-{match[1]}" if match else None
