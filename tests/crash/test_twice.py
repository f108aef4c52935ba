"""What came before a process died and comes again after: it is known from the database."""

import asyncio

from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.walk.stage import Json, request_id


async def comes_again(scene: Scene, delivery: str) -> Json:
    again = await scene.slack.fault("redeliver", delivery=delivery)
    assert isinstance(again, dict)
    assert again["acked"], again
    return again


async def test_a_new_process_knows_what_came_before_it_on_both_databases(
    home: Home, scene: Scene, postgres_home: Home, postgres_scene: Scene
) -> None:
    async with asyncio.TaskGroup() as both:
        both.create_task(dies_and_hears_all_again(home, scene))
        both.create_task(dies_and_hears_all_again(postgres_home, postgres_scene))


async def dies_and_hears_all_again(home: Home, scene: Scene) -> None:
    text = f"/cph divert routing {' '.join(await scene.phones(3))}"
    await home.start()
    first = request_id(await scene.says(text))
    assert "You asked for this" in await scene.says(text)
    card = await scene.card(first, "waiting for approval")
    question = await scene.answered("You asked for this")
    await scene.approve(card)
    await scene.ends(card)
    before = len(scene.sends())
    await home.kill()
    await home.start()
    again = await comes_again(scene, "slash_commands")
    assert f"as `{first}`, so I did nothing" in again["response"]["text"]
    await comes_again(scene, "interactive:block_actions")
    await scene.alice.click("ask_anyway", message=question)
    await scene.hears("nothing to change")
    assert (await scene.card(first, "done"))["text"].count("<@U0BOB>") == 1
    assert len(scene.sends()) == before
    assert await asked(scene) == 2


async def asked(scene: Scene) -> int:
    """Requests that the bot knows of."""
    return (await scene.says("/cph status")).count("D-")
