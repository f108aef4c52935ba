"""Leases: of several processes one does a thing, until it stops renewing."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, or_, select, update

from bot.store.database import Database
from bot.store.tables import leases


@dataclass(frozen=True, slots=True)
class Leases:
    """Lease rows of one database."""

    database: Database

    async def hold(self, name: str, holder: str, seconds: float) -> bool:
        """Take or renew a lease; False while somebody else's has not run out."""
        now = datetime.now(UTC)
        until = now + timedelta(seconds=seconds)
        return await self.database.write(lambda c: _hold(c, name, holder, now, until))


def _hold(connection: Connection, name: str, holder: str, now: datetime, until: datetime) -> bool:
    free = or_(leases.c.holder == holder, leases.c.until < now)
    query = update(leases).where(leases.c.name == name, free).values(holder=holder, until=until)
    if connection.execute(query).rowcount:
        return True
    if connection.execute(select(leases.c.name).where(leases.c.name == name)).first():
        return False
    connection.execute(insert(leases).values(name=name, holder=holder, until=until))
    return True
