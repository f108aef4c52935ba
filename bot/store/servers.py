"""The servers a request is at work on: how much runs there, and since when nothing moves."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from bot.divert.outcome import LEFT_OUT, PhoneRow, PhoneState, ServerWork
from bot.divert.request import State
from bot.store.held import Held
from bot.store.jobs import RUNNING
from bot.store.phones import read_row
from bot.store.portions import portions
from bot.store.tables import phones, requests

_TO_CHANGE: Final = phones.c.state.not_in([*LEFT_OUT, PhoneState.CANCELLED])
_RUNS: Final = and_(*RUNNING)
_AT_WORK: Final = (State.SENDING, State.HALTED, State.CANCELLING)
_MOVED: Final = or_(
    phones.c.job_ended, phones.c.state.in_([PhoneState.SUCCEEDED, PhoneState.FAILED])
)


class ServerRows(Held):
    """The servers' part of a transaction."""

    __slots__ = ()

    def servers_at_work(self, request_id: str) -> list[ServerWork]:
        """Only servers that still have jobs are summed up: few of many at the end of a run."""
        others = list(self.connection.execute(_sharing(request_id)).scalars())
        return [
            ServerWork(*row)
            for some in portions(self._at_work(request_id))
            for row in self.connection.execute(_work(request_id, others, some))
        ]

    def _at_work(self, request_id: str) -> list[str]:
        # As an expression, since SQLite would rather walk all servers than drop doubles itself.
        server = phones.c.server.concat("")
        query = select(server).where(phones.c.request_id == request_id, _RUNS).distinct()
        return sorted(self.connection.execute(query).scalars())

    def running_on(self, request_id: str, servers: Sequence[str]) -> list[PhoneRow]:
        found = [
            read_row(row)
            for some in portions(servers)
            for row in self.connection.execute(select(phones).where(_on(request_id, some), _RUNS))
        ]
        return sorted(found, key=lambda row: row.number)


def _on(request_id: str, servers: Sequence[str]) -> ColumnElement[bool]:
    return and_(phones.c.request_id == request_id, phones.c.server.in_(servers))


def _sharing(request_id: str) -> Select[str]:
    """The other requests of the project whose jobs the same servers may be busy with."""
    me = requests.alias("me")
    return (
        select(requests.c.id)
        .join(me, me.c.project == requests.c.project)
        .where(me.c.id == request_id, requests.c.id != request_id, requests.c.state.in_(_AT_WORK))
    )


def _work(request_id: str, others: Sequence[str], servers: Sequence[str]) -> Select[Any]:
    """Rows as `ServerWork` has its fields.

    A server that works for another request moves; what runs is this request's alone.
    """
    mine = and_(_RUNS, phones.c.request_id == request_id)
    accepted_at = func.min(case((mine, phones.c.since)))
    concerned = [request_id, *others]
    return (
        select(
            phones.c.server,
            func.count(case((_TO_CHANGE, 1))),
            func.count(case((mine, 1))),
            accepted_at,
            func.coalesce(func.max(case((_MOVED, phones.c.since))), accepted_at),
        )
        .where(phones.c.request_id.in_(concerned), phones.c.server.in_(servers))
        .group_by(phones.c.server)
        .order_by(phones.c.server)
    )
