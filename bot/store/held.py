"""What every part of a transaction works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table

from bot.divert.transaction import Start
from bot.store.database_time import database_time
from bot.store.inserting import insert_new

Begin = Callable[[Connection, Start], None]


@dataclass(frozen=True, slots=True)
class Held:
    """An open transaction; `begin` starts durable work in it, `now` is its one moment.

    One that `writes` locks the requests it reads until it ends.
    """

    connection: Connection
    begin: Begin
    moment: datetime
    writes: bool

    def locked(self, query: Select[Any]) -> Select[Any]:
        return query.with_for_update() if self.writes else query

    def insert_new(self, table: Table, **values: object) -> bool:
        """Insert a row; False where a row with one of its keys is there already."""
        return insert_new(self.connection, table, **values)

    def now(self) -> datetime:
        return self.moment

    def clock(self) -> float:
        """Seconds since 1970 by the database's own clock, which all processes share."""
        return database_time(self.connection)

    def start(self, start: Start) -> None:
        self.begin(self.connection, start)
