"""The ledger: work done inside one transaction, on the database's own threads."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection

from bot.divert.ports import Transaction
from bot.store.batches import BatchRows
from bot.store.database import Database
from bot.store.held import Begin
from bot.store.holds import HoldRows
from bot.store.phones import PhoneRows
from bot.store.posts import PostRows
from bot.store.projects import ProjectRows
from bot.store.requests import RequestRows

T = TypeVar("T")


class SqlTransaction(RequestRows, PhoneRows, HoldRows, BatchRows, PostRows, ProjectRows):
    """All parts of a transaction together; implements `bot.divert.ports.Transaction`."""

    __slots__ = ()


class SqlLedger:
    """Implements `bot.divert.ports.Ledger`. `begin` starts durable work on the connection."""

    def __init__(self, database: Database, begin: Begin) -> None:
        self._database = database
        self._begin = begin

    async def write(self, work: Callable[[Transaction], T]) -> T:
        return await self._database.write(lambda c: work(self._held(c, writes=True)))

    async def read(self, work: Callable[[Transaction], T]) -> T:
        return await self._database.read(lambda c: work(self._held(c, writes=False)))

    def _held(self, connection: Connection, *, writes: bool) -> SqlTransaction:
        return SqlTransaction(connection, self._begin, datetime.now(UTC), writes)
