"""What the ledger says at one moment, read from its tables beside the bot."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Table, select

from bot.divert.outcome import Counts, PhoneState
from bot.divert.request import State
from bot.divert.sentence import Post
from bot.store import tables
from bot.store.audit_proof import Fault, verify
from tests.divert.state_machine.works import works

_POST: Final = TypeAdapter(Post)


@dataclass(frozen=True, slots=True)
class Told:
    """A post of the outbox."""

    id: str
    request_id: str | None
    once: str
    post: Post
    posted: bool
    at: datetime

    def says(self, template: str) -> bool:
        return any(one.template == template for one in self.post.sentences)


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything in its order; `phones` and `batches` by request."""

    requests: dict[str, Row[Any]]
    phones: dict[str, list[Row[Any]]]
    batches: dict[str, list[Row[Any]]]
    decisions: Sequence[Row[Any]]
    entries: Sequence[dict[str, str]]
    posts: Sequence[Told]
    works: Sequence[Row[Any]]
    pauses: Sequence[Row[Any]]
    broken: Fault | None  # the audit entry that is not as it was written
    _entries_of: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    @classmethod
    def read(cls, connection: Connection) -> Self:
        entries = [row.entry for row in _all(connection, tables.audit)]
        return cls(
            requests={row.id: row for row in _by_time(connection)},
            phones=_by_request(_all(connection, tables.phones, "number")),
            batches=_by_request(_all(connection, tables.batches)),
            decisions=_all(connection, tables.decisions),
            entries=entries,
            posts=[_told(row) for row in _all(connection, tables.posts)],
            works=_all(connection, works),
            pauses=_all(connection, tables.pauses),
            broken=verify(connection),
            _entries_of=_entries(entries),
        )

    def moves(self, request_id: str) -> list[dict[str, str]]:
        """The audit's entries of moves from one state to another."""
        return [one for one in self._entries_of.get(request_id, ()) if "to" in one]

    def counts(self, request_id: str) -> Counts:
        by_state: dict[PhoneState, int] = defaultdict(int)
        for row in self.phones.get(request_id, ()):
            by_state[PhoneState(row.state)] += 1
        return Counts(by_state)

    def thread(self, request_id: str) -> list[Told]:
        return [one for one in self.posts if one.request_id == request_id]

    def state(self, request_id: str) -> State:
        return State(self.requests[request_id].state)

    def decided(self, request_id: str, verdict: str) -> list[str]:
        """Who gave this verdict on the present plan."""
        plan = self.requests[request_id].plan_hash
        return [
            one.person
            for one in self.decisions
            if (one.request_id, one.plan_hash, one.verdict) == (request_id, plan, verdict)
        ]


def _all(connection: Connection, table: Table, order: str = "") -> Sequence[Row[Any]]:
    by = [table.c[order]] if order else list(table.primary_key)
    return connection.execute(select(table).order_by(*by)).all()


def _by_time(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(select(tables.requests).order_by(tables.requests.c.asked_at)).all()


def _by_request(rows: Sequence[Row[Any]]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.request_id].append(row)
    return found


def _entries(entries: Sequence[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for entry in entries:
        found[entry["request"]].append(entry)
    return found


def _told(row: Row[Any]) -> Told:
    post = _POST.validate_python(row.post)
    return Told(row.id, row.request_id, row.once or "", post, row.ts is not None, row.said_at)
