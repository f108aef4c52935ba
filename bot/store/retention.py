"""What is over goes once it is old enough, in portions, so that nobody waits long.

The audit stays whole: each of its entries proves all before it, so it can lose none.

A SQLite file does not shrink by this, and need not: new rows take the pages of those that went,
so it stays as large as what is kept ever was. To give pages back, auto_vacuum would have to be
chosen before the first table or brought in by a VACUUM, which stops all writing while it copies
the file, and would then cost every write more. The write-ahead log stays small as the portions are.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, delete, select, tuple_

from bot.store.database import Database
from bot.store.tables import batches, decisions, phones, posts, repeats, requests

PORTION: Final = 1_000  # rows in one transaction: 10 to 20 ms, while SQLite takes no other writer

_OF_A_REQUEST: Final = (phones, batches, decisions, posts, repeats)


async def forget_requests(database: Database, before: datetime, limit: int = PORTION) -> int:
    """Delete requests closed before a moment, at most `limit` rows; 0 where none is left."""
    return await database.write(lambda connection: _forget_requests(connection, before, limit))


def _forget_requests(connection: Connection, before: datetime, limit: int) -> int:
    """The request's own row goes last.

    Until then its id is not given again, and what a portion leaves of it is found by the next.
    """
    left = limit
    while left and (request_id := _oldest(connection, before)):
        for table in _OF_A_REQUEST:
            left -= _take(connection, table, table.c.request_id == request_id, left)
        left -= _take(connection, requests, requests.c.id == request_id, left)
    return limit - left


def _oldest(connection: Connection, before: datetime) -> str | None:
    """Only what is closed has `closed_at`; it was asked for earlier, and that has an index."""
    query = (
        select(requests.c.id)
        .where(requests.c.asked_at < before, requests.c.closed_at < before)
        .order_by(requests.c.asked_at)
        .limit(1)
    )
    return connection.execute(query).scalar()


def _take(connection: Connection, table: Table, condition: ColumnElement[bool], limit: int) -> int:
    """Delete at most `limit` rows; how many there were."""
    key = tuple_(*table.primary_key)
    some = select(*table.primary_key).where(condition).limit(limit).correlate(None)
    return connection.execute(delete(table).where(key.in_(some))).rowcount


async def forget_posts(database: Database, before: datetime, limit: int = PORTION) -> int:
    """Delete what people and channels were told before a moment; 0 where none is left.

    The posts of a thread go with their request. These are looked for outside of the transaction,
    since no index leads to the old ones: it would be written for each post, to be read this rarely.
    """
    numbers = await database.read(lambda connection: _told(connection, before, limit))
    if not numbers:
        return 0
    query = delete(posts).where(posts.c.number.in_(numbers))
    return await database.write(lambda connection: connection.execute(query).rowcount)


def _told(connection: Connection, before: datetime, limit: int) -> list[int]:
    query = (
        select(posts.c.number)
        .where(posts.c.request_id.is_(None), posts.c.ts.is_not(None), posts.c.said_at < before)
        .order_by(posts.c.number)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())
