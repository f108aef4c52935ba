"""What somebody can do to the audit who may do anything to the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update

from bot.store.audit import BEGINNING, Head, chain
from bot.store.tables import audit, audit_head


@dataclass(frozen=True)
class Row:
    """An entry as it stands in its table."""

    number: int
    told: dict[str, Any]
    hash: str

    def at(self, number: int) -> "Row":
        return replace(self, number=number)


def drop_triggers(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.execute(text("ALTER TABLE audit_head DISABLE TRIGGER USER"))
        return
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in list(names.scalars()):
        connection.execute(text(f"DROP TRIGGER {name}"))


def read(connection: Connection) -> list[Row]:
    query = select(audit).order_by(audit.c.number)
    return [Row(row.number, row.entry, row.hash) for row in connection.execute(query)]


def overwrite(connection: Connection, rows: Sequence[Row]) -> None:
    """Put other rows in the place of all, and leave the head as it is."""
    connection.execute(delete(audit))
    for row in rows:
        connection.execute(insert(audit).values(number=row.number, entry=row.told, hash=row.hash))


def set_head(connection: Connection, head: Head) -> None:
    connection.execute(update(audit_head).values(number=head.number, hash=head.hash))


def chained(told: Sequence[dict[str, Any]], behind: Sequence[Row] = ()) -> list[Row]:
    """Rows as they would have been written behind others."""
    rows = list(behind)
    for one in told:
        before = rows[-1].hash if rows else BEGINNING
        number = len(rows) + 1
        rows.append(Row(number, one, chain(before, number, one)))
    return rows
