"""Several bots on one PostgreSQL: each request runs once, whatever becomes of one of them."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from math import ceil
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.divert.plan import BATCH_LIMIT
from bot.ending import GIVEN_UP
from bot.store.migrate import VERSION_TABLE
from tests.crash.home import CONCURRENCY, Home
from tests.crash.proof import (
    assert_every_phone_is_accounted_for,
    assert_the_card_only_went_forward,
    assert_the_thread_tells_it_in_order,
    repeated,
)
from tests.crash.replicas import Wire, freeze, replica, thaw
from tests.crash.scene import Scene, until
from tests.crash.truth import Truth
from tests.postgres import fresh_database, running_postgres
from tests.walk.stage import request_id

REQUESTS, PHONES = 20, 150  # and phones in each
FEW = 8  # requests
TAKEN_OVER = 30.0  # seconds, at most


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture
def database(server: str) -> str:
    return fresh_database(server)


@pytest.fixture
async def truth(database: str) -> AsyncIterator[Truth]:
    opened = Truth(database)
    yield opened
    await opened.close()


@pytest.fixture
async def wire(database: str) -> AsyncIterator[Wire]:
    with tempfile.TemporaryDirectory(prefix="cph-wire-") as folder:
        laid = await Wire.lay(database, Path(folder))
        yield laid
        await laid.cut()


async def asked(scene: Scene, requests: int) -> dict[str, list[str]]:
    """Requests with phones of their own, all approved: the phones by the request's id."""
    wanted: dict[str, list[str]] = {}
    for _ in range(requests):
        ids = await scene.phones(PHONES)
        heard = await insist(scene, f"/cph divert routing {' '.join(ids)}")
        wanted[request_id(heard)] = ids
    for one in wanted:
        card = await scene.card(one, "waiting for approval")
        await scene.approve(card)
    return wanted


async def insist(scene: Scene, command: str) -> str:
    """Slack may deliver to a bot that is frozen or dead, and people then try again."""
    while True:
        answer = await scene.alice.command(scene.channel, command)
        if answer["acked"]:
            return str(answer["response"]["text"])


async def assert_all_is_well(scene: Scene, wanted: dict[str, list[str]], again: int) -> None:
    """Every request done once, told in order, and at most so many batches sent again."""
    for one, ids in wanted.items():
        card = await scene.card(one, "done")
        await scene.posted(card, "*Proven:*")
        assert f"all {len(ids)} phones" in card["text"]
        await assert_every_phone_is_accounted_for(scene, card, dict.fromkeys(ids, "succeeded"))
        await assert_the_thread_tells_it_in_order(scene, card)
        await assert_the_card_only_went_forward(scene, card)
    batches = {frozenset(call.phone_ids) for call in scene.sends()}
    assert len([batch for batch in batches if batch & repeated(scene.sends())]) <= again


async def test_of_two_replicas_one_is_killed_for_good_and_the_other_does_the_rest(
    scene: Scene, database: str, truth: Truth, tmp_path: Path
) -> None:
    async with (
        replica(scene, tmp_path / "one", database) as one,
        replica(scene, tmp_path / "two", database) as two,
    ):
        wanted = await asked(scene, REQUESTS)
        await scene.sent(5)
        await (await sending(truth, one, two)).kill()
        await taken_over(truth)
        await assert_all_is_well(scene, wanted, again=CONCURRENCY)


async def test_a_replica_that_was_frozen_is_taken_over_and_ends_when_it_wakes(
    scene: Scene, database: str, truth: Truth, tmp_path: Path
) -> None:
    async with (
        replica(scene, tmp_path / "one", database) as one,
        replica(scene, tmp_path / "two", database) as two,
    ):
        wanted = await asked(scene, FEW)
        await scene.sent(5)
        frozen = await sending(truth, one, two)
        freeze(frozen)
        await taken_over(truth)
        await assert_all_is_well(scene, wanted, again=CONCURRENCY)
        sent, posts = len(scene.sends()), len(await scene.slack.calls("chat.postMessage"))
        thaw(frozen)
        assert await asyncio.wait_for(frozen.process.wait(), TAKEN_OVER) == GIVEN_UP
        assert len(scene.sends()) == sent
        assert len(await scene.slack.calls("chat.postMessage")) == posts
        await frozen.start()  # as a supervisor would
        await assert_all_is_well(scene, await asked(scene, 1), again=CONCURRENCY)


async def test_a_replica_cut_off_from_the_database_stops_sending(
    scene: Scene, database: str, wire: Wire, tmp_path: Path
) -> None:
    async with replica(scene, tmp_path / "cut", wire.url(database)) as cut:
        wanted = await asked(scene, FEW)
        await scene.sent(5)
        await wire.cut()
        await asyncio.sleep(1)  # for the calls in flight
        sent = len(scene.sends())
        await asyncio.sleep(2)
        assert len(scene.sends()) == sent < FEW * ceil(PHONES / BATCH_LIMIT)
        async with replica(scene, tmp_path / "other", database):
            await assert_all_is_well(scene, wanted, again=CONCURRENCY)
            assert cut.process.returncode is None
            await wire.mend()
            assert await asyncio.wait_for(cut.process.wait(), TAKEN_OVER) == GIVEN_UP


async def test_a_rolling_restart_to_a_bot_with_a_newer_database_repeats_nothing(
    scene: Scene, database: str, truth: Truth, tmp_path: Path
) -> None:
    async with (
        replica(scene, tmp_path / "one", database) as one,
        replica(scene, tmp_path / "two", database) as two,
    ):
        wanted = await asked(scene, FEW)
        await scene.sent(5)
        assert (await one.terminate())[0] == 0
        await one.start()
        await truth.write(migrate_further)
        assert (await two.terminate())[0] == 0
        await assert_all_is_well(scene, wanted, again=0)


def migrate_further(connection: Connection) -> None:
    """As the next version might, while this one still runs."""
    for table in ("requests", "phones", "batches", "posts"):
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN of_the_next_version TEXT"))
    connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'm9999'"))  # noqa: S608 - a constant of ours


async def sending(truth: Truth, *homes: Home) -> Home:
    """The replica that sends now."""
    found: list[Home] = []

    async def is_seen() -> bool:
        owners = await truth.owners("send")
        found[:] = [home for home in homes if home.executor_id in owners]
        return bool(found)

    await until(is_seen)
    return found[0]


async def taken_over(truth: Truth) -> None:
    """Wait until all work under way is of the one that is alive, or none is left."""

    async def is_so() -> bool:
        living = await truth.living()
        return len(living) == 1 and await truth.owners() <= living

    began = time.monotonic()
    await until(is_so, TAKEN_OVER)
    print(f"taken over after {time.monotonic() - began:.1f} s")
