"""The same command or form twice: delivered again, or meant again within seconds."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.divert.request import Request
from bot.store.database import open_database
from bot.store.tables import requests
from tests.walk.stage import Json, Stage, request_id
from tests.walk.test_pressing import presses


async def asked(stage: Stage) -> list[Request]:
    """What was asked for here, the newest first."""
    latest = await stage.bot.world.ledger.read(lambda tx: tx.latest(1000))
    return [one for one in latest if one.draft.channel == stage.channel]


async def comes_again(stage: Stage, delivery: str) -> Json:
    """The newest delivery of a kind once more; its acknowledgement."""
    again = await stage.slack.fault("redeliver", delivery=delivery)
    assert isinstance(again, dict)
    assert again["acked"], again
    return again


async def came_earlier(stage: Stage, request: str, seconds: float) -> None:
    """The request is so much older at once."""
    database = open_database(stage.bot.config.database_url)
    earlier = (await asked(stage))[0].asked_at - timedelta(seconds=seconds)
    aged = update(requests).where(requests.c.id == request).values(asked_at=earlier)
    await database.write(lambda connection: connection.execute(aged))
    await database.close()


async def asked_back(stage: Stage, ids: list[str]) -> tuple[str, Json]:
    """The same command typed twice: its request, and the question with its button."""
    first = request_id(await stage.says(f"/cph divert routing {' '.join(ids)}"))
    told = await stage.says(f"/cph divert routing {' '.join(ids)}")
    assert "You asked for this" in told
    assert first in told
    await stage.card(first, "waiting for approval")
    return first, await stage.answered("You asked for this")


async def test_a_command_that_comes_again_when_its_request_is_done_asks_for_nothing(
    stage: Stage,
) -> None:
    heard = await stage.says(f"/cph divert routing {(await stage.phones(1))[0]}")
    card = await stage.card(request_id(heard), "waiting for approval")
    await stage.approve(card)
    await stage.ends(card)
    again = await comes_again(stage, "slash_commands")
    assert f"came in already: it is request `{request_id(heard)}`" in again["response"]["text"]
    assert len(await asked(stage)) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{a} {b}", "  {b},{a}  "),
        ("{a} {b} reason:test", "`{a}` “{b}” {a}"),
        ("{a} server:{s},edge-01 status:2", 'status:running project:demo server:"edge-01",{s} {a}'),
    ],
)
async def test_the_same_wish_typed_again_within_ten_seconds_is_asked_back(
    stage: Stage, first: str, second: str
) -> None:
    home = await stage.server()
    names = {"a": home.phones[0], "b": home.phones[1], "s": home.name}
    heard = await stage.says(f"/cph divert routing {first.format(**names)}")
    told = await stage.says(f"/cph divert routing {second.format(**names)}")
    assert f"ago as `{request_id(heard)}`, so I did nothing more now" in told
    assert [one.id for one in await asked(stage)] == [request_id(heard)]


async def test_another_wish_is_asked_for_at_once(stage: Stage) -> None:
    a, b = await stage.phones(2)
    for text in (f"routing {a}", f"routing {b}", f"direct {a}", f"routing {a} project:token"):
        assert "I am reading" in await stage.says(f"/cph divert {text}")
    assert "I am reading" in await stage.says(f"/cph divert routing {a}", stage.dave)
    assert len(await asked(stage)) == 5


async def test_two_of_the_same_in_one_instant_make_one_request(stage: Stage) -> None:
    text = f"/cph divert routing {' '.join(await stage.phones(2))}"
    heard = await asyncio.gather(*(stage.says(text) for _ in range(4)))
    assert sum("I am reading" in one for one in heard) == 1
    assert sum("You asked for this" in one for one in heard) == 3
    assert len(await asked(stage)) == 1


async def test_the_same_command_after_ten_seconds_is_a_request_of_its_own(stage: Stage) -> None:
    text = f"/cph divert routing {(await stage.phones(1))[0]}"
    first = request_id(await stage.says(text))
    await stage.card(first, "waiting for approval")
    await came_earlier(stage, first, 10)
    assert "I am reading" in await stage.says(text)
    assert first in await stage.hears("belongs to another open request")
    assert len(await asked(stage)) == 2


async def test_the_same_command_is_run_once_the_first_is_over(stage: Stage) -> None:
    text = f"/cph divert routing {(await stage.phones(1))[0]}"
    first = await stage.card(request_id(await stage.says(text)), "waiting for approval")
    await stage.alice.click("withdraw", message=first)
    await stage.card(request_id(first["text"]), "withdrawn")
    await stage.card(request_id(await stage.says(text)), "waiting for approval")
    assert len(await asked(stage)) == 2


async def test_what_was_asked_back_stays_so_when_it_comes_again_an_hour_later(
    stage: Stage,
) -> None:
    first, _ = await asked_back(stage, await stage.phones(1))
    await came_earlier(stage, first, 3600)
    again = await comes_again(stage, "slash_commands")
    assert f"ago as `{first}`, so I did nothing" in again["response"]["text"]
    assert len(await asked(stage)) == 1


async def test_what_is_wanted_anyway_runs_as_its_own_request_once_for_two_presses(
    stage: Stage,
) -> None:
    ids = await stage.phones(2)
    first, question = await asked_back(stage, ids)
    await stage.alice.click("withdraw", message=await stage.card(first, "waiting for approval"))
    await stage.card(first, "withdrawn")
    for _ in range(2):
        assert (await stage.alice.click("ask_anyway", message=question))["acked"]
    second = (await asked(stage))[0].id
    assert second != first
    assert second in await stage.hears("came in already")
    card = await stage.card(second, "waiting for approval")
    await comes_again(stage, "interactive:block_actions")
    await stage.approve(card)
    assert "all 2 phones" in (await stage.ends(card))["text"]
    assert len(await asked(stage)) == 2


async def test_nobody_asks_anyway_for_what_another_person_was_asked_back(stage: Stage) -> None:
    _, question = await asked_back(stage, await stage.phones(1))
    rows = next(block for block in question["blocks"] if block["type"] == "actions")
    value = rows["elements"][0]["value"]
    for forged in (value, f"{value}0", "anyway", "/cph help"):
        await presses(stage, "U0BOB", question["ts"], "ask_anyway", forged)
    await stage.hears("no request for this button", stage.bob)
    assert len(await asked(stage)) == 1


async def sends_form(stage: Stage, ids: list[str]) -> Json:
    await stage.says("/cph divert")
    values = {"route": {"value": "routing"}, "ids": {"value": "\n".join(ids)}}
    return await stage.alice.submit(values)


async def test_a_form_delivered_twice_makes_one_request_and_one_answer(stage: Stage) -> None:
    await stage.slack.fault("duplicate", delivery="interactive")
    await sends_form(stage, await stage.phones(2))
    card = await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")
    await comes_again(stage, "interactive:view_submission")
    await stage.approve(card)
    await stage.ends(card)
    await comes_again(stage, "interactive:view_submission")
    assert len(await asked(stage)) == 1
    seen = await stage.alice.sees(stage.channel)
    told = [one["text"] for one in seen if one["is_ephemeral"]]
    assert sum("I am reading" in one or "came in already" in one for one in told) == 1


@pytest.mark.parametrize("door", ["form", "command"])
async def test_a_form_with_the_same_content_closes_and_is_asked_back(
    stage: Stage, door: str
) -> None:
    ids = await stage.phones(2)
    if door == "form":
        await sends_form(stage, ids)
    else:
        await stage.says(f"/cph divert routing {' '.join(ids)}")
    assert (await sends_form(stage, ids[::-1]))["acked"]
    assert await stage.alice.views() == []
    [first] = [one.id for one in await asked(stage)]
    question = await stage.answered("You asked for this")
    assert first in question["text"]
    await stage.card(first, "waiting for approval")
    await stage.alice.click("ask_anyway", message=question)
    assert first in await stage.hears("belong to other open requests")
    assert len(await asked(stage)) == 2


async def test_a_form_changed_after_its_acknowledgement_got_lost_is_meant(stage: Stage) -> None:
    first, second = await stage.phones(2)
    await stage.slack.fault("drop_ack", delivery="interactive")
    assert (await sends_form(stage, [first]))["error"] == "operation_timeout"
    await stage.hears("I am reading")
    await stage.alice.submit({"ids": {"value": second}})
    newest, oldest = await asked(stage)
    for one in (newest, oldest):
        await stage.card(one.id, "waiting for approval")
    assert (newest.draft.ids, oldest.draft.ids) == ((second,), (first,))
