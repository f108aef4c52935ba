"""Batches of a request: cut, sent, answered and polled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, func, insert, literal, select, update

from bot.divert.outcome import Batch, PhoneState
from bot.divert.plan import BATCH_LIMIT
from bot.store.held import Held
from bot.store.phones import RUNNING
from bot.store.tables import batches, phones

PLANNED: Final = "planned"
SENT: Final = "sent"
ANSWERED: Final = "answered"


class BatchRows(Held):
    """The batches' part of a transaction."""

    __slots__ = ()

    def add_batches(self, request_id: str, due: datetime) -> None:
        """Phones that were tried as often share a batch, so that its tries are its phones'."""
        loose = and_(
            phones.c.request_id == request_id,
            phones.c.state == PhoneState.PLANNED,
            phones.c.batch.is_(None),
        )
        tries = self.connection.execute(select(phones.c.tries).where(loose).distinct()).scalars()
        for count in sorted(tries):
            self._cut(request_id, and_(loose, phones.c.tries == count))
        numbers = select(
            literal(request_id),
            phones.c.batch,
            literal(PLANNED),
            literal(due, batches.c.due.type),
            literal(""),
        ).where(
            phones.c.request_id == request_id,
            phones.c.state == PhoneState.PLANNED,
            phones.c.batch > self._last(request_id),
        )
        names = ["request_id", "number", "state", "due", "cloud_request_id"]
        self.connection.execute(insert(batches).from_select(names, numbers.distinct()))

    def _last(self, request_id: str) -> int:
        query = select(func.max(batches.c.number)).where(batches.c.request_id == request_id)
        return self.connection.execute(query).scalar() or 0

    def _cut(self, request_id: str, loose: Any) -> None:  # noqa: ANN401 - SQLAlchemy's expression
        """Number loose phones into batches behind the last one any phone is in."""
        used = select(func.max(phones.c.batch)).where(phones.c.request_id == request_id)
        last = max(self.connection.execute(used).scalar() or 0, self._last(request_id))
        place = func.row_number().over(order_by=phones.c.number)
        order = select(phones.c.number, place.label("place")).where(loose).subquery()
        self.connection.execute(
            update(phones)
            .where(phones.c.request_id == request_id, phones.c.number == order.c.number)
            .values(batch=last + 1 + (order.c.place - 1) // BATCH_LIMIT)
        )

    def due_batches(self, request_id: str, limit: int) -> list[Batch]:
        query = (
            select(batches)
            .where(
                batches.c.request_id == request_id,
                batches.c.state == PLANNED,
                batches.c.due <= self.moment,
            )
            .order_by(batches.c.due, batches.c.number)
            .limit(limit)
        )
        return [self._batch(row) for row in self.connection.execute(query).all()]

    def _batch(self, row: Row[Any]) -> Batch:
        query = (
            select(phones.c.phone_id, phones.c.tries)
            .where(phones.c.request_id == row.request_id, phones.c.batch == row.number)
            .order_by(phones.c.number)
        )
        found = self.connection.execute(query).all()
        tries = 1 + (found[0].tries if found else 0)
        return Batch(row.number, tuple(one.phone_id for one in found), tries)

    def next_due(self, request_id: str) -> datetime | None:
        query = select(func.min(batches.c.due)).where(
            batches.c.request_id == request_id, batches.c.state == PLANNED
        )
        due: datetime | None = self.connection.execute(query).scalar()
        return due

    def batch_sent(self, request_id: str, number: int) -> None:
        self._set(request_id, number, state=SENT, sent_at=self.moment)
        self._set_phones(request_id, number, PhoneState.SENT, tries=phones.c.tries + 1)

    def batch_answered(
        self, request_id: str, number: int, cloud_request_id: str, poll: datetime
    ) -> None:
        self._set(
            request_id, number, state=ANSWERED, cloud_request_id=cloud_request_id, next_poll=poll
        )

    def batch_unsent(self, request_id: str, number: int, due: datetime) -> None:
        self._set(request_id, number, state=PLANNED, due=due, sent_at=None)
        self._set_phones(request_id, number, PhoneState.PLANNED, tries=phones.c.tries - 1)

    def _set(self, request_id: str, number: int, **values: object) -> None:
        self.connection.execute(
            update(batches)
            .where(batches.c.request_id == request_id, batches.c.number == number)
            .values(**values)
        )

    def _set_phones(
        self, request_id: str, number: int, state: PhoneState, **values: object
    ) -> None:
        self.connection.execute(
            update(phones)
            .where(phones.c.request_id == request_id, phones.c.batch == number)
            .values(state=state, since=self.moment, **values)
        )

    def orphans(self, request_id: str) -> int:
        return self.connection.execute(
            update(batches)
            .where(batches.c.request_id == request_id, batches.c.state == SENT)
            .values(state=ANSWERED)
        ).rowcount

    def polls(self, request_id: str, limit: int) -> dict[str, dict[str, str]]:
        running = and_(phones.c.request_id == request_id, phones.c.batch == batches.c.number)
        due = (
            select(batches.c.number, batches.c.cloud_request_id)
            .where(
                batches.c.request_id == request_id,
                batches.c.next_poll <= self.moment,
                batches.c.cloud_request_id != "",
                select(phones.c.number).where(running, *RUNNING).exists(),
            )
            .order_by(batches.c.next_poll, batches.c.number)
            .limit(limit)
            .subquery()
        )
        query = (
            select(due.c.cloud_request_id, phones.c.job_id, phones.c.phone_id)
            .join(due, due.c.number == phones.c.batch)
            .where(phones.c.request_id == request_id, *RUNNING)
        )
        found: dict[str, dict[str, str]] = {}
        for cloud_request_id, job_id, phone_id in self.connection.execute(query):
            found.setdefault(cloud_request_id, {})[job_id] = phone_id
        return found

    def polled(self, request_id: str, cloud_request_ids: Sequence[str], due: datetime) -> None:
        self.connection.execute(
            update(batches)
            .where(
                batches.c.request_id == request_id,
                batches.c.cloud_request_id.in_(cloud_request_ids),
            )
            .values(next_poll=due)
        )
