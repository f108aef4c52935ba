"""What was acknowledged is kept, where the process is killed before it has done anything else."""

from tests.crash.home import Home
from tests.crash.scene import Scene, until
from tests.walk.stage import request_id


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
