"""Many phones are approved only by typing their number, in a form that repeats the plan."""

import re

import pytest

from sandbox.cloud.kinds import Kind
from tests.walk.stage import Json, Stage, request_id
from tests.walk.test_pressing import presses
from tests.walk.test_time import let_pass
from tests.walk.test_twice import comes_again


async def opens(stage: Stage, card: Json) -> Json:
    """Bob presses Approve; the form."""
    pressed = await stage.bob.click("approve_typed", message=card)
    assert pressed["acked"], pressed
    return await stage.bob.open_view()


async def types(stage: Stage, number: str) -> dict[str, str]:
    """What the form says is wrong, if anything."""
    answer = await stage.bob.submit({"number": {"value": number}})
    return dict((answer["response"] or {}).get("errors", {}))


def told(view: Json) -> str:
    return "\n".join(one["text"]["text"] for one in view["blocks"] if one["type"] == "section")


def value(card: Json, action: str = "edit") -> str:
    """What the card's buttons carry."""
    rows = (block["elements"] for block in card["blocks"] if block["type"] == "actions")
    return next(str(one["value"]) for row in rows for one in row if one["action_id"] == action)


async def version(stage: Stage, card: Json) -> int:
    """At which version the card is wanted."""
    asked = await stage.bot.world.ledger.read(lambda tx: tx.request(request_id(card["text"])))
    assert asked is not None
    return asked.version


async def sends(stage: Stage) -> int:
    return len(await stage.cloud.calls(Kind.IMPORT_TRAFFIC))


async def test_the_form_repeats_the_plan_and_its_number_approves_it(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(5), "reason:ads")
    assert (await stage.buttons(card))[0] == "approve_typed"
    said = told(await opens(stage, card))
    assert "*5* phones change to *routing*, in 1 call." in said
    assert "Asked for by <@U0ALICE> in project demo: “ads”" in said
    assert f"`{request_id(card['text'])}`, plan `{value(card).partition(':')[2]}`" in said
    assert re.search(r"plan `[0-9a-f]{12}`", said)
    assert await types(stage, "５") == {}
    assert "all 5 phones" in (await stage.ends(card))["text"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [("4", "You typed 4, and 5 phones change"), ("five", "I read five"), ("5 phones", "5 phones")],
)
async def test_another_number_is_told_in_the_form_and_decides_nothing(
    stage: Stage, typed: str, wrong: str
) -> None:
    card = await stage.asks("routing", await stage.phones(5))
    before = await sends(stage)
    await opens(stage, card)
    assert wrong in (await types(stage, typed))["number"]
    await stage.bob.close()
    assert "approve_typed" in await stage.buttons(card)
    assert await sends(stage) == before


async def test_fewer_phones_are_approved_by_a_click_and_a_dialog(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(4))
    assert (await stage.buttons(card))[0] == "approve"
    await stage.approve(card)
    await stage.ends(card)


async def test_a_click_that_types_no_number_is_refused_and_says_so(stage: Stage) -> None:
    """As from a card that was drawn under another policy, so it is drawn anew."""
    card = await stage.asks("routing", await stage.phones(5))
    before, shown = await sends(stage), await version(stage, card)
    await presses(stage, "U0BOB", card["ts"], "approve", value(card))
    assert "number typed: 5" in await stage.hears("typed", stage.bob)
    assert await version(stage, card) == shown + 1
    assert await sends(stage) == before


async def test_a_form_that_is_sent_twice_is_one_decision(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(5))
    before = await sends(stage)
    await opens(stage, card)
    await stage.slack.fault("duplicate", delivery="interactive", times=1)
    assert await types(stage, "5") == {}
    ended = await stage.ends(card)
    late = await comes_again(stage, "interactive:view_submission")
    assert "was approved by @U0BOB and is done" in late["response"]["errors"]["number"]
    assert ended["text"].count("<@U0BOB>") == 1
    assert await sends(stage) == before + 1


async def test_a_plan_that_got_old_is_made_again_and_its_old_card_opens_no_form(
    stage: Stage,
) -> None:
    ids = await stage.phones(6)
    card = await stage.asks("routing", ids)
    view = await opens(stage, card)
    await stage.cloud.edit_phones(ids[:1], route="routing")
    await let_pass(stage, card, 0.75)
    await stage.bob.submit({"number": {"value": "6"}}, view=view)
    await stage.hears("too old to be sent", stage.bob)
    again = await stage.slack.wait_for(
        "message", channel=stage.channel, ts=card["ts"], text="*5* phones change"
    )
    late = await presses_old(stage, card)
    assert "has changed since this card" in late
    await stage.bob.click("approve_typed", message=again | {"channel": stage.channel})
    await types(stage, "5")
    await stage.ends(card)


async def presses_old(stage: Stage, card: Json) -> str:
    await presses(stage, "U0BOB", card["ts"], "approve_typed", value(card))
    return await stage.hears("has changed", stage.bob)


async def test_a_plan_that_changes_while_the_form_is_open_is_told_in_it(stage: Stage) -> None:
    ids = await stage.phones(6)
    card = await stage.asks("routing", ids)
    view = await opens(stage, card)
    await stage.cloud.edit_phones(ids[:1], route="routing")
    await let_pass(stage, card, 0.75)
    await stage.carol.click("approve_typed", message=card)
    await stage.carol.submit({"number": {"value": "6"}})
    at = {"channel": stage.channel, "ts": card["ts"], "text": "*5* phones change"}
    await stage.slack.wait_for("message", **at)
    late = await stage.bob.submit({"number": {"value": "6"}}, view=view)
    assert "has changed since this card" in late["response"]["errors"]["number"]


async def test_a_press_that_comes_too_late_opens_no_form(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(5))
    await opens(stage, card)
    await types(stage, "5")
    await stage.ends(card)
    await presses(stage, "U0BOB", card["ts"], "approve_typed", value(card))
    await stage.hears("was approved by <@U0BOB> and is done", stage.bob)
    assert await stage.bob.views() == []


async def test_who_may_not_approve_is_told_after_the_form(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(5))
    await stage.alice.click("approve_typed", message=card)
    await stage.alice.submit({"number": {"value": "5"}})
    await stage.hears("Nobody decides on their own request")


async def test_a_form_that_slack_does_not_open_asks_to_press_again(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(5))
    await stage.slack.fault("error", method="views.open", error="expired_trigger_id", times=1)
    await stage.bob.click("approve_typed", message=card)
    await stage.hears("Please press again", stage.bob)


async def test_a_button_of_no_request_opens_no_form(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await presses(stage, "U0BOB", card["ts"], "approve_typed", "D-ZZZZZZZZ:00")
    await stage.hears("no request for this button", stage.bob)
