"""What the machine or the database may do to a running bot: it says so, and goes on afterwards."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.crash.conftest import live
from tests.crash.home import Home
from tests.crash.proof import assert_every_phone_is_accounted_for
from tests.crash.scene import Scene, until
from tests.postgres import fresh_database, stoppable_postgres
from tests.transport.test_health import PARTS as WELL
from tests.walk.stage import Json

SMALL = 64 * 1024  # bytes a file may have on the full disk; what the bot logs is less
FEW = 12  # file handles that are left
REFUSED = "I took nothing down"


async def ready(home: Home) -> dict[str, bool]:
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.get(f"{home.url}/readyz") as answer,
    ):
        found: dict[str, bool] = await answer.json()
        assert answer.status == (200 if all(found.values()) else 503)
        return found


async def is_alive(home: Home) -> bool:
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.get(f"{home.url}/healthz") as answer,
    ):
        return answer.status == 200


async def shows(home: Home, part: str) -> None:
    """Wait until the bot says that this part of it does not work, and nothing else."""

    async def is_so() -> bool:
        return await ready(home) == WELL | {part: False}

    await until(is_so)
    assert await is_alive(home)


async def is_well(home: Home) -> None:
    async def is_so() -> bool:
        return await ready(home) == WELL

    await until(is_so)


@contextmanager
def limited(home: Home, what: int, soft: int) -> Iterator[None]:
    """The running process may have no more of this."""
    pid = home.bot.process.pid if home.bot else 0
    before = resource.prlimit(pid, what)
    resource.prlimit(pid, what, (soft, before[1]))
    yield
    resource.prlimit(pid, what, before)


@contextmanager
def full_disk(home: Home) -> Iterator[None]:
    """No file grows beyond a small size, so every write to the database soon fails for real."""
    assert (home.folder / "bot.sqlite-wal").stat().st_size > SMALL, "it would still have room"
    with limited(home, resource.RLIMIT_FSIZE, SMALL):
        yield


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Another program writes, and takes its time."""
    with closing(sqlite3.connect(home.folder / "bot.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def no_handles(home: Home) -> Iterator[None]:
    pid = home.bot.process.pid if home.bot else 0
    opened = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    with limited(home, resource.RLIMIT_NOFILE, opened + FEW):
        yield


async def operators_hear(scene: Scene, text: str) -> list[str]:
    """Wait for a message about trouble that holds this; all there are."""
    await scene.slack.wait_for("message", channel=scene.channel, text=text)
    seen = await scene.bob.sees(scene.channel)
    return [one["text"] for one in seen if "trouble" in one["text"] or "Over on" in one["text"]]


async def is_refused(scene: Scene, ids: list[str]) -> None:
    """A command and a form are refused in words, each in time to be acknowledged."""
    assert REFUSED in await scene.says(f"/cph divert routing {' '.join(ids)}")
    told = await scene.gives_file("phones.csv", "\n".join(["phone_id", *ids]).encode())
    assert REFUSED in str(told["response"]["errors"]), told


async def presses_in_vain(scene: Scene, card: Json) -> None:
    """A click is acknowledged, and answered by a message."""
    await scene.approve(card)
    await scene.hears(REFUSED, scene.bob)


@dataclass(frozen=True)
class Meanwhile:
    """A run is under way; these phones are to be asked for, and this card waits for approval."""

    few: list[str]
    waiting: Json


@asynccontextmanager
async def a_run_that_ends_well(home: Home, scene: Scene) -> AsyncIterator[Meanwhile]:
    """Whatever happens in between, the run ends as it should, and what was refused then works."""
    ids, few, other = await scene.phones(1500), await scene.phones(3), await scene.phones(2)
    await home.start()
    card = await scene.asks_by_file(ids)
    waiting = await scene.asks("routing", other)
    await scene.approve(card)
    await scene.sent(3)
    yield Meanwhile(few, waiting)
    await is_well(home)
    await scene.ends(card)
    await assert_every_phone_is_accounted_for(scene, card, dict.fromkeys(ids, "succeeded"))
    for asked in (await scene.asks("routing", few), waiting):
        await scene.approve(asked)
        await scene.ends(asked)


async def test_on_a_full_disk_the_bot_refuses_and_goes_on_when_there_is_room(
    home: Home, scene: Scene
) -> None:
    async with a_run_that_ends_well(home, scene) as meanwhile:
        with full_disk(home):
            await shows(home, "database")
            assert len(await operators_hear(scene, "the disk is full")) == 1
            await is_refused(scene, meanwhile.few)
            await presses_in_vain(scene, meanwhile.waiting)
        assert len(await operators_hear(scene, "Over on")) == 2
    assert home.states() == ["done"] * 3, "something refused was taken down after all"
    assert len(await operators_hear(scene, "Over on")) == 2


async def test_while_another_program_holds_the_database_nobody_waits_for_an_answer(
    home: Home, scene: Scene
) -> None:
    async with a_run_that_ends_well(home, scene) as meanwhile:
        with locked(home):
            await is_refused(scene, meanwhile.few)
            await presses_in_vain(scene, meanwhile.waiting)
            await shows(home, "database")
            assert len(await operators_hear(scene, "holds the database locked")) == 1
        assert len(await operators_hear(scene, "Over on")) == 2
    assert home.states() == ["done"] * 3, "something refused was taken down after all"


async def test_with_hardly_a_file_handle_left_the_bot_says_so_and_a_run_ends_well(
    home: Home, scene: Scene
) -> None:
    async with a_run_that_ends_well(home, scene):
        with no_handles(home):
            await shows(home, "handles")
            assert len(await operators_hear(scene, "hardly any file handle")) == 1
        assert len(await operators_hear(scene, "Over on")) == 2
    assert home.states() == ["done"] * 3


async def test_with_no_file_handle_at_all_nothing_is_lost(home: Home, scene: Scene) -> None:
    async with a_run_that_ends_well(home, scene):
        with limited(home, resource.RLIMIT_NOFILE, 8):
            await asyncio.sleep(8)  # it can be asked nothing: that takes a handle
        assert "hardly any file handle" in (await operators_hear(scene, "Over on"))[-1]
    assert home.states() == ["done"] * 3


async def test_while_postgresql_is_away_the_bot_refuses_and_goes_on_when_it_is_back(
    postgres_scene: Scene, tmp_path: Path
) -> None:
    scene = postgres_scene
    with stoppable_postgres() as server:
        async with (
            live(scene, tmp_path, fresh_database(server.url)) as home,
            a_run_that_ends_well(home, scene) as meanwhile,
        ):
            await asyncio.to_thread(server.stop)
            await is_refused(scene, meanwhile.few)
            await presses_in_vain(scene, meanwhile.waiting)
            await shows(home, "database")
            assert len(await operators_hear(scene, "the database does not answer")) == 1
            await asyncio.to_thread(server.start)
            assert len(await operators_hear(scene, "Over on")) == 2
