"""Phones that one request holds against all others of its project."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Select, bindparam, select

from bot.divert.outcome import PhoneState
from bot.divert.request import OPEN
from bot.store.held import Held
from bot.store.portions import portions
from bot.store.projects import lock_project
from bot.store.tables import phones, requests

_UNDER_WAY: Final = (PhoneState.PLANNED, PhoneState.SENT, PhoneState.ACCEPTED)


class HoldRows(Held):
    """The holds' part of a transaction."""

    __slots__ = ()

    def held(self, request_id: str) -> list[tuple[str, str]]:
        """Of two plans of one project only one can look at a time, so both cannot pass."""
        project = select(requests.c.project).where(requests.c.id == request_id)
        lock_project(self, self.connection.execute(project).scalar_one())
        others = frozenset(self.connection.execute(_others(request_id)).scalars())
        mine = _planned(request_id) if others else None
        ids = [] if mine is None else list(self.connection.execute(mine).scalars())
        return [pair for some in portions(ids) for pair in self._under_way(some, others)]

    def _under_way(self, ids: Sequence[str], by: frozenset[str]) -> list[tuple[str, str]]:
        """Which of these phones are under way for which of these requests, in their order.

        By phone alone: of a join, PostgreSQL without fresh statistics makes minutes.
        """
        query = select(phones.c.phone_id, phones.c.request_id).where(
            phones.c.phone_id.in_(ids),
            # As literals, since the index is for these states only.
            phones.c.state.in_(bindparam("under_way", _UNDER_WAY, literal_execute=True)),
        )
        held = {
            phone_id: request_id
            for phone_id, request_id in self.connection.execute(query)
            if request_id in by
        }
        return [(phone_id, held[phone_id]) for phone_id in ids if phone_id in held]


def _planned(request_id: str) -> Select[str]:
    return (
        select(phones.c.phone_id)
        .where(phones.c.request_id == request_id, phones.c.state == PhoneState.PLANNED)
        .order_by(phones.c.number)
    )


def _others(request_id: str) -> Select[str]:
    """The requests that can hold phones against this one: open, and their plan was put up."""
    me = requests.alias("me")
    return (
        select(requests.c.id)
        .join(me, me.c.project == requests.c.project)
        .where(
            me.c.id == request_id,
            requests.c.id != request_id,
            requests.c.state.in_(OPEN),
            requests.c.planned_at.is_not(None),
        )
    )
