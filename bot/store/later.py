"""Phones that later requests of the same project have moved on."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select

from bot.divert.outcome import PhoneState
from bot.store.held import Held
from bot.store.portions import portions
from bot.store.tables import phones, requests

_SUCCEEDED: Final = phones.c.state == PhoneState.SUCCEEDED


class LaterRows(Held):
    """The later requests' part of a transaction."""

    __slots__ = ()

    def moved_later(self, request_id: str, phone_ids: Sequence[str]) -> dict[str, str]:
        """By the latest one. Looked for request by request, the latest first.

        An index by phone would be written for every phone that is moved, to be read this rarely.
        """
        found: dict[str, str] = {}
        wanted = set(phone_ids)
        for later in self._started_after(request_id):
            moved = self._moved(later, wanted)
            found |= dict.fromkeys(moved, later)
            wanted -= moved
            if not wanted:
                break
        return found

    def _started_after(self, request_id: str) -> list[str]:
        """The latest first.

        One request holds a phone at a time, so whoever moved it later had also started later,
        whichever was asked for first.
        """
        me = requests.alias("me")
        query = (
            select(requests.c.id)
            .join(me, me.c.project == requests.c.project)
            .where(me.c.id == request_id, requests.c.started_at > me.c.started_at)
            .order_by(requests.c.started_at.desc())
        )
        return list(self.connection.execute(query).scalars())

    def _moved(self, request_id: str, wanted: set[str]) -> set[str]:
        """What costs less: all that the request moved, or the wanted ones looked up in it."""
        mine = phones.c.request_id == request_id
        moved = select(func.count()).where(mine, _SUCCEEDED)
        if self.connection.execute(moved).scalar_one() <= len(wanted):
            every = select(phones.c.phone_id).where(mine, _SUCCEEDED)
            return wanted.intersection(self.connection.execute(every).scalars())
        return {
            row.phone_id
            for some in portions(list(wanted))
            for row in self.connection.execute(
                # With the state in the condition, SQLite would read all phones in that state.
                select(phones.c.phone_id, phones.c.state).where(mine, phones.c.phone_id.in_(some))
            )
            if row.state == PhoneState.SUCCEEDED
        }
