"""The audit: one entry for each change of state, each bound to all before it by a hash."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from bot.store.tables import audit, audit_head

BEGINNING: Final = "0" * 64
_AT_ONCE: Final = 1_000  # entries in memory while the chain is verified


def append(connection: Connection, entry: Mapping[str, Any]) -> None:
    """Write the next entry; entries of other transactions wait, so the chain has no fork."""
    last = connection.execute(select(audit_head).with_for_update()).one()
    number = last.number + 1
    link = chain(last.hash, number, entry)
    connection.execute(insert(audit).values(number=number, entry=dict(entry), hash=link))
    connection.execute(update(audit_head).values(number=number, hash=link))


def chain(before: str, number: int, entry: Mapping[str, Any]) -> str:
    """The hash of an entry behind the one with the hash `before`."""
    told = json.dumps([before, number, dict(entry)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def verify(connection: Connection) -> int | None:
    """The number of the first entry that is changed, missing or moved; None if all is well."""
    before, expected = BEGINNING, 1
    query = select(audit).order_by(audit.c.number).execution_options(yield_per=_AT_ONCE)
    with connection.execute(query) as entries:
        for row in entries:
            if row.number != expected or row.hash != chain(before, row.number, row.entry):
                return expected
            before, expected = row.hash, expected + 1
    head = connection.execute(select(audit_head)).one()
    return None if (head.number, head.hash) == (expected - 1, before) else expected
