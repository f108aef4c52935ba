"""The real store, taken by one after the other in the loop's own thread, in the loop's own time."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, event

from bot.store.database import Database, open_database
from bot.store.ledger import SqlLedger, SqlTransaction
from tests.cph.virtual import VirtualClock
from tests.divert.state_machine.fuse import Fuse

T = TypeVar("T")


class Inline(Database):
    """SQLite without threads, so that a run can be repeated; a process dies around its commits."""

    def __init__(self, url: str, fuse: Fuse) -> None:
        engine = open_database(url).writing
        event.listen(engine, "connect", _unsynced)
        super().__init__(engine, engine)
        self._fuse = fuse

    async def write(self, work: Callable[[Connection], T], within: float | None = None) -> T:  # noqa: ARG002 - nobody else is in the way
        await asyncio.sleep(0)
        self._fuse.pass_()
        with self.writing.begin() as connection:
            done = work(connection)
        self._fuse.pass_()
        return done

    async def read(self, work: Callable[[Connection], T], within: float | None = None) -> T:  # noqa: ARG002 - as above
        await asyncio.sleep(0)
        if self._fuse.dead:
            self._fuse.pass_()
        return self.look(work)

    def look(self, work: Callable[[Connection], T]) -> T:
        """Look into it from outside of the bot, whether that lives or not."""
        with self.writing.connect() as connection:
            return work(connection)

    def drop(self) -> None:
        self.writing.dispose()


def _unsynced(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
    """The process dies here, the machine does not, and the system keeps what it was given."""
    connection.execute("PRAGMA synchronous=OFF")


class Timed(SqlLedger):
    """The ledger by the loop's clock."""

    def _held(self, connection: Connection, *, writes: bool) -> SqlTransaction:
        return _Timed(connection, self._begin, now(), writes)


class _Timed(SqlTransaction):
    __slots__ = ()

    def clock(self) -> float:
        return now().timestamp()


def now() -> datetime:
    return VirtualClock().now()
