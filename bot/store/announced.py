"""What all processes together have told last of a thing, so that one of them tells it."""

from sqlalchemy import select, update

from bot.store.held import Held
from bot.store.tables import announcements


class AnnouncedRows(Held):
    """The announcements' part of a transaction."""

    __slots__ = ()

    def announce(self, thing: str, state: str) -> str | None:
        if self.insert_new(announcements, thing=thing, state=state):
            return ""
        of_it = announcements.c.thing == thing
        query = self.locked(select(announcements.c.state).where(of_it))
        before: str = self.connection.execute(query).scalar_one()
        if before == state:
            return None
        self.connection.execute(update(announcements).where(of_it).values(state=state))
        return before
