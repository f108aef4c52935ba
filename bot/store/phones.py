"""Phones of a request: written, changed and counted in sets."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from sys import intern
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from bot.divert.outcome import NO_ANSWER, Change, Counts, PhoneRow, PhoneState
from bot.store.held import Held
from bot.store.tables import batches, phones

_ERRORS: Final = (PhoneState.REJECTED, PhoneState.FAILED, PhoneState.UNCLEAR)
_SAMPLE: Final = 5  # ids told of each error
_HISTORY_LIMIT: Final = 500  # characters


class PhoneRows(Held):
    """The phones' part of a transaction."""

    __slots__ = ()

    def clear_phones(self, request_id: str) -> None:
        for table in (phones, batches):
            self.connection.execute(delete(table).where(table.c.request_id == request_id))

    def add_phones(self, request_id: str, rows: Sequence[PhoneRow]) -> None:
        if rows:
            written = [_written(request_id, row, self.moment) for row in rows]
            self.connection.execute(insert(phones), written)

    def counts(self, request_id: str) -> Counts:
        query = (
            select(phones.c.state, func.count())
            .where(phones.c.request_id == request_id)
            .group_by(phones.c.state)
        )
        found = self.connection.execute(query)
        return Counts({PhoneState(state): count for state, count in found})

    def rows(self, request_id: str, after: int, limit: int) -> list[PhoneRow]:
        query = (
            select(phones)
            .where(phones.c.request_id == request_id, phones.c.number > after)
            .order_by(phones.c.number)
            .limit(limit)
        )
        return [read_row(row) for row in self.connection.execute(query)]

    def change_phones(self, request_id: str, changes: Iterable[Change]) -> None:
        written = [_changed(request_id, change, self.moment) for change in changes]
        if written:
            self.connection.execute(_CHANGE, written)

    def unanswered(self, request_id: str, phone_ids: Sequence[str]) -> frozenset[str]:
        query = select(phones.c.phone_id).where(
            phones.c.request_id == request_id,
            phones.c.phone_id.in_(phone_ids),
            phones.c.history.contains(NO_ANSWER),
        )
        return frozenset(self.connection.execute(query).scalars())

    def cancel_unsent(self, request_id: str) -> int:
        cancelled = self.connection.execute(
            update(phones)
            .where(phones.c.request_id == request_id, phones.c.state == PhoneState.PLANNED)
            .values(state=PhoneState.CANCELLED, batch=None, since=self.moment)
        ).rowcount
        self.connection.execute(
            delete(batches).where(batches.c.request_id == request_id, batches.c.state == "planned")
        )
        return cancelled

    def errors(self, request_id: str) -> list[tuple[str, int, str, list[str]]]:
        bad = and_(phones.c.request_id == request_id, phones.c.state.in_(_ERRORS))
        query = (
            select(phones.c.code, func.count(), func.max(phones.c.message))
            .where(bad)
            .group_by(phones.c.code, case((phones.c.code == "", phones.c.message)))
            .order_by(func.count().desc())
        )
        groups = self.connection.execute(query).all()
        return [
            (code, count, message, self._sample(bad, code, message))
            for code, count, message in groups
        ]

    def _sample(self, bad: ColumnElement[bool], code: str, message: str) -> list[str]:
        same = and_(bad, phones.c.code == code)
        if not code:
            same = and_(same, phones.c.message == message)
        query = select(phones.c.phone_id).where(same).order_by(phones.c.number).limit(_SAMPLE)
        return list(self.connection.execute(query).scalars())

    def to_read_back(self, request_id: str, sent_before: datetime) -> list[PhoneRow]:
        answered = select(batches.c.number).where(
            batches.c.request_id == request_id, batches.c.state == "answered"
        )
        unanswered = and_(
            phones.c.state == PhoneState.SENT,
            phones.c.since <= sent_before,
            phones.c.batch.in_(answered),
        )
        ended = and_(phones.c.state == PhoneState.ACCEPTED, phones.c.job_ended)
        query = select(phones).where(phones.c.request_id == request_id, or_(unanswered, ended))
        return [read_row(row) for row in self.connection.execute(query.order_by(phones.c.number))]


# As text, since SQLAlchemy would bind each constant anew for every phone. Where nothing is to be
# told of this try, `new_why` is NULL, and so is what is joined with it.
_HISTORY: Final = text(
    "substr(history || coalesce(CASE history WHEN '' THEN '' ELSE ', ' END"
    f" || CAST(tries AS TEXT) || ': ' || :new_why, ''), 1, {_HISTORY_LIMIT})"
).bindparams(bindparam("new_why", type_=phones.c.history.type))


_CHANGE: Final = (
    update(phones)
    .where(
        phones.c.request_id == bindparam("of_request"), phones.c.phone_id == bindparam("of_phone")
    )
    .values(
        state=bindparam("new_state"),
        since=bindparam("new_since"),
        code=bindparam("new_code"),
        message=bindparam("new_message"),
        job_id=func.coalesce(bindparam("new_job"), phones.c.job_id),
        job_ended=func.coalesce(bindparam("new_ended"), phones.c.job_ended),
        batch=case((bindparam("again"), None), else_=phones.c.batch),
        history=_HISTORY,
    )
)


def _changed(request_id: str, change: Change, moment: datetime) -> dict[str, Any]:
    return {
        "of_request": request_id,
        "of_phone": change.phone_id,
        "new_state": change.state,
        "new_since": moment,
        "new_code": change.code,
        "new_message": change.message,
        "new_job": "" if change.again else change.job_id,  # the next call has not started one
        "new_ended": False if change.again else change.job_ended,
        "again": change.again,
        "new_why": change.why or None,
    }


def _written(request_id: str, row: PhoneRow, moment: datetime) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "number": row.number,
        "phone_id": row.id,
        "state": row.state,
        "route_before": row.route_before,
        "server": row.server,
        "batch": row.batch,
        "tries": row.tries,
        "job_id": row.job_id,
        "job_ended": row.job_ended,
        "code": row.code,
        "message": row.message,
        "since": moment,
        "name": row.name,
        "server_name": row.server_name,
        "hindrance": row.hindrance,
        "place": row.place,
        "history": row.history,
    }


def read_row(row: Row[Any]) -> PhoneRow:
    return PhoneRow(
        id=row.phone_id,
        number=row.number,
        state=PhoneState(row.state),
        route_before=intern(row.route_before),  # few different ones in many rows
        server=intern(row.server),
        batch=row.batch,
        tries=row.tries,
        job_id=row.job_id,
        job_ended=row.job_ended,
        code=row.code,
        message=row.message,
        since=row.since,
        name=row.name,
        server_name=intern(row.server_name),
        hindrance=intern(row.hindrance),
        place=row.place,
        history=row.history,
    )
