import asyncio
import os
import signal
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError

from bot.store.database import open_database
from bot.store.lock import AlreadyOwned, own
from bot.store.migrate import migrate
from bot.store.tables import projects
from tests.store.making import Desk

_OWNER = """
import sys
from bot.store.lock import own
with own(sys.argv[1]):
    print("mine", flush=True)
    sys.stdin.read()
"""

_WRITER = """
import asyncio, itertools, sys
from sqlalchemy import insert
from bot.store.database import open_database
from bot.store.tables import projects

async def write():
    database = open_database(sys.argv[1])
    for number in itertools.count():
        row = insert(projects).values(name=str(number), pace={})
        await database.write(lambda connection: connection.execute(row))
        print(number, flush=True)

asyncio.run(write())
"""


def start(script: str, argument: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", script, argument],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_database_has_one_owner_until_that_process_is_dead(tmp_path: Path) -> None:
    database = str(tmp_path / "ledger.sqlite")
    with start(_OWNER, database) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "mine\n"
        with pytest.raises(AlreadyOwned, match="another bot is running"), own(database):
            pass
        os.kill(owner.pid, signal.SIGKILL)
    with own(database):
        pass


def test_a_database_given_back_can_be_owned_again(tmp_path: Path) -> None:
    database = str(tmp_path / "ledger.sqlite")
    for _ in range(2):
        with own(database):
            pass


async def test_what_was_committed_outlives_a_kill(url: str) -> None:
    database = open_database(url)
    await migrate(database)
    with await asyncio.to_thread(start, _WRITER, url) as writer:
        assert writer.stdout is not None
        told = [await asyncio.to_thread(writer.stdout.readline) for _ in range(20)]
        os.kill(writer.pid, signal.SIGKILL)
    kept = await database.read(lambda c: set(c.execute(select(projects.c.name)).scalars()))
    await database.close()
    assert {line.strip() for line in told} <= kept


async def test_a_databases_values_stay_out_of_its_errors(desk: Desk) -> None:
    row = insert(projects).values(name="hush-hush", pace={})

    def twice(connection: Connection) -> None:
        connection.execute(row)
        connection.execute(row)

    with pytest.raises(DBAPIError) as failed:
        await desk.database.write(twice)
    assert "hush-hush" not in str(failed.value).split("DETAIL")[0]
    assert "[parameters" not in "".join(traceback.format_exception(failed.value))


async def test_writers_that_lock_each_other_out_are_tried_again(desk: Desk) -> None:
    """On PostgreSQL two transactions may each wait for the other's row; one then starts over."""
    for name in ("a", "b"):
        row = insert(projects).values(name=name, pace={})
        await desk.database.write(lambda c, row=row: c.execute(row))  # type: ignore[misc]

    def both(first: str, second: str) -> None:
        def work(connection: Connection) -> None:
            for name in (first, second):
                connection.execute(
                    text("UPDATE projects SET pace = '{\"seen\": 1}' WHERE name = :name"),
                    {"name": name},
                )
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_sleep(0.2)"))

        return work  # type: ignore[return-value]

    await asyncio.gather(
        desk.database.write(both("a", "b")),  # type: ignore[arg-type,func-returns-value]
        desk.database.write(both("b", "a")),  # type: ignore[arg-type,func-returns-value]
    )
    kept = await desk.database.read(lambda c: list(c.execute(select(projects.c.pace)).scalars()))
    assert kept == [{"seen": 1}, {"seen": 1}]


async def test_of_many_writes_at_once_one_that_fails_takes_none_with_it(desk: Desk) -> None:
    def add(number: int) -> Callable[[Connection], int]:
        def work(connection: Connection) -> int:
            connection.execute(insert(projects).values(name=str(number), pace={}))
            if number % 3 == 0:
                raise ValueError(number)
            return number

        return work

    outcomes = await asyncio.gather(
        *(desk.database.write(add(number)) for number in range(200)), return_exceptions=True
    )
    kept = await desk.database.read(lambda c: set(c.execute(select(projects.c.name)).scalars()))
    assert kept == {str(number) for number in range(200) if number % 3}
    for number, outcome in enumerate(outcomes):
        assert outcome == number if number % 3 else isinstance(outcome, ValueError)


async def test_what_was_given_to_write_before_closing_is_answered(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/ledger.sqlite")
    await migrate(database)
    writes = [
        asyncio.create_task(database.write(lambda c: c.execute(text("SELECT 1")).scalar()))
        for _ in range(200)
    ]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.wait_for(asyncio.gather(*writes), 10) == [1] * 200


async def test_a_sqlite_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    database = open_database(f"sqlite:///{path}")
    await migrate(database)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await database.close()
