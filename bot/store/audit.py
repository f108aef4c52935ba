"""The audit: one entry for each change of state, each bound to all before it by a hash."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, LargeBinary, Text, cast, insert, select, update

from bot.store.tables import audit, audit_head, storable

BEGINNING: Final = "0" * 64
UNREADABLE: Final = "unreadable"  # the one word of an entry that is none any more
_AT_ONCE: Final = 1_000  # entries in memory while they are gone through


@dataclass(frozen=True, slots=True)
class Head:
    """The number and the hash of the last entry."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the database has it, whether it was written so or not."""

    number: int
    told: Mapping[str, Any]
    hash: str


def append(connection: Connection, told: Mapping[str, str]) -> None:
    """Write the next entry; entries of other transactions wait, so the chain has no fork."""
    last = connection.execute(select(audit_head).with_for_update()).one()
    number = last.number + 1
    kept = {name: storable(value) for name, value in told.items()}  # the hash is of what is kept
    link = chain(last.hash, number, kept)
    connection.execute(insert(audit).values(number=number, entry=kept, hash=link))
    connection.execute(update(audit_head).values(number=number, hash=link))


def chain(before: str, number: int, told: Mapping[str, Any]) -> str:
    """The hash of an entry behind the one with the hash `before`."""
    return hashlib.sha256(canonical([before, number, told]).encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON that is the same for the same value: sorted, without spaces, in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def head(connection: Connection) -> Head | None:
    """The last entry as it is kept a second time; None where that is gone, or no longer one."""
    rows = connection.execute(select(audit_head)).all()
    if len(rows) != 1 or not isinstance(rows[0].number, int):  # SQLite keeps any value anywhere
        return None
    return Head(rows[0].number, str(rows[0].hash))


def entries(connection: Connection, behind: int | None = None) -> Iterator[Entry]:
    """All entries by their number, or those behind one; few are in memory at a time."""
    # SQLite keeps any bytes, and its driver would fail over those that are no text.
    raw = LargeBinary if connection.dialect.name == "sqlite" else Text
    words, link = cast(audit.c.entry, raw).label("words"), cast(audit.c.hash, raw).label("link")
    query = select(audit.c.number, words, link).order_by(audit.c.number)
    if behind is not None:
        query = query.where(audit.c.number > behind)
    with connection.execute(query.execution_options(yield_per=_AT_ONCE)) as rows:
        for row in rows:
            yield Entry(row.number, _told(_text(row.words)), _text(row.link))


def _text(raw: str | bytes) -> str:
    """What is no text becomes what no text is, so that it is not taken for one."""
    return raw if isinstance(raw, str) else raw.decode(errors="surrogateescape")


def _told(words: str) -> dict[str, Any]:
    """What an entry says; what is no entry has no hash that it would fit."""
    try:
        told = json.loads(words)
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else {UNREADABLE: words}
