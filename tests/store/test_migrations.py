import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.store.database import open_database
from bot.store.migrate import VERSION_TABLE, NewerDatabase, migrate
from bot.store.tables import metadata
from tests.postgres import fresh_database
from tests.store.making import Desk


def differences(connection: Connection) -> list[Any]:
    options = {"version_table": VERSION_TABLE, "compare_type": True}
    found: list[Any] = compare_metadata(
        MigrationContext.configure(connection, opts=options), metadata
    )
    return found


async def test_the_migrations_make_the_tables_as_the_code_has_them(desk: Desk) -> None:
    assert await desk.database.read(differences) == []


async def test_a_difference_between_code_and_migrations_would_be_seen(desk: Desk) -> None:
    await desk.database.write(lambda c: c.execute(text("DROP INDEX requests_by_time")))
    await desk.database.write(lambda c: c.execute(text("ALTER TABLE posts ADD COLUMN extra TEXT")))
    assert len(await desk.database.read(differences)) == 2


async def test_migrating_again_changes_nothing(desk: Desk) -> None:
    await desk.ledger.write(lambda tx: tx.keep_pace("demo", {"calls_per_second": 5.0}))
    await migrate(desk.database)
    assert await desk.ledger.read(lambda tx: tx.pace("demo")) == {"calls_per_second": 5.0}


async def test_two_processes_can_start_on_an_empty_database_at_once(postgres: str) -> None:
    """On SQLite the lock file lets only one of them get as far as this."""
    url = fresh_database(postgres)
    first, second = open_database(url), open_database(url)
    await asyncio.gather(migrate(first), migrate(second))
    assert await first.read(differences) == []
    for database in (first, second):
        await database.close()


async def test_a_database_of_a_newer_bot_is_refused_by_name(desk: Desk) -> None:
    later = text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")  # noqa: S608 - our own name
    await desk.database.write(lambda c: c.execute(later))
    with pytest.raises(NewerDatabase, match="newer"):
        await migrate(desk.database)


async def test_a_folder_with_a_percent_sign_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / "100%(home)s"
    folder.mkdir()
    database = open_database(f"sqlite:///{folder}/ledger.sqlite")
    await migrate(database)
    assert await database.answers()
    await database.close()


async def test_no_table_has_the_name_of_one_of_the_engines(desk: Desk) -> None:
    from dbos._schemas.system_database import SystemSchema  # noqa: PLC0415

    theirs = {table.split(".")[-1] for table in SystemSchema.metadata_obj.tables}
    ours = await desk.database.read(lambda connection: set(inspect(connection).get_table_names()))
    assert theirs
    assert not ours & theirs
