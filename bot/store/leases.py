"""Leases: of several processes one does a thing, until it stops renewing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, or_, update

from bot.store.database import Database
from bot.store.database_time import database_time
from bot.store.inserting import insert_new
from bot.store.tables import leases


@dataclass(frozen=True, slots=True)
class Leases:
    """Lease rows of one database."""

    database: Database

    async def hold(
        self, name: str, holder: str, seconds: float, within: float | None = None
    ) -> bool:
        """Take or renew a lease; False while somebody else's has not run out."""
        return await self.database.write(lambda c: _hold(c, name, holder, seconds), within)

    def guarded(
        self, name: str, holder: str, seconds: float, work: Callable[[], Awaitable[None]]
    ) -> Callable[[], Awaitable[None]]:
        """The work, done only while the lease is held."""

        async def round_() -> None:
            if await self.hold(name, holder, seconds):
                await work()

        return round_

    async def release(self, holder: str) -> None:
        """Give back all that a holder has, so that nobody waits for it to run out."""
        query = delete(leases).where(leases.c.holder == holder)
        await self.database.write(lambda connection: connection.execute(query))


def _hold(connection: Connection, name: str, holder: str, seconds: float) -> bool:
    now = database_time(connection)
    values = {"holder": holder, "until": now + seconds}
    free = or_(leases.c.holder == holder, leases.c.until <= now)
    taken = connection.execute(update(leases).where(leases.c.name == name, free).values(values))
    return bool(taken.rowcount) or insert_new(connection, leases, name=name, **values)
