"""Who is alive is known by locks and beats, and who was given up writes nothing more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.store.database import open_database
from bot.store.leases import Leases
from bot.store.migrate import migrate
from bot.store.roster import Patience, SqlRoster
from tests.postgres import fresh_database

SOON = Patience(lost=0.3, silent=1.5, mercy=1.0)


class GivenUp(Exception):
    """What this process does where others have taken it for dead."""


def end() -> None:
    raise GivenUp


@asynccontextmanager
async def process(url: str, name: str) -> AsyncIterator[SqlRoster]:
    """One process on a database, alive until the end of the block."""
    database = open_database(url)
    await migrate(database)
    roster = SqlRoster(database, name, end, SOON)
    await roster.arrive()
    yield roster
    await roster.leave()
    await database.close()


@pytest.fixture
def shared(postgres: str) -> str:
    return fresh_database(postgres)


async def given_up(roster: SqlRoster, within: float = 5) -> list[str]:
    """Whom it gives up first, beating all the while."""
    async with asyncio.timeout(within):
        while not (found := await roster.give_up_the_dead()):
            await roster.beat()
            await asyncio.sleep(0.05)
    return found


async def test_who_beats_is_alive_and_who_leaves_is_not(shared: str) -> None:
    async with process(shared, "one") as one:
        async with process(shared, "two") as two:
            for _ in range(10):
                await one.beat()
                await two.beat()
                await asyncio.sleep(0.2)
                assert await one.give_up_the_dead() == []
            assert await one.living() == {"one", "two"}
        assert await one.living() == {"one"}


async def test_who_lost_the_lock_is_given_up_soon_and_with_it_its_leases(shared: str) -> None:
    async with process(shared, "one") as one:
        dead = SqlRoster(open_database(shared), "dead", end, SOON)
        await dead.arrive()
        assert await Leases(dead.database).hold("painter", "dead", 60)
        dead.hang_up()
        await dead.database.close()
        assert await given_up(one) == ["dead"]
        assert await one.living() == {"one"}
        assert await Leases(one.database).hold("painter", "one", 60)


async def test_who_holds_the_lock_is_given_up_only_after_a_long_silence(shared: str) -> None:
    async with process(shared, "one") as one, process(shared, "frozen"):
        await asyncio.sleep(2 * SOON.lost)
        assert await one.give_up_the_dead() == []
        assert await given_up(one) == ["frozen"]


async def test_who_was_given_up_writes_nothing_more(shared: str) -> None:
    async with process(shared, "one") as one, process(shared, "frozen") as frozen:
        await given_up(one)
        with pytest.raises(GivenUp):
            await frozen.database.write(lambda c: c.execute(text("DELETE FROM audit_head")))
        with pytest.raises(GivenUp):
            await frozen.beat()
        assert await one.database.read(lambda c: c.execute(text("SELECT 1 FROM audit_head")).all())


async def test_after_the_database_was_away_the_others_have_time_to_come_back(shared: str) -> None:
    async with process(shared, "one") as one, process(shared, "two") as two:
        await one.database.write(cut_everybody_off)
        with pytest.raises(Exception, match="terminat"):
            await one.beat()
        await asyncio.sleep(2 * SOON.lost)
        assert await one.give_up_the_dead() == []
        await one.beat()
        assert await one.give_up_the_dead() == []
        with pytest.raises(Exception, match="terminat"):
            await two.beat()
        await two.beat()
        await asyncio.sleep(SOON.mercy)
        await two.beat()
        assert await one.give_up_the_dead() == []


def cut_everybody_off(connection: Connection) -> None:
    connection.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
    )


async def test_on_sqlite_everybody_else_is_dead(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.sqlite"
    async with process(url, "before"), process(url, "now") as now:
        assert await now.give_up_the_dead() == ["before"]
        await now.beat()
        assert await now.living() == {"now"}
