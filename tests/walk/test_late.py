"""What comes late or out of order: one decision counts, and who is late is told."""

import asyncio

from sandbox.cloud.kinds import Kind
from tests.walk.stage import Json, Stage, request_id
from tests.walk.test_pressing import presses
from tests.walk.test_time import let_pass
from tests.walk.test_twice import comes_again


def approval(card: Json) -> str:
    """What the card's button to approve carried when this was read."""
    rows = (block["elements"] for block in card["blocks"] if block["type"] == "actions")
    return next(str(one["value"]) for row in rows for one in row if one["action_id"] == "approve")


async def sends(stage: Stage) -> int:
    return len(await stage.cloud.calls(Kind.IMPORT_TRAFFIC))


async def test_a_click_that_comes_again_when_all_is_done_does_nothing(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.approve(card)
    await stage.ends(card)
    before = await sends(stage)
    await comes_again(stage, "interactive:block_actions")
    await stage.says("/cph status")
    ended = await stage.card(request_id(card["text"]), "done")
    assert ended["text"].count("<@U0BOB>") == 1
    assert await sends(stage) == before


async def test_an_approval_and_a_denial_in_one_instant_are_one_decision(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    before = await sends(stage)
    await stage.carol.click("deny", message=card)
    denial = {"reason": {"value": "not today"}}
    await asyncio.gather(stage.approve(card), stage.carol.submit(denial))
    name = request_id(card["text"])
    decided = await stage.slack.wait_for(
        "message", channel=stage.channel, ts=card["ts"], text="d by <@U0"
    )
    if "Denied by <@U0CAROL>" in decided["text"]:
        assert await stage.hears(f"`{name}` was denied by <@U0CAROL>", stage.bob)
        assert await sends(stage) == before
    else:
        assert await stage.ends(card)
        late = f"`{name}` was approved by <@U0BOB>"
        await stage.carol.wait_for("message", channel="DM", text=late)
        assert await sends(stage) == before + 1


async def test_an_approval_and_a_withdrawal_in_one_instant_are_one_decision(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    name, before = request_id(card["text"]), await sends(stage)
    withdrawing = stage.alice.click("withdraw", message=card)
    await asyncio.gather(stage.approve(card), withdrawing)
    late = [
        asyncio.create_task(stage.hears(f"`{name}` was withdrawn by <@U0ALICE>", stage.bob)),
        asyncio.create_task(stage.hears(f"`{name}` was approved by <@U0BOB>", stage.alice)),
    ]
    (heard,), (other,) = await asyncio.wait(late, return_when=asyncio.FIRST_COMPLETED)
    other.cancel()
    if "withdrawn" in heard.result():
        await stage.card(name, "withdrawn")
        assert await sends(stage) == before
    else:
        await stage.ends(card)
        assert await sends(stage) == before + 1


async def test_an_approval_that_comes_after_the_withdrawal_hears_who_withdrew(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    before = await sends(stage)
    await stage.slack.fault("reorder", delivery="interactive")
    approving = asyncio.create_task(stage.approve(card))
    await asyncio.sleep(0.1)  # the approval was pressed first
    await stage.alice.click("withdraw", message=card)
    await approving
    assert "was withdrawn by <@U0ALICE>" in await stage.hears("withdrawn", stage.bob)
    await stage.card(request_id(card["text"]), "withdrawn")
    assert await sends(stage) == before


async def test_who_approved_first_of_two_is_not_said_to_have_withdrawn(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1), "project:token")
    await stage.approve(card)
    await stage.hears("One more is needed", stage.bob)
    await stage.alice.click("withdraw", message=card)
    await stage.card(request_id(card["text"]), "withdrawn")
    await presses(stage, "U0DAVE", card["ts"], "approve", approval(card))
    assert "was withdrawn by <@U0ALICE>" in await stage.hears("withdrawn", stage.dave)


async def test_a_withdrawal_that_comes_an_hour_late_hears_what_became_of_it(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.approve(card)
    await stage.ends(card)
    await stage.slack.put("limits", response_url_seconds=0)  # as after half an hour
    await presses(stage, "U0ALICE", card["ts"], "withdraw", approval(card))
    await stage.hears("was approved by <@U0BOB> and is done", stage.alice)
    await stage.slack.put("limits", response_url_seconds=1800)


async def test_an_approval_that_comes_while_the_plan_is_made_anew_is_told_to_wait(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await let_pass(stage, card, 0.75)
    await stage.cloud.override(Kind.SHOW_PHONE, Kind.LIST_PHONES, calls=1, latency_ms=1500)
    await stage.approve(card)
    await stage.hears("too old to be sent", stage.bob)
    await presses(stage, "U0CAROL", card["ts"], "approve", approval(card))
    assert "is being planned; wait for its new card" in await stage.hears("planned", stage.carol)
    await stage.card(request_id(card["text"]), "waiting for approval")


async def test_an_approval_of_an_older_plan_does_not_count_for_the_new_one(stage: Stage) -> None:
    ids = await stage.phones(3)
    card = await stage.asks("routing", ids)
    await stage.cloud.edit_phones(ids[:1], route="routing")
    await let_pass(stage, card, 0.75)
    await stage.approve(card)
    await stage.hears("too old to be sent", stage.bob)
    at = {"channel": stage.channel, "ts": card["ts"], "text": "*2* phones change"}
    await stage.slack.wait_for("message", **at)
    before = await sends(stage)
    await comes_again(stage, "interactive:block_actions")
    await presses(stage, "U0CAROL", card["ts"], "approve", approval(card))
    assert "has changed since this card" in await stage.hears("changed since", stage.carol)
    assert (await stage.slack.wait_for("message", **at))["text"].count("<@U0BOB>") == 0
    assert await sends(stage) == before
