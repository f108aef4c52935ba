"""A run does not need Slack; what it has to say waits."""

from tests.crash.home import Home
from tests.crash.proof import (
    assert_every_phone_is_accounted_for,
    assert_the_card_only_went_forward,
    assert_the_thread_tells_it_in_order,
    repeated,
)
from tests.crash.scene import Scene, until


async def test_a_run_goes_on_while_slack_is_away_and_tells_it_afterwards_in_order(
    home: Home, scene: Scene
) -> None:
    ids = await scene.phones(1200)
    await home.start()
    card = await scene.asks_by_file(ids)
    await scene.approve(card)
    await scene.sent(3)
    await scene.slack.fault("outage")
    before = len(await scene.thread(card))
    await until(lambda: home.states() == ["done"])
    assert len(await scene.thread(card)) == before
    await scene.slack.clear_faults()
    await scene.ends(card)
    assert repeated(scene.sends()) == set()
    await assert_every_phone_is_accounted_for(scene, card, dict.fromkeys(ids, "succeeded"))
    await assert_the_thread_tells_it_in_order(scene, card)
    await assert_the_card_only_went_forward(scene, card)
    assert len([one for one in await scene.thread(card) if "Proven" in one["text"]]) == 1
