"""Rows that are written only if they are not there yet."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, **values: object) -> bool:
    """Insert a row; False where a row with one of its keys is there already."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    query = dialect.insert(table).values(values).on_conflict_do_nothing()
    return connection.execute(query.returning(*table.primary_key)).first() is not None
