"""Nothing is lost, doubled or claimed falsely where the process is killed and started again."""

import asyncio
import random

from tests.crash.conftest import LATENCY
from tests.crash.home import Home
from tests.crash.proof import (
    assert_every_phone_is_accounted_for,
    assert_only_what_was_in_flight_is_sent_again,
    assert_the_card_only_went_forward,
    assert_the_thread_tells_it_in_order,
)
from tests.crash.scene import Scene, until
from tests.walk.stage import Json, request_id


async def test_a_run_of_3000_phones_survives_a_kill_while_it_is_sending_on_both_databases(
    home: Home, scene: Scene, postgres_home: Home, postgres_scene: Scene
) -> None:
    async with asyncio.TaskGroup() as runs:
        runs.create_task(kill_and_prove(home, scene))
        runs.create_task(kill_and_prove(postgres_home, postgres_scene))


async def kill_and_prove(home: Home, scene: Scene) -> None:
    planned, there = await scene.phones(3000), await scene.phones(20, "routing")
    failing, unknown = planned[::100], [f"{number:032x}" for number in range(5)]
    await scene.cloud.edit_phones(failing, job_failure_code="CPS.0141")
    await home.start()
    card = await scene.asks_by_file([*there, *planned, *unknown])
    await scene.approve(card)
    await scene.sent(8)
    await home.kill()
    assert len(scene.sends()) < 30, "the kill came too late to prove anything"
    await home.start()
    assert "2,970 proven · 30 failed" in (await scene.ends(card))["text"]
    ends = dict.fromkeys(planned, "succeeded") | dict.fromkeys(failing, "failed")
    ends |= dict.fromkeys(there, "unchanged") | dict.fromkeys(unknown, "unknown")
    await assert_every_phone_is_accounted_for(scene, card, ends)
    await assert_told_in_order_and_sent_once(scene, card, planned, deaths=1)


async def test_a_run_survives_three_kills_at_any_moment(home: Home, scene: Scene) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable by intent
    ids = await scene.phones(1500)
    await home.start()
    card = await scene.asks_by_file(ids)
    await scene.approve(card)
    for _ in range(2):
        await scene.sent(len(scene.sends()) + chance.randint(1, 5))
        await asyncio.sleep(chance.uniform(0, LATENCY / 1000))
        await home.kill()
        await home.start()
    await asyncio.sleep(chance.uniform(0.3, 1.5))
    await home.kill()
    await home.start()
    await scene.ends(card)
    await assert_every_phone_is_accounted_for(scene, card, dict.fromkeys(ids, "succeeded"))
    await assert_told_in_order_and_sent_once(scene, card, ids, deaths=3)


async def assert_told_in_order_and_sent_once(
    scene: Scene, card: Json, planned: list[str], deaths: int
) -> None:
    assert_only_what_was_in_flight_is_sent_again(scene.sends(), planned, deaths)
    await assert_the_thread_tells_it_in_order(scene, card)
    await assert_the_card_only_went_forward(scene, card)


async def test_what_was_acknowledged_is_done_once_though_the_process_died_each_time(
    home: Home, scene: Scene
) -> None:
    ids = await scene.phones(5)
    await home.start()
    async with scene.slow_lookups(5):  # the command is acknowledged, its plan takes its time
        heard = await scene.says(f"/cph divert routing {' '.join(ids)}")
        await home.kill()
    assert home.states() == ["planning"]
    await home.start()
    card = await scene.card(request_id(heard), "waiting for approval")
    async with scene.slow_lookups(5):  # the click is acknowledged, not yet decided
        await scene.approve(card)
        await home.kill()
    assert home.decisions() == []
    async with scene.slow_lookups(0.5):  # decided, not yet sent
        await home.start()
        await until(lambda: home.states() == ["approved"])
        await home.kill()
    assert home.states() == ["approved"]
    assert scene.sends() == []
    await home.start()
    assert "all 5 phones" in (await scene.ends(card))["text"]
    assert home.decisions() == [("U0BOB", "approve")]
    assert [set(call.phone_ids) for call in scene.sends()] == [set(ids)]
    told = [post["text"] for post in await scene.thread(card)]
    assert len([text for text in told if text.startswith("Approved.")]) == 1
