"""Who may decide, who was first, and what a button of any age answers."""

import asyncio

from sandbox.cloud.kinds import Kind
from tests.walk.stage import Stage, request_id


async def sends(stage: Stage) -> int:
    return len(await stage.cloud.calls(Kind.IMPORT_TRAFFIC))


async def test_nobody_approves_their_own_request(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.approve(card, stage.alice)
    assert "Nobody decides on their own request" in await stage.hears("their own request")
    assert "waiting for approval" in (await stage.card(request_id(card["text"]), "waiting"))["text"]


async def test_who_is_no_approver_is_told_who_is(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.approve(card, stage.dave)
    heard = await stage.hears("not among those who may approve", stage.dave)
    assert "<!subteam^S0APPROVE>" in heard


async def test_guests_may_not_approve_even_in_the_right_group(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.put(
        "groups", groups=[{"id": "S0APPROVE", "users": ["U0BOB", "U0CAROL", "U0GUEST"]}]
    )
    guest = stage.slack.person("U0GUEST")
    await stage.approve(card, guest)
    assert "Guests may not" in await stage.hears("Guests", guest)
    await stage.slack.put("groups", groups=[{"id": "S0APPROVE", "users": ["U0BOB", "U0CAROL"]}])


async def test_of_two_approvals_at_once_one_wins_and_the_loser_is_told_who(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(2))
    before = await sends(stage)
    await asyncio.gather(stage.approve(card, stage.bob), stage.approve(card, stage.carol))
    ended = await stage.ends(card)
    winner = "U0BOB" if "Approved by <@U0BOB>" in ended["text"] else "U0CAROL"
    loser = stage.carol if winner == "U0BOB" else stage.bob
    assert f"by <@{winner}>" in await stage.hears(request_id(card["text"]), loser)
    assert await sends(stage) == before + 1


async def test_a_double_click_is_one_approval(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(2))
    before = await sends(stage)
    await asyncio.gather(stage.approve(card), stage.approve(card))
    await stage.ends(card)
    assert await sends(stage) == before + 1


async def test_a_duplicate_delivery_of_a_click_decides_once(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault("duplicate", delivery="interactive")
    await stage.approve(card)
    ended = await stage.ends(card)
    assert ended["text"].count("<@U0BOB>") == 1


async def test_deny_takes_a_reason_in_a_form_and_sends_nothing(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    before = await sends(stage)
    await stage.bob.click("deny", message=card)
    refused = await stage.bob.submit({"reason": {"value": "  "}})
    assert "Say why" in str(refused["response"])
    await stage.bob.submit({"reason": {"value": "not <today> & not tomorrow"}})
    denied = await stage.card(request_id(card["text"]), "denied")
    assert "Denied by <@U0BOB>: “not &lt;today&gt; &amp; not tomorrow”" in denied["text"]
    assert await stage.buttons(card) == ["edit"]
    assert await sends(stage) == before


async def test_a_denial_after_an_approval_is_told_that_it_is_late(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.carol.click("deny", message=card)
    await stage.approve(card)
    await stage.ends(card)
    await stage.carol.submit({"reason": {"value": "too late"}})
    late = f"`{request_id(card['text'])}` was approved by <@U0BOB>"
    await stage.carol.wait_for("message", channel="DM", text=late)


async def test_only_who_asked_withdraws(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.bob.click("withdraw", message=card)
    assert "Only <@U0ALICE>" in await stage.hears("withdraw", stage.bob)
    await stage.alice.click("withdraw", message=card)
    await stage.card(request_id(card["text"]), "withdrawn")
    assert await stage.buttons(card) == ["edit"]


async def test_an_approver_who_left_the_group_meanwhile_may_not_approve(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.put("groups", groups=[{"id": "S0APPROVE", "users": ["U0CAROL"]}])
    await stage.approve(card)
    assert "not among those" in await stage.hears("approve this", stage.bob)
    await stage.slack.put("groups", groups=[{"id": "S0APPROVE", "users": ["U0BOB", "U0CAROL"]}])


async def test_a_look_up_that_fails_decides_nothing_and_says_so(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault("status", method="usergroups.users.list", times=6)
    await stage.approve(card)
    assert "could not tell me who you are" in await stage.hears("Slack could", stage.bob)
    await stage.slack.clear_faults()
    assert "approve" in await stage.buttons(card)
    await stage.approve(card)
    await stage.ends(card)


async def test_two_stages_need_two_people(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1), "project:token")
    await stage.approve(card, stage.bob)
    assert "One more is needed" in await stage.hears("counts", stage.bob)
    await stage.approve(card, stage.bob)
    assert "approved this already" in await stage.hears("already", stage.bob)
    await stage.approve(card, stage.dave)
    ended = await stage.ends(card)
    assert "Approved by <@U0BOB>, <@U0DAVE>" in ended["text"]


async def test_a_requester_who_left_before_the_approval_has_nothing_sent(stage: Stage) -> None:
    left = {"id": "U0ERIN", "name": "erin", "deleted": True}
    await stage.slack.put("people", users=[left | {"deleted": False}])
    room = {"id": stage.channel, "members": ["U0ERIN", "U0BOB"], "bot_in": True}
    await stage.slack.put("channels", channels=[room])
    ids = await stage.phones(1)
    erin = stage.slack.person("U0ERIN")
    heard = await stage.says(f"/cph divert routing {ids[0]} project:token", erin)
    card = await stage.card(request_id(heard), "waiting for approval")
    before = await sends(stage)
    await stage.slack.put("people", users=[left])
    await stage.approve(card)
    assert "deactivated" in await stage.hears("deactivated", stage.bob)
    assert await sends(stage) == before


async def test_a_denial_form_that_slack_does_not_open_asks_to_press_again(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault("error", method="views.open", error="expired_trigger_id", times=1)
    await stage.bob.click("deny", message=card)
    await stage.hears("Please press again", stage.bob)
    await stage.bob.click("deny", message=card)
    await stage.bob.submit({"reason": {"value": "no"}})
    await stage.card(request_id(card["text"]), "denied")
