import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import TypeAdapter
from sqlalchemy import JSON, Connection, bindparam, inspect, text
from sqlalchemy.exc import IntegrityError

from bot.divert.intake import record
from bot.divert.outcome import Change, PhoneRow, PhoneState
from bot.divert.request import Draft
from bot.store.audit import append, entries
from bot.store.audit_proof import verify
from bot.store.database import open_database
from bot.store.migrate import VERSION_TABLE, NewerDatabase, migrate, upgrade
from bot.store.tables import metadata
from tests.postgres import fresh_database
from tests.store.making import Desk, draft


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
    await desk.ledger.write(lambda tx: tx.keep_pace("demo", lambda *_: {"rate": 5.0}))
    await migrate(desk.database)
    assert (await desk.ledger.read(lambda tx: tx.pace("demo")))[0] == {"rate": 5.0}


async def test_phones_of_the_first_version_are_kept_and_go_on(url: str) -> None:
    database = open_database(url)
    await database.write(lambda connection: upgrade(connection, "0001"))
    await database.write(lambda connection: connection.execute(_PHONE_OF_THE_FIRST_VERSION))
    await migrate(database)
    assert await database.read(differences) == []
    ledger = Desk(database).ledger
    [before] = await ledger.read(lambda tx: tx.rows("D-0001", 0, 10))
    assert before == PhoneRow(
        "a" * 32, 1, PhoneState.SENT, "direct", "edge-07", batch=1, tries=1, since=before.since
    )
    gone_on = Change("a" * 32, PhoneState.PLANNED, again=True, why="no answer")
    await ledger.write(lambda tx: tx.change_phones("D-0001", [gone_on]))
    [after] = await ledger.read(lambda tx: tx.rows("D-0001", 0, 10))
    assert after.history == "1: no answer"
    await database.close()


_PHONE_OF_THE_FIRST_VERSION = text(
    "INSERT INTO phones VALUES ('D-0001', 1, :phone, 'sent', 'direct', 'edge-07', 1, 1, '', false,"
    " '', '', '2026-01-02 03:04:05')"
).bindparams(phone="a" * 32)


async def test_open_requests_of_the_second_version_are_kept_and_nobodys_repeat(url: str) -> None:
    database = open_database(url)
    await database.write(lambda connection: upgrade(connection, "0002"))
    asked = draft("key-1")
    kept = TypeAdapter(Draft).dump_python(asked, mode="json")
    old = _REQUEST_OF_THE_SECOND_VERSION.bindparams(bindparam("draft", kept, JSON))
    await database.write(lambda connection: connection.execute(old))
    await migrate(database)
    ledger = Desk(database).ledger
    again = await ledger.write(lambda tx: record(tx, asked))
    assert (again.request.id, again.first) == ("D-0001", False)
    assert (await ledger.write(lambda tx: record(tx, draft("key-2")))).repeat is None
    await database.close()


_REQUEST_OF_THE_SECOND_VERSION = text(
    "INSERT INTO requests (id, key, project, draft, state, version, shown_version, asked_at,"
    " plan_hash, card_channel, card_ts, note) VALUES ('D-0001', 'key-1', 'demo', :draft,"
    " 'planning', 1, 0, '2026-01-02 03:04:05', '', '', '', '{}')"
)


async def test_the_audit_of_the_third_version_goes_on_and_is_guarded_from_now_on(url: str) -> None:
    database = open_database(url)
    await database.write(lambda connection: upgrade(connection, "0003"))
    await database.write(lambda connection: append(connection, {"event": "ask"}))
    await migrate(database)
    await Desk(database).ledger.write(lambda tx: tx.note("pause", "U0BOB"))
    for statement in ("DELETE FROM audit", "DELETE FROM audit_head"):
        with pytest.raises(IntegrityError, match="can only"):
            await database.write(lambda c, words=statement: c.execute(text(words)))  # type: ignore[misc]
    told = await database.read(lambda c: [one.told["event"] for one in entries(c)])
    assert told == ["ask", "pause"]
    assert await database.read(verify) is None
    await database.close()


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
    assert await database.read(lambda c: c.execute(text("SELECT 1")).scalar()) == 1
    await database.close()


async def test_no_table_has_the_name_of_one_of_the_engines(desk: Desk) -> None:
    from dbos._schemas.system_database import SystemSchema  # noqa: PLC0415

    theirs = {table.split(".")[-1] for table in SystemSchema.metadata_obj.tables}
    ours = await desk.database.read(lambda connection: set(inspect(connection).get_table_names()))
    assert theirs
    assert not ours & theirs
