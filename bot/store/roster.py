"""Which executors are alive, by their beats."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, update

from bot.store.database import Database
from bot.store.database_time import database_time
from bot.store.tables import executors, leases


@dataclass(frozen=True, slots=True)
class SqlRoster:
    """Implements `bot.engine.takeover.Roster`."""

    database: Database

    async def beat(self, executor_id: str) -> None:
        await self.database.write(lambda connection: _beat(connection, executor_id))

    async def silent(self, since: timedelta) -> list[str]:
        return await self.database.read(lambda connection: _silent(connection, since))

    async def forget(self, executor_id: str) -> None:
        """Nobody waits for the leases of the dead either."""
        await self.database.write(lambda connection: _forget(connection, executor_id))


def _beat(connection: Connection, executor_id: str) -> None:
    now = database_time(connection)
    query = update(executors).where(executors.c.id == executor_id).values(beat_at=now)
    if not connection.execute(query).rowcount:
        connection.execute(insert(executors).values(id=executor_id, beat_at=now))


def _forget(connection: Connection, executor_id: str) -> None:
    connection.execute(delete(leases).where(leases.c.holder == executor_id))
    connection.execute(delete(executors).where(executors.c.id == executor_id))


def _silent(connection: Connection, since: timedelta) -> list[str]:
    before = database_time(connection) - since.total_seconds()
    query = select(executors.c.id).where(executors.c.beat_at <= before)
    return list(connection.execute(query).scalars())
