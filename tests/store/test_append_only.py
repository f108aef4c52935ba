"""The database itself refuses to have the audit changed, whoever asks."""

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from bot.store.audit import BEGINNING, Head, head
from bot.store.audit_proof import verify
from bot.store.tables import audit
from tests.store.making import Desk, draft, pending
from tests.store.tampering import read, set_head

OF_ANY = [
    "UPDATE audit SET hash = 'x' WHERE number = 2",
    "UPDATE audit SET entry = '{}' WHERE number = 2",
    "UPDATE audit SET number = 9 WHERE number = 4",
    "DELETE FROM audit WHERE number = 4",
    "DELETE FROM audit",
    "INSERT INTO audit VALUES (4, '{}', 'x')",
    "INSERT INTO audit VALUES (6, '{}', 'x')",
    "INSERT INTO audit VALUES (0, '{}', 'x')",
    "UPDATE audit_head SET number = 3",
    "UPDATE audit_head SET number = 3, hash = (SELECT hash FROM audit WHERE number = 3)",
    "UPDATE audit_head SET number = 5",
    "UPDATE audit_head SET hash = 'x'",
    "UPDATE audit_head SET id = 2",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head VALUES (2, 4, 'x')",
]
OF_SQLITE = [
    "INSERT OR REPLACE INTO audit VALUES (4, '{}', 'x')",
    "INSERT OR IGNORE INTO audit VALUES (9, '{}', 'x')",
    "UPDATE OR REPLACE audit SET number = 3 WHERE number = 4",
    "UPDATE OR IGNORE audit SET hash = 'x'",
    "INSERT INTO audit VALUES (4, '{}', 'x') ON CONFLICT DO UPDATE SET hash = 'x'",
    "REPLACE INTO audit_head VALUES (1, 0, 'x')",
]
OF_POSTGRESQL = [
    "TRUNCATE audit",
    "TRUNCATE audit_head",
    "TRUNCATE audit, audit_head",
    "INSERT INTO audit VALUES (4, '{}', 'x') ON CONFLICT (number) DO UPDATE SET hash = 'x'",
    "INSERT INTO audit_head VALUES (1, 0, 'x') ON CONFLICT (id) DO UPDATE SET number = 0",
]


async def refuses(desk: Desk, statement: str) -> None:
    """Two requests stand in the audit, and still do afterwards."""
    await pending(desk.ledger)
    await pending(desk.ledger)
    with pytest.raises(IntegrityError, match="the audit can only"):
        await desk.database.write(lambda c: c.execute(text(statement)))
    await desk.ledger.write(lambda tx: tx.ask(draft()))
    assert [row.number for row in await desk.database.read(read)] == [1, 2, 3, 4, 5]
    assert await desk.database.read(verify) is None


@pytest.mark.parametrize("statement", OF_ANY)
async def test_nothing_but_the_next_entry_gets_in_and_none_out(desk: Desk, statement: str) -> None:
    await refuses(desk, statement)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("statement", OF_SQLITE)
async def test_nor_by_what_sqlite_has_beside(desk: Desk, statement: str) -> None:
    await refuses(desk, statement)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statement", OF_POSTGRESQL)
async def test_nor_by_what_postgresql_has_beside(desk: Desk, statement: str) -> None:
    await refuses(desk, statement)


async def test_the_head_follows_only_to_the_entry_that_was_appended(desk: Desk) -> None:
    link = "a" * 64
    entry = insert(audit).values(number=1, entry={}, hash=link)
    await desk.database.write(lambda c: c.execute(entry))
    for wrong in (Head(1, BEGINNING), Head(2, link), Head(0, link)):
        with pytest.raises(IntegrityError, match="the head of the audit can only follow"):
            await desk.database.write(lambda c, head=wrong: set_head(c, head))  # type: ignore[misc]
    await desk.database.write(lambda c: set_head(c, Head(1, link)))
    assert await desk.database.read(head) == Head(1, link)
