"""Jobs of a request: asked for by call, counted and told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, case, func, select, update

from bot.divert.outcome import LEFT_OUT, PhoneState
from bot.store.held import Held
from bot.store.tables import batches, phones

RUNNING: Final = (phones.c.state == PhoneState.ACCEPTED, phones.c.job_ended.is_(False))

# With the state named, the index leads to the phones of a batch.
_TAKEN_UP: Final = phones.c.state.in_([state for state in PhoneState if state not in LEFT_OUT])


class JobRows(Held):
    """The jobs' part of a transaction."""

    __slots__ = ()

    def polls(self, request_id: str, limit: int) -> dict[str, dict[str, str]]:
        due = (
            select(batches.c.number, batches.c.cloud_request_id)
            .where(
                batches.c.request_id == request_id,
                batches.c.next_poll <= self.moment,
                batches.c.cloud_request_id != "",
            )
            .order_by(batches.c.next_poll, batches.c.number)
            .limit(limit)
        )
        calls = {row.number: row.cloud_request_id for row in self.connection.execute(due)}
        found: dict[str, dict[str, str]] = {call: {} for call in calls.values()}
        query = select(phones.c.batch, phones.c.job_id, phones.c.phone_id).where(
            phones.c.request_id == request_id, phones.c.batch.in_(calls), *RUNNING
        )
        for batch, job_id, phone_id in self.connection.execute(query):
            found[calls[batch]][job_id] = phone_id
        return found

    def silent(self, request_id: str, cloud_request_ids: Sequence[str]) -> frozenset[str]:
        query = select(phones.c.phone_id).where(
            phones.c.request_id == request_id,
            phones.c.batch.in_(self._calls(request_id, cloud_request_ids)),
            phones.c.state == PhoneState.SENT,
            phones.c.job_id == "",
        )
        return frozenset(self.connection.execute(query).scalars())

    def polled(self, request_id: str, due: Mapping[str, datetime]) -> None:
        """A call whose jobs have all ended is asked about no more."""
        written = [
            {"of_request": request_id, "of_batch": number, "new_poll": due[call]}
            for number, call in self._calls(request_id, due).items()
        ]
        if written:
            self.connection.execute(_POLLED, written)

    def jobs_by_call(self, request_id: str, cloud_request_ids: Sequence[str]) -> dict[str, int]:
        calls = self._calls(request_id, cloud_request_ids)
        query = (
            select(phones.c.batch, func.count())
            .where(
                phones.c.request_id == request_id,
                phones.c.batch.in_(calls),
                phones.c.job_id != "",
                _TAKEN_UP,
            )
            .group_by(phones.c.batch)
        )
        jobs = dict.fromkeys(cloud_request_ids, 0)
        for batch, count in self.connection.execute(query):
            jobs[calls[batch]] += count
        return jobs

    def _calls(self, request_id: str, cloud_request_ids: Collection[str]) -> dict[int, str]:
        """The batches of these calls: number to cloud request id."""
        query = select(batches.c.number, batches.c.cloud_request_id).where(
            batches.c.request_id == request_id, batches.c.cloud_request_id.in_(cloud_request_ids)
        )
        return {row.number: row.cloud_request_id for row in self.connection.execute(query)}

    def job_ids(self, request_id: str, limit: int) -> list[tuple[str, str]]:
        query = (
            select(phones.c.phone_id, phones.c.job_id)
            .where(phones.c.request_id == request_id, phones.c.job_id != "")
            .order_by(phones.c.number)
            .limit(limit)
        )
        return [(row.phone_id, row.job_id) for row in self.connection.execute(query)]

    def jobs_accepted(self, request_id: str) -> int:
        mine = phones.c.request_id == request_id
        query = select(func.count()).select_from(phones).where(mine, phones.c.job_id != "")
        return self.connection.execute(query).scalar_one()


_STILL_RUNNING: Final = select(phones.c.number).where(
    phones.c.request_id == bindparam("of_request"), phones.c.batch == batches.c.number, *RUNNING
)

_POLLED: Final = (
    update(batches)
    .where(
        batches.c.request_id == bindparam("of_request"), batches.c.number == bindparam("of_batch")
    )
    .values(
        next_poll=case(
            (_STILL_RUNNING.exists(), bindparam("new_poll", type_=batches.c.next_poll.type))
        )
    )
)
