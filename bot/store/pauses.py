"""Pauses, the lock that lets nothing begin beside them, and the requests that they concern."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, exists, insert, or_, select, text, update

from bot.divert.pause import EVERY, Pause
from bot.divert.request import State
from bot.store.batches import PLANNED
from bot.store.held import Held
from bot.store.tables import batches, pauses, requests

_GATE: Final = 7_126_003  # a number of our own for PostgreSQL's advisory locks
_PASS: Final = text("SELECT pg_advisory_xact_lock_shared(:gate)").bindparams(gate=_GATE)
_CLOSE: Final = text("SELECT pg_advisory_xact_lock(:gate)").bindparams(gate=_GATE)
_WAITING: Final = (State.PENDING, State.HALTED)


class PauseRows(Held):
    """The pauses' part of a transaction. Those that have ended stay, as few as they are."""

    __slots__ = ()

    def pause(self, project: str) -> Pause | None:
        """That of all projects first. SQLite takes one writer at a time as it is."""
        if self.writes:
            self._wait(_PASS)
        found = [one for one in self.pauses() if one.project in (EVERY, project)]
        return min(found, key=lambda one: one.project != EVERY, default=None)

    def lock_pauses(self) -> None:
        self._wait(_CLOSE)

    def _wait(self, lock: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        """What is asked after it sees all that was committed before."""
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(lock)

    def pauses(self) -> list[Pause]:
        query = select(pauses).where(pauses.c.ended_at.is_(None)).order_by(pauses.c.at)
        return [_pause(row) for row in self.connection.execute(query)]

    def put_pause(self, pause: Pause) -> None:
        self.connection.execute(
            insert(pauses).values(
                key=pause.key,
                project=pause.project,
                by=pause.by,
                at=pause.at,
                reason=pause.reason,
                ended_by="",
                ended_key="",
            )
        )

    def end_pause(self, pause: Pause, by: str, key: str) -> None:
        self.connection.execute(
            update(pauses)
            .where(pauses.c.key == pause.key)
            .values(ended_at=self.moment, ended_by=by, ended_key=key)
        )

    def has_ordered(self, key: str) -> bool:
        query = select(pauses.c.key).where(or_(pauses.c.key == key, pauses.c.ended_key == key))
        return self.connection.execute(query.limit(1)).first() is not None

    def to_send(self, projects: Collection[str]) -> list[str]:
        query = select(requests.c.id).where(
            requests.c.project.in_(projects),
            or_(requests.c.state == State.APPROVED, _sends()),
        )
        return list(self.connection.execute(query.order_by(requests.c.asked_at)).scalars())

    def halted(self, codes: Collection[str], projects: Collection[str]) -> list[str]:
        query = select(requests.c.id).where(
            requests.c.project.in_(projects),
            requests.c.state == State.HALTED,
            requests.c.note["code"].as_string().in_(codes),
        )
        return list(self.connection.execute(query.order_by(requests.c.asked_at)).scalars())

    def touch_waiting(self, projects: Collection[str]) -> None:
        self.connection.execute(
            update(requests)
            .where(requests.c.project.in_(projects), requests.c.state.in_(_WAITING))
            .values(version=requests.c.version + 1)
        )


def _sends() -> ColumnElement[bool]:
    unsent = exists().where(batches.c.request_id == requests.c.id, batches.c.state == PLANNED)
    return (requests.c.state == State.SENDING) & unsent


def _pause(row: Row[Any]) -> Pause:
    return Pause(row.project, row.by, row.at, row.reason, row.key)
