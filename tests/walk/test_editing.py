"""A request is edited, or asked for again, from its card: by who asked, and in its place."""

import json

from bot.divert.request import Request, State
from sandbox.slack.driver import Human
from tests.walk.stage import Json, Stage, request_id
from tests.walk.test_late import approval
from tests.walk.test_pressing import presses
from tests.walk.test_twice import asked


async def edits(stage: Stage, card: Json, person: Human | None = None) -> dict[str, Json]:
    """Open the form from the card; its fields by name."""
    pressed = await (person or stage.alice).click("edit", message=card)
    assert pressed["acked"], pressed
    return fields(await (person or stage.alice).open_view())


async def request_of(stage: Stage, card: Json) -> Request:
    found = await stage.bot.world.ledger.read(lambda tx: tx.request(request_id(card["text"])))
    assert found is not None
    return found


def fields(view: Json) -> dict[str, Json]:
    return {one["block_id"]: one["element"] for one in view["blocks"] if one["type"] == "input"}


async def notes(stage: Stage) -> str:
    """What stands above the fields."""
    view = await stage.alice.open_view()
    told = (one["elements"] for one in view["blocks"] if one["type"] == "context")
    return " ".join(one["text"] for elements in told for one in elements)


async def sends(stage: Stage, **values: object) -> Json:
    return await stage.alice.submit({name: {"value": value} for name, value in values.items()})


async def taken_up(stage: Stage, old: Json) -> Json:
    """The card that goes up in the place of another."""
    old_id = request_id(old["text"])
    heard = await stage.hears(f"in place of `{old_id}`: I am reading")
    return await stage.card(request_id(heard), "waiting for approval")


async def test_what_is_edited_takes_the_place_of_what_waits(stage: Stage) -> None:
    ids = await stage.phones(3)
    card = await stage.asks("routing", ids, "reason:ads")
    form = await edits(stage, card)
    assert form["ids"]["initial_value"].split() == ids
    assert form["route"]["initial_option"]["value"] == "routing"
    assert form["reason"]["initial_value"] == "ads"
    assert "Approvals given to it no longer count" in await notes(stage)
    await sends(stage, ids="\n".join(ids[:2]), reason="fewer")
    new = await taken_up(stage, card)
    assert "*2* phones change" in new["text"]
    assert f"In place of `{request_id(card['text'])}` (withdrawn)" in new["text"]
    old = await stage.card(request_id(card["text"]), "withdrawn")
    assert f"Edited: `{request_id(new['text'])}` has taken its place" in old["text"]
    await stage.posted(card, f"`{request_id(new['text'])}` takes the place of this request")
    await stage.approve(new)
    assert "all 2 phones" in (await stage.ends(new))["text"]


