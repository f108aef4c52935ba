"""The ledger: work done inside one transaction, on the database's own threads."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection

from bot.divert.transaction import Transaction
from bot.store.announced import AnnouncedRows
from bot.store.batches import BatchRows
from bot.store.database import Database
from bot.store.held import Begin
from bot.store.holds import HoldRows
from bot.store.jobs import JobRows
from bot.store.later import LaterRows
from bot.store.notes import NoteRows
from bot.store.pauses import PauseRows
from bot.store.phones import PhoneRows
from bot.store.posts import PostRows
from bot.store.projects import ProjectRows
from bot.store.repeats import RepeatRows
from bot.store.requests import RequestRows
from bot.store.servers import ServerRows

T = TypeVar("T")


class SqlTransaction(
    RequestRows,
    RepeatRows,
    PhoneRows,
    HoldRows,
    BatchRows,
    JobRows,
    ServerRows,
    LaterRows,
    PostRows,
    ProjectRows,
    AnnouncedRows,
    PauseRows,
    NoteRows,
):
    """All parts of a transaction together; implements `bot.divert.transaction.Transaction`."""

    __slots__ = ()


class SqlLedger:
    """Implements `bot.divert.transaction.Ledger`. `begin` starts durable work on the connection."""

    def __init__(self, database: Database, begin: Begin) -> None:
        self._database = database
        self._begin = begin

    async def write(self, work: Callable[[Transaction], T], within: float | None = None) -> T:
        return await self._database.write(lambda c: work(self._held(c, writes=True)), within)

    async def read(self, work: Callable[[Transaction], T], within: float | None = None) -> T:
        return await self._database.read(lambda c: work(self._held(c, writes=False)), within)

    def _held(self, connection: Connection, *, writes: bool) -> SqlTransaction:
        return SqlTransaction(connection, self._begin, datetime.now(UTC), writes)
