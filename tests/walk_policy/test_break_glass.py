"""What cannot wait for an approval: run at once with a reason, told to all, reviewed afterwards."""

from tests.walk.stage import Json, Stage, request_id
from tests.walk.test_pressing import presses
from tests.walk_policy.test_typed_number import sends, told, value


async def opens(stage: Stage, card: Json) -> Json:
    """Dave presses the button; the form."""
    pressed = await stage.dave.click("break_glass", message=card)
    assert pressed["acked"], pressed
    return await stage.dave.open_view()


async def broken(stage: Stage, phones: int = 1) -> Json:
    """The card of a request that ran without approval."""
    card = await stage.asks("routing", await stage.phones(phones))
    await opens(stage, card)
    await stage.dave.submit({"reason": {"value": "phones are down"}})
    return await stage.ends(card) | {"ts": card["ts"], "channel": stage.channel}


async def test_a_reason_runs_it_at_once_and_stands_on_the_card(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(2))
    assert (await stage.buttons(card))[-1] == "break_glass"
    view = await opens(stage, card)
    assert "*2* phones change to *routing*" in told(view)
    assert "without the approvals that are missing" in told(view)
    assert [one["block_id"] for one in view["blocks"] if one["type"] == "input"] == ["reason"]
    answer = await stage.dave.submit({"reason": {"value": "  "}})
    assert "Say why" in answer["response"]["errors"]["reason"]
    await stage.dave.submit({"reason": {"value": "phones are down"}})
    ended = await stage.ends(card)
    assert "phones are down" in ended["text"]
    assert "<@U0DAVE>" in ended["text"]
    assert await stage.buttons(card) == ["review"]


async def test_of_many_phones_the_number_is_typed_here_too(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(5))
    before = await sends(stage)
    await opens(stage, card)
    reason = {"reason": {"value": "phones are down"}}
    answer = await stage.dave.submit({**reason, "number": {"value": "50"}})
    assert "You typed 50" in answer["response"]["errors"]["number"]
    assert await sends(stage) == before
    await stage.dave.submit({**reason, "number": {"value": "5"}})
    assert "all 5 phones" in (await stage.ends(card))["text"]


async def test_who_may_not_break_it_is_told_and_nothing_is_sent(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    before = await sends(stage)
    await stage.bob.click("break_glass", message=card)
    await stage.bob.submit({"reason": {"value": "I want it"}})
    await stage.hears("No rule of the policy", stage.bob)
    assert await sends(stage) == before
    await stage.approve(card)
    await stage.ends(card)


async def test_where_no_rule_could_break_it_there_is_no_button(stage: Stage) -> None:
    elsewhere = await stage.asks("routing", await stage.phones(1), "project:token")
    assert "break_glass" not in await stage.buttons(elsewhere)
    many = await stage.asks("routing", await stage.phones(10))
    assert "break_glass" not in await stage.buttons(many)


async def test_somebody_else_marks_it_as_reviewed(stage: Stage) -> None:
    card = await broken(stage)
    await stage.dave.click("review", message=card)
    await stage.hears("for somebody else to review", stage.dave)
    await stage.bob.click("review", message=card)
    reviewed = await stage.slack.wait_for(
        "message", channel=stage.channel, ts=card["ts"], text="eviewed by <@U0BOB>"
    )
    assert "phones are down" in reviewed["text"]
    assert await stage.buttons(card) == []
    await presses(stage, "U0CAROL", card["ts"], "review", value(card, "review"))
    heard = await stage.hears("reviewed", stage.carol)
    assert request_id(card["text"]) in heard


async def test_who_comes_after_it_hears_that_nobody_approved_it(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    shown = value(card)
    await opens(stage, card)
    await stage.dave.submit({"reason": {"value": "phones are down"}})
    await stage.ends(card)
    await stage.bob.click("review", message=card)
    await stage.slack.wait_for("message", channel=stage.channel, ts=card["ts"], text="eviewed by")
    await presses(stage, "U0CAROL", card["ts"], "approve", shown)
    heard = await stage.hears("without approval by <@U0DAVE>, who broke the glass", stage.carol)
    assert request_id(card["text"]) in heard


async def test_a_glass_form_that_comes_too_late_says_who_was_first(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    view = await opens(stage, card)
    await stage.approve(card)
    await stage.ends(card)
    answer = await stage.dave.submit({"reason": {"value": "down"}}, view=view)
    assert "was approved by @U0BOB and is done" in answer["response"]["errors"]["reason"]


async def test_a_glass_form_that_is_sent_twice_runs_it_once(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    before = await sends(stage)
    await opens(stage, card)
    await stage.slack.fault("duplicate", delivery="interactive", times=1)
    await stage.dave.submit({"reason": {"value": "down"}})
    ended = await stage.ends(card)
    assert ended["text"].count("<@U0DAVE>") == 1
    assert await sends(stage) == before + 1
    told = [one["text"] for one in await stage.dave.sees(stage.channel) if one["is_ephemeral"]]
    assert told == []  # that somebody, himself, was first
