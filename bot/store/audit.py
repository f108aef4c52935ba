"""The audit: one entry for each change of state, each bound to all before it by a hash."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, insert, select, text

from bot.store.tables import audit

BEGINNING: Final = "0" * 64
_LOCK: Final = 7_126_001  # a number of our own for PostgreSQL's advisory lock


def append(connection: Connection, entry: Mapping[str, Any]) -> None:
    """Write the next entry; entries of other transactions wait, so the chain has no fork."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = connection.execute(
        select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
    ).first()
    number, before = (last.number, last.hash) if last else (0, BEGINNING)
    written = {"number": number + 1, "entry": dict(entry), "hash": chain(before, number + 1, entry)}
    connection.execute(insert(audit).values(written))


def chain(before: str, number: int, entry: Mapping[str, Any]) -> str:
    """The hash of an entry behind the one with the hash `before`."""
    told = json.dumps([before, number, dict(entry)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def verify(connection: Connection) -> int | None:
    """The number of the first entry that is changed, missing or moved; None if all is well."""
    before, expected = BEGINNING, 1
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        if row.number != expected or row.hash != chain(before, row.number, row.entry):
            return expected
        before, expected = row.hash, expected + 1
    return None
