"""What is wrong with the database is told in our words, and nothing is kept that was given up."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError

from bot.divert.failures import LedgerAway, Trouble
from bot.store.database import Database, open_database
from bot.store.migrate import migrate
from bot.store.tables import projects
from tests.store.making import Desk

SOON = 0.2  # seconds


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """On SQLite, migrated."""
    opened = open_database(f"sqlite:///{tmp_path}/ledger.sqlite")
    await migrate(opened)
    yield opened
    await opened.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program writes, and takes its time."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def add(connection: Connection, name: str, pace: str = "") -> None:
    connection.execute(insert(projects).values(name=name, pace={"kept": pace}))


def names(connection: Connection) -> set[str]:
    return set(connection.execute(select(projects.c.name)).scalars())


async def test_a_write_given_up_while_another_program_has_the_lock_is_never_done(
    database: Database, tmp_path: Path
) -> None:
    with locked(tmp_path / "ledger.sqlite"):
        patient = asyncio.create_task(database.write(lambda c: add(c, "patient")))
        with pytest.raises(LedgerAway) as away:
            await database.write(lambda c: add(c, "hasty"), SOON)
        assert away.value.trouble is Trouble.LOCKED
    await patient
    assert await database.read(names) == {"patient"}


async def test_a_lock_does_not_keep_anybody_from_reading(
    database: Database, tmp_path: Path
) -> None:
    with locked(tmp_path / "ledger.sqlite"):
        assert await database.read(names, SOON) == set()


async def fill(database: Database) -> None:
    """Let the file grow no further, as on a full disk."""

    def limit(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    await database.write(limit)


async def test_on_a_full_disk_nothing_of_a_round_is_kept_and_all_are_told(
    database: Database, tmp_path: Path
) -> None:
    await fill(database)
    with locked(tmp_path / "ledger.sqlite"):  # so that all go into one commit
        writes = [
            asyncio.create_task(database.write(lambda c, n=name, p=pace: add(c, n, p)))  # type: ignore[misc]
            for name, pace in (("before", ""), ("large", "x" * 1_000_000), ("behind", ""))
        ]
        await asyncio.sleep(SOON)
    told = await asyncio.gather(*writes, return_exceptions=True)
    assert [one.trouble for one in told if isinstance(one, LedgerAway)] == [Trouble.DISK] * 3
    assert await database.read(names) == set()
    await database.write(lambda c: add(c, "small"))
    assert await database.read(names) == {"small"}


async def test_a_database_that_may_only_be_read_says_so(database: Database) -> None:
    await database.write(lambda c: c.exec_driver_sql("PRAGMA query_only = 1"))
    with pytest.raises(LedgerAway) as away:
        await database.write(lambda c: add(c, "demo"))
    assert away.value.trouble is Trouble.READ_ONLY


async def test_a_server_that_is_not_there_is_away() -> None:
    database = open_database("postgresql://nobody@127.0.0.1:1/nothing")
    for doing in (database.write, database.read):
        with pytest.raises(LedgerAway) as away:
            await doing(names)
        assert (away.value.trouble, away.value.unsure) == (Trouble.AWAY, False)
    await database.close()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_write_given_up_on_postgresql_is_never_committed(desk: Desk) -> None:
    def slow(connection: Connection) -> None:
        add(connection, "slow")
        connection.execute(text("SELECT pg_sleep(0.6)"))

    with pytest.raises(LedgerAway) as away:
        await desk.database.write(slow, SOON)
    assert away.value.trouble is Trouble.AWAY
    await asyncio.sleep(1)
    assert await desk.database.read(names) == set()


CODES = [
    ("53100", Trouble.DISK),  # disk_full
    ("53300", Trouble.AWAY),  # too_many_connections
    ("57P03", Trouble.AWAY),  # cannot_connect_now
    ("55P03", Trouble.LOCKED),  # lock_not_available
    ("25006", Trouble.READ_ONLY),  # read_only_sql_transaction
]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("code", "trouble"), CODES)
async def test_postgresql_says_by_its_code_what_is_wrong(
    desk: Desk, code: str, trouble: Trouble
) -> None:
    raised = text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$")
    with pytest.raises(LedgerAway) as away:
        await desk.database.write(lambda connection: connection.execute(raised))
    assert away.value.trouble is trouble


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_commit_that_breaks_off_is_not_claimed_to_be_undone(desk: Desk) -> None:
    def last_words(connection: Connection) -> None:
        add(connection, "perhaps")
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with desk.database.writing.connect() as other:
            other.execute(text(f"SELECT pg_terminate_backend({mine})"))

    with pytest.raises(LedgerAway) as away:
        await desk.database.write(last_words)
    assert (away.value.trouble, away.value.unsure) == (Trouble.AWAY, True)


async def test_what_is_wrong_with_a_statement_is_no_trouble_of_the_database(desk: Desk) -> None:
    with pytest.raises(DBAPIError):
        await desk.database.write(lambda c: c.execute(text("SELECT 1 FROM nowhere")))