async def test_an_approval_of_what_was_edited_is_sent_to_the_new_card(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await edits(stage, card)
    await sends(stage, reason="why")
    new = await taken_up(stage, card)
    await presses(stage, "U0BOB", card["ts"], "approve", approval(card))
    heard = await stage.hears("has taken its place", stage.bob)
    assert request_id(new["text"]) in heard
    assert (await request_of(stage, new)).state is State.PENDING


async def test_nobody_else_edits_it(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.bob.click("edit", message=card)
    assert "Only <@U0ALICE>" in await stage.hears("edit it", stage.bob)
    assert await stage.bob.views() == []


async def test_what_was_denied_is_asked_for_again_in_words_that_were_mended(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.bob.click("deny", message=card)
    await stage.bob.submit({"reason": {"value": "why?"}})
    denied = await stage.card(request_id(card["text"]), "denied")
    form = await edits(stage, denied)
    assert "reason" in form
    assert "This asks again" in await notes(stage)
    await sends(stage, reason="that is why")
    new = await taken_up(stage, card)
    assert f"In place of `{request_id(card['text'])}` (denied)" in new["text"]
    await stage.posted(card, f"Asked for again as `{request_id(new['text'])}`")
    assert (await request_of(stage, card)).state is State.DENIED


async def test_a_form_sent_as_it_was_leaves_what_waits_as_it_is(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(2), "reason:ads")
    await edits(stage, card)
    answer = await sends(stage)
    assert "Nothing is changed" in answer["response"]["errors"]["route"]
    await stage.alice.close()
    assert (await request_of(stage, card)).state is State.PENDING
    assert len(await asked(stage)) == 1


async def test_a_press_that_comes_when_all_is_done_offers_a_request_of_its_own(
    stage: Stage,
) -> None:
    card = await stage.runs("routing", await stage.phones(1))
    await presses(stage, "U0ALICE", card["ts"], "edit", f"{request_id(card['text'])}:")
    told = await stage.answered("can no longer be edited")
    assert "was approved by <@U0BOB> and is done" in told["text"]
    await stage.alice.click("open_form", message=told | {"channel": stage.channel})
    await sends(stage, route="direct")
    new = await stage.card((await asked(stage))[0].id, "waiting for approval")
    assert "In place of" not in new["text"]
    assert (await request_of(stage, card)).state is State.DONE


async def test_what_is_approved_while_its_form_is_open_is_not_replaced(stage: Stage) -> None:
    ids, others = await stage.phones(1), await stage.phones(1)
    card = await stage.asks("routing", ids)
    await edits(stage, card)
    await stage.approve(card)
    await stage.ends(card)
    await sends(stage, ids=others[0])
    told = await stage.answered("can no longer take its place")
    assert "was approved by <@U0BOB> and is done" in told["text"]
    assert len(await asked(stage)) == 1
    for _ in range(2):
        await stage.alice.click("ask_anyway", message=told | {"channel": stage.channel})
    await stage.hears("came in already")
    new, old = await asked(stage)
    assert (new.draft.ids, new.draft.replaces) == (tuple(others), "")
    assert old.state is State.DONE


async def test_an_edit_delivered_twice_is_one(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await edits(stage, card)
    await stage.slack.fault("duplicate", delivery="interactive", times=1)
    await sends(stage, reason="once")
    await taken_up(stage, card)
    assert len(await asked(stage)) == 2


async def test_what_is_edited_again_after_it_was_sent_replaces_the_newest(stage: Stage) -> None:
    """The acknowledgement got lost, the form stays open, and is sent with something else in it."""
    card = await stage.asks("routing", await stage.phones(1))
    await edits(stage, card)
    view = await stage.alice.open_view()
    await stage.slack.fault("drop_ack", delivery="interactive", times=1)
    await stage.alice.submit({"reason": {"value": "first"}}, view=view)
    first = await taken_up(stage, card)
    await stage.alice.submit({"reason": {"value": "second"}}, view=view)
    second = await taken_up(stage, first)
    assert "“second”" in second["text"]
    states = [one.state for one in await asked(stage)]
    assert states == [State.PENDING, State.WITHDRAWN, State.WITHDRAWN]


async def test_a_bad_file_in_an_edit_leaves_the_place_to_the_next_one(stage: Stage) -> None:
    ids = await stage.phones(2)
    card = await stage.asks("routing", ids)
    await edits(stage, card)
    file = await stage.alice.upload("ids.txt", b"hello\n")
    await sends(stage, ids="", file={"files": [file]})
    told = await stage.alice.wait_for("ephemeral", channel=stage.channel, text="no phone id in the")
    await stage.alice.click("open_form", message=told | {"channel": stage.channel})
    assert "A file cannot be filled in" in await notes(stage)
    await sends(stage, ids=ids[0])
    new = await stage.card((await asked(stage))[0].id, "waiting for approval")
    assert f"In place of `{request_id(card['text'])}` (withdrawn)" in new["text"]
    await stage.posted(card, f"Asked for again as `{request_id(new['text'])}`")


async def test_a_form_that_names_somebody_elses_request_is_refused(stage: Stage) -> None:
    room = {"id": stage.channel, "members": ["U0ALICE", "U0BOB", "U0GRETA"], "bot_in": True}
    await stage.slack.put("people", users=[{"id": "U0GRETA", "name": "greta"}])
    await stage.slack.put("channels", channels=[room])
    hers, own = await stage.phones(1), await stage.phones(2)
    greta = stage.slack.person("U0GRETA")
    heard = await stage.says(f"/cph divert routing {hers[0]} project:token", greta)
    other = await stage.card(request_id(heard), "waiting for approval")
    await stage.gives_file("ids.txt", "\n".join(own).encode())
    card = await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")
    for instead in (True, False):
        await edits(stage, card)
        forge(stage, {"request_id": request_id(heard), "instead": instead})
        answer = await sends(stage, reason="mine now")
        assert "is no request of yours" in answer["response"]["errors"]["route"]
        await stage.alice.close()
    assert (await request_of(stage, other)).state is State.PENDING
    assert len(await asked(stage)) == 2


def forge(stage: Stage, changes: Json) -> None:
    """Change what Alice's form remembers, as no form of the bot would."""
    view = stage.sandbox.workspace.views.stacks["U0ALICE"][-1].view
    view["private_metadata"] = json.dumps(json.loads(view["private_metadata"]) | changes)


async def test_an_edit_form_that_slack_does_not_open_asks_to_press_again(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault("error", method="views.open", error="expired_trigger_id", times=1)
    await stage.alice.click("edit", message=card)
    await stage.hears("Please press again")


async def test_nobody_opens_the_form_of_another_s_request(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await presses(stage, "U0BOB", card["ts"], "open_form", f"{request_id(card['text'])}:")
    assert "initial_value" not in fields(await stage.bob.open_view())["ids"]
    await stage.bob.close()


async def test_a_button_of_nobody_s_request_says_so(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await presses(stage, "U0ALICE", card["ts"], "edit", "D-ZZZZZZZZ:")
    await stage.hears("no request for this button")
