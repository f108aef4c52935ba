"""The emergency stop holds for every process, whatever becomes of one of them."""

from pathlib import Path

from sandbox.cloud.kinds import Kind
from tests.crash.home import CONCURRENCY, Home
from tests.crash.replicas import replica
from tests.crash.scene import Scene
from tests.crash.truth import Truth
from tests.postgres import fresh_database, running_postgres
from tests.walk.stage import Json

PHONES = 3_000
CALLS = PHONES // 100
SLOW = 1_000  # ms a call, so that a run lasts for seconds
_ON_THE_WAY = 1.0  # seconds, at most, from a batch's mark to its call's arrival


async def long_run(scene: Scene) -> Json:
    """The card of a run that has sent its first calls."""
    await scene.cloud.override(Kind.IMPORT_TRAFFIC, latency_ms=SLOW)
    card = await scene.asks_by_file(await scene.phones(PHONES))
    await scene.approve(card)
    await scene.sent(CONCURRENCY)
    return card


async def halts(scene: Scene, card: Json) -> None:
    halted = await scene.card(str(card["text"]).partition(":")[0], "halted")
    assert "*All projects are paused* by <@U0DAVE>" in halted["text"]


async def test_a_pause_and_its_end_outlive_every_death(home: Home, scene: Scene) -> None:
    await home.start()
    card = await long_run(scene)
    async with scene.slow_lookups(5):  # acknowledged, and not yet carried out
        await scene.says("/cph pause reason:fire", scene.dave)
        await home.kill()
    await home.start()
    assert "“fire”" in await scene.hears("*All projects are paused*", scene.dave)
    await halts(scene, card)
    sent = len(scene.sends())
    assert sent < CALLS
    await home.kill()
    await home.start()
    assert "*All projects are paused*" in await scene.says("/cph status", scene.bob)
    await scene.bob.click("resume", message=card)
    await scene.hears("Until then nothing goes on.", scene.bob)
    assert len(scene.sends()) == sent
    async with scene.slow_lookups(5):
        await scene.says("/cph resume", scene.dave)
        await home.kill()
    await home.start()
    assert "all 3,000 phones" in (await scene.ends(card))["text"]
    assert len(scene.sends()) <= CALLS + CONCURRENCY  # what was in flight at the first death
    told = [post["text"] for post in await scene.thread(card)]
    assert sum(text.startswith("*Halted:*") for text in told) == 1
    assert sum(text.startswith("*The pause is over:*") for text in told) == 1


async def test_no_replica_begins_a_call_while_a_pause_stands(
    postgres_scene: Scene, tmp_path: Path
) -> None:
    scene = postgres_scene
    with running_postgres() as server:
        url = fresh_database(server)
        truth = Truth(url)
        async with replica(scene, tmp_path / "one", url), replica(scene, tmp_path / "two", url):
            card = await long_run(scene)
            await scene.says("/cph pause", scene.dave)
            await halts(scene, card)
            await scene.says("/cph resume", scene.dave)
            assert "all 3,000 phones" in (await scene.ends(card))["text"]
        [(paused_at, resumed_at)] = await truth.pauses()
        await truth.close()
    calls = [one.at for one in scene.sends()]
    assert not [at for at in calls if paused_at + _ON_THE_WAY < at < resumed_at]
    assert min(calls) < paused_at
    assert resumed_at < max(calls)
    assert len(calls) == CALLS
