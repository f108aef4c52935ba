"""What all processes together have told last of a thing, so that one of them tells it."""

from typing import Final

from sqlalchemy import select, update

from bot.store.held import Held
from bot.store.tables import leases

_NAME: Final = "told: {}"


class AnnouncedRows(Held):
    """The announcements' part of a transaction.

    They stand among the leases, as one that was taken once: `holder` is the state that was told,
    `until` the moment it was told at. No process is called like a state, so none gives it back.
    """

    __slots__ = ()

    def announce(self, thing: str, state: str) -> str | None:
        row = {"name": _NAME.format(thing), "holder": state, "until": self.clock()}
        if self.insert_new(leases, **row):
            return ""
        of_it = leases.c.name == row["name"]
        query = self.locked(select(leases.c.holder).where(of_it))
        before: str = self.connection.execute(query).scalar_one()
        if before == state:
            return None
        self.connection.execute(update(leases).where(of_it).values(row))
        return before
