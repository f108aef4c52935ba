"""Batches of a request: cut, sent and answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, func, insert, select, update

from bot.divert.outcome import Batch, PhoneState
from bot.divert.plan import BATCH_LIMIT
from bot.store.held import Held
from bot.store.tables import batches, phones

PLANNED: Final = "planned"
SENT: Final = "sent"
ANSWERED: Final = "answered"


class BatchRows(Held):
    """The batches' part of a transaction."""

    __slots__ = ()

    def add_batches(self, request_id: str, due: datetime) -> int:
        """Phones that were tried as often share a batch, so that its tries are its phones'."""
        loose = and_(
            phones.c.request_id == request_id,
            phones.c.state == PhoneState.PLANNED,
            phones.c.batch.is_(None),
        )
        sizes = select(phones.c.tries, func.count()).where(loose).group_by(phones.c.tries)
        number = first = self._last(request_id) + 1
        for tries, size in sorted(tuple(row) for row in self.connection.execute(sizes)):
            self._cut(request_id, and_(loose, phones.c.tries == tries), number)
            end = number + ceil(size / BATCH_LIMIT)
            self._add(request_id, range(number, end), due)
            number = end
        return first

    def _last(self, request_id: str) -> int:
        query = select(func.max(batches.c.number)).where(batches.c.request_id == request_id)
        return self.connection.execute(query).scalar() or 0

    def _cut(self, request_id: str, loose: ColumnElement[bool], first: int) -> None:
        """Number loose phones into batches, in their order, the first with the number `first`."""
        place = func.row_number().over(order_by=phones.c.number) - 1
        order = select(phones.c.phone_id, place.label("place")).where(loose).subquery()
        self.connection.execute(
            update(phones)
            .where(phones.c.request_id == request_id, phones.c.phone_id == order.c.phone_id)
            .values(batch=first + order.c.place // BATCH_LIMIT)
        )

    def _add(self, request_id: str, numbers: Iterable[int], due: datetime) -> None:
        written = [
            {
                "request_id": request_id,
                "number": number,
                "state": PLANNED,
                "due": due,
                "cloud_request_id": "",
            }
            for number in numbers
        ]
        self.connection.execute(insert(batches), written)

    def due_batches(self, request_id: str, limit: int) -> list[Batch]:
        """A batch is done with where a slice held for dead has answered for all its phones."""
        due = self._due(request_id, limit)
        taken = [self._batch(row) for row in due]
        for batch in taken:
            if not batch.phone_ids:
                self._set(request_id, batch.number, state=ANSWERED)
        found = [batch for batch in taken if batch.phone_ids]
        return found if found or not due else self.due_batches(request_id, limit)

    def _due(self, request_id: str, limit: int) -> Sequence[Row[Any]]:
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
        return self.connection.execute(query).all()

    def _batch(self, row: Row[Any]) -> Batch:
        query = (
            select(phones.c.phone_id, phones.c.tries)
            .where(
                phones.c.request_id == row.request_id,
                phones.c.batch == row.number,
                phones.c.state == PhoneState.PLANNED,
            )
            .order_by(phones.c.number)
        )
        found = self.connection.execute(query).all()
        tries = 1 + max((one.tries for one in found), default=0)
        return Batch(row.number, tuple(one.phone_id for one in found), tries)

    def next_due(self, request_id: str) -> datetime | None:
        query = select(func.min(batches.c.due)).where(
            batches.c.request_id == request_id, batches.c.state == PLANNED
        )
        due: datetime | None = self.connection.execute(query).scalar()
        return due

    def batch_sent(self, request_id: str, number: int) -> None:
        self._set(request_id, number, state=SENT, sent_at=self.moment)
        sent = {"state": PhoneState.SENT, "tries": phones.c.tries + 1}
        self._set_phones(request_id, number, PhoneState.PLANNED, **sent)

    def batch_answered(
        self, request_id: str, number: int, cloud_request_id: str, poll: datetime | None
    ) -> None:
        self._set(
            request_id, number, state=ANSWERED, cloud_request_id=cloud_request_id, next_poll=poll
        )

    def batch_unsent(self, request_id: str, number: int, due: datetime) -> None:
        self._set(request_id, number, state=PLANNED, due=due, sent_at=None)
        back = {"state": PhoneState.PLANNED, "tries": phones.c.tries - 1}
        self._set_phones(request_id, number, PhoneState.SENT, **back)

    def _set(self, request_id: str, number: int, **values: object) -> None:
        self.connection.execute(
            update(batches)
            .where(batches.c.request_id == request_id, batches.c.number == number)
            .values(**values)
        )

    def _set_phones(self, request_id: str, number: int, was: PhoneState, **values: object) -> None:
        """Write the phones of a batch that are where it left them."""
        self.connection.execute(
            update(phones)
            .where(
                phones.c.request_id == request_id,
                phones.c.batch == number,
                phones.c.state == was,
            )
            .values(since=self.moment, **values)
        )

    def orphans(self, request_id: str) -> int:
        return self.connection.execute(
            update(batches)
            .where(batches.c.request_id == request_id, batches.c.state == SENT)
            .values(state=ANSWERED)
        ).rowcount
