"""The database's own clock: the one clock that processes on several machines share."""

from typing import Final

from sqlalchemy import Connection, text

# Seconds since 1970. PostgreSQL's now() would be the beginning of the transaction.
_CLOCKS: Final = {
    "sqlite": text("SELECT (julianday('now') - 2440587.5) * 86400.0"),
    "postgresql": text("SELECT extract(epoch FROM clock_timestamp())::double precision"),
}


def database_time(connection: Connection) -> float:
    """Seconds since 1970 by the database's clock."""
    return float(connection.execute(_CLOCKS[connection.dialect.name]).scalar_one())
