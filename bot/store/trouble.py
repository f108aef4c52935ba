"""What is wrong with the database, by the codes of the drivers' errors and never by their text."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.divert.failures import LedgerAway, Trouble

_PRIMARY: Final = 0xFF  # SQLite's result codes say more in their higher bits
_SQLITE: Final = {
    sqlite3.SQLITE_FULL: Trouble.DISK,
    sqlite3.SQLITE_IOERR: Trouble.DISK,
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_CANTOPEN: Trouble.AWAY,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL: Final = {
    "53100": Trouble.DISK,  # disk_full
    "58030": Trouble.DISK,  # io_error
    "55P03": Trouble.LOCKED,  # lock_not_available
    "25006": Trouble.READ_ONLY,  # read_only_sql_transaction: a standby
    "25P03": Trouble.AWAY,  # idle_in_transaction_session_timeout: we were frozen for too long
}
_POSTGRESQL_CLASSES: Final = {
    "08": Trouble.AWAY,  # connection exception
    "53": Trouble.AWAY,  # insufficient resources, such as too many connections
    "57": Trouble.AWAY,  # operator intervention: shut down, starting up
}


def trouble_of(failure: BaseException | None) -> Trouble | None:
    """What is wrong with the database; None where the failure is the statement's own.

    Where SQLite gives a transaction up, as on a full disk, undoing it fails too: what is wrong
    is then what that failure came after.
    """
    while failure is not None:
        if (trouble := _trouble(failure)) is not None:
            return trouble
        failure = failure.__context__
    return None


def _trouble(failure: BaseException) -> Trouble | None:
    if isinstance(failure, NoConnectionFree):
        return Trouble.AWAY
    if not isinstance(failure, DBAPIError):
        return None
    error = failure.orig
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)
    if isinstance(error, psycopg.Error) and error.sqlstate is not None:
        by_class = _POSTGRESQL_CLASSES.get(error.sqlstate[:2])
        return _POSTGRESQL.get(error.sqlstate, by_class)
    # The connection could not be made or broke: the server had no say, so there is no code.
    return Trouble.AWAY if isinstance(error, psycopg.OperationalError) else None


@contextmanager
def in_our_words(but: Trouble | None = None) -> Iterator[None]:
    """Raise what is wrong with the database as `LedgerAway`, and all else as it is."""
    try:
        yield
    except SQLAlchemyError as failure:
        trouble = trouble_of(failure)
        if trouble is None or trouble is but:
            raise
        raise LedgerAway(trouble) from failure
