"""Which executors are alive: by a lock that ends with their connection, and by their beats.

On SQLite the lock file has proved that nobody else is alive. On PostgreSQL each executor holds an
advisory lock on a connection of its own, which the server takes away when the process dies.
"""

import asyncio
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import Database
from bot.store.database_time import database_time
from bot.store.inserting import insert_new
from bot.store.tables import executors, leases

_OURS: Final = 7_126_003  # the first number of our advisory locks
_LOCK: Final = text("SELECT pg_try_advisory_lock(:ours, :number)")
_HELD: Final = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 "
    "AND classid = :ours "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until an executor is given up.

    Without a beat so long it is `lost` if its lock is free, `silent` whatever holds the lock.
    After the database was away, others have `mercy` to come back.
    """

    lost: float = 3.0
    silent: float = 15.0
    mercy: float = 5.0


PATIENCE: Final = Patience()


class SqlRoster:
    """Implements `bot.engine.takeover.Roster` for the executor `me`.

    `given_up` is called where others have struck it off meanwhile, before it writes anything more.
    """

    def __init__(
        self,
        database: Database,
        me: str,
        given_up: Callable[[], None],
        patience: Patience = PATIENCE,
    ) -> None:
        self.me = me
        self._patience = patience
        self._given_up = given_up
        self.database = database
        self._line: Connection | None = None  # on PostgreSQL; the lock is its session's
        self._locked = False
        self._judges_from = 0.0  # by the monotonic clock

    async def arrive(self) -> None:
        """Take the lock, then the place; in this order nobody sees a place without its lock."""
        if not self.database.is_sqlite:
            await asyncio.to_thread(self._hold)
        await self.database.write(self._take_place)
        self.database.guard = self._end_if_struck_off

    async def round(self) -> list[str]:
        """Beat, and give up whoever is gone; who that was.

        Everybody does this, so that nobody waits for a lease of the dead.
        """
        await self.beat()
        return await self.give_up_the_dead()

    async def beat(self) -> None:
        """Tell that we live."""
        if self.database.is_sqlite:
            await self.database.write(self._beat)
        else:
            await asyncio.to_thread(self._beat_on_line)

    async def give_up_the_dead(self) -> list[str]:
        """Strike those who are gone, and their leases, off; who that was."""
        if time.monotonic() < self._judges_from:
            return []
        return await self.database.write(self._strike_off)

    async def living(self) -> frozenset[str]:
        return await self.database.read(
            lambda connection: frozenset(connection.execute(select(executors.c.id)).scalars())
        )

    async def leave(self) -> None:
        """Others need not wait to find out."""
        self.database.guard = None
        await self.database.write(lambda connection: _forget(connection, [self.me]))
        await asyncio.to_thread(self.hang_up)

    def _end_if_struck_off(self, connection: Connection) -> None:
        query = select(executors.c.id).where(executors.c.id == self.me)
        if connection.execute(query).one_or_none() is None:
            self._given_up()

    def _take_place(self, connection: Connection) -> None:
        insert_new(connection, executors, id=self.me, beat_at=database_time(connection))

    def _beat(self, connection: Connection) -> None:
        query = update(executors).where(executors.c.id == self.me)
        if not connection.execute(query.values(beat_at=database_time(connection))).rowcount:
            self._given_up()

    def _beat_on_line(self) -> None:
        try:
            self._beat(self._hold())
        except SQLAlchemyError:
            self.hang_up()
            self._judges_from = float("inf")
            raise

    def _hold(self) -> Connection:
        """The line, with the lock on it as soon as a dead line of ours no longer has it."""
        if self._line is None:
            line = self.database.writing.connect()
            self._line = line.execution_options(isolation_level="AUTOCOMMIT")
            if self._judges_from:
                self._judges_from = time.monotonic() + self._patience.mercy
        if not self._locked:
            numbers = {"ours": _OURS, "number": _signed(_number(self.me))}
            self._locked = bool(self._line.execute(_LOCK, numbers).scalar())
        return self._line

    def hang_up(self) -> None:
        """Give the lock up with its session, as a death does."""
        line, self._line, self._locked = self._line, None, False
        if line is not None:
            line.invalidate()  # not back into the pool: the lock would stay
            line.close()

    def _strike_off(self, connection: Connection) -> list[str]:
        now, held = database_time(connection), self._held(connection)
        rows = connection.execute(select(executors).where(executors.c.id != self.me)).all()
        dead = [row.id for row in rows if self._is_dead(row, now, held)]
        _forget(connection, dead)
        return dead

    def _is_dead(self, row: Any, now: float, held: frozenset[int]) -> bool:  # noqa: ANN401 - a row
        if self.database.is_sqlite:
            return True
        is_locked = _number(row.id) in held
        longest = self._patience.silent if is_locked else self._patience.lost
        return bool(now - row.beat_at > longest)

    def _held(self, connection: Connection) -> frozenset[int]:
        if self.database.is_sqlite:
            return frozenset()
        return frozenset(connection.execute(_HELD, {"ours": _OURS}).scalars())


def _forget(connection: Connection, gone: list[str]) -> None:
    """Nobody waits for the leases of the dead either."""
    connection.execute(delete(leases).where(leases.c.holder.in_(gone)))
    connection.execute(delete(executors).where(executors.c.id.in_(gone)))


def _number(executor_id: str) -> int:
    """The second number of its lock, as PostgreSQL lists it."""
    return zlib.crc32(executor_id.encode())


def _signed(number: int) -> int:
    """As the lock function takes it: 32 bits with a sign."""
    return number - 2**32 if number >= 2**31 else number
