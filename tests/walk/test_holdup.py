"""What is tried again and what holds a run up: told in the thread, the file and the log."""

import logging

import pytest

from bot.divert.failures import NotSent
from bot.divert.holdup import tell_not_sent
from sandbox.cloud.kinds import Kind
from tests.walk.stage import Json, Stage, request_id

SEND = Kind.IMPORT_TRAFFIC
MANY = 12  # phones, more than go into the thread without a file


async def told(stage: Stage, card: Json, text: str) -> list[str]:
    """Posts of the thread that hold this."""
    return [post["text"] for post in await stage.thread(card) if text in post["text"]]


async def shown(stage: Stage, card: Json, text: str) -> None:
    """The card comes to hold this."""
    await stage.slack.wait_for("message", channel=stage.channel, ts=card["ts"], text=text)


async def histories(stage: Stage, card: Json) -> dict[str, str]:
    return {row["phone_id"]: row["history"] for row in await stage.table(card, "outcome")}


def every_try_but_the_last(row: dict[str, str], why: str) -> str:
    """The history of a phone whose fault was over after one try or more."""
    assert int(row["tries"]) > 1
    return ", ".join(f"{number}: {why}" for number in range(1, int(row["tries"])))


async def test_the_file_says_which_tries_a_phone_had_and_why(stage: Stage) -> None:
    ids = await stage.phones(MANY)
    busy, timed_out = ids[:1], ids[1:2]
    await stage.cloud.edit_phones(busy, refuse_code="CPS.0042")
    await stage.cloud.edit_phones(timed_out, job_failure_code="CPS.0054")
    await stage.cloud.edit_phones(ids[2:3], job_failure_code="CPS.0141")
    card = await stage.asks("routing", ids)
    await stage.approve(card)
    await stage.posted(card, "Approved")
    await shown(stage, card, "1 to be sent")
    await stage.cloud.edit_phones(busy, refuse_code=None)
    await stage.cloud.edit_phones(timed_out, job_failure_code=None)
    await stage.ends(card)
    rows = {row["phone_id"]: row for row in await stage.table(card, "outcome")}
    assert rows[busy[0]]["history"] == every_try_but_the_last(rows[busy[0]], "CPS.0042")
    assert rows[timed_out[0]]["history"] == every_try_but_the_last(
        rows[timed_out[0]], "job CPS.0054"
    )
    failed = rows[ids[2]]
    assert (failed["state"], failed["history"]) == ("failed", "1: job CPS.0141")
    assert failed["meaning"] == stage.bot.world.cloud.explain("CPS.0141")[0]
    assert failed["advice"] == stage.bot.world.cloud.explain("CPS.0141")[1]
    assert {row["history"] for row in rows.values() if row["tries"] == "1"} == {
        "", "1: job CPS.0141",
    }  # fmt: skip
    seen = await stage.cloud.phones_by_id(ids)
    assert {one: row["name"] for one, row in rows.items()} == {
        one: phone.name for one, phone in seen.items()
    }
    assert {one: row["server"] for one, row in rows.items()} == {
        one: phone.server for one, phone in seen.items()
    }


async def test_a_call_without_an_answer_is_in_the_history_and_in_the_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    ids = await stage.phones(MANY)
    await stage.cloud.override(SEND, calls=1, outage="html_502")
    with caplog.at_level(logging.INFO, "bot.divert"):
        card = await stage.runs("routing", ids)
    assert set((await histories(stage, card)).values()) == {"1: no answer"}
    request = request_id(card["text"])
    assert f"{request}: batch 1, try 1 did not go through: Unclear HTTP.502" in caplog.messages
    assert f"{request}: {MANY} phones are sent again: no answer" in caplog.messages


async def runs_at_once(stage: Stage, terms: str) -> Json:
    """A run in the project whose limits concern no other test; its card at the end."""
    heard = await stage.says(f"/cph divert routing {terms} project:limited")
    return await stage.ends(await stage.card(request_id(heard), "done"))


async def test_a_busy_cloud_is_told_once_for_each_code(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.override(SEND, calls=2, refuse_call_code="CPS.0042")
    card = await stage.runs("routing", ids)
    assert len(await told(stage, card, "The cloud is busy (`CPS.0042`)")) == 1


async def test_a_hiccup_is_not_worth_a_word(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(2))
    await stage.cloud.override(SEND, calls=1, throttle=True)
    await stage.approve(card)
    await stage.ends(card)
    assert await told(stage, card, "The cloud") == []


async def test_a_cloud_that_takes_no_calls_for_a_while_is_told_with_what_is_done(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1), "project:token")
    await stage.cloud.override(SEND, calls=2, refuse_call_code="APIGW.0999", refuse_call_status=429)
    await stage.approve(card)
    await stage.hears("One more is needed", stage.bob)
    await stage.approve(card, stage.carol)
    await stage.ends(card)
    [post] = await told(stage, card, "does not take my calls")
    assert "APIGW.0999" in post
    assert "goes on by itself" in post


async def test_without_a_connection_the_thread_says_that_it_goes_on_by_itself(
    stage: Stage,
) -> None:
    card = await stage.runs("routing", await stage.phones(1))
    world, request = stage.bot.world, request_id(card["text"])
    kept = await world.ledger.read(lambda tx: tx.request(request))
    assert kept is not None
    failure = NotSent(message="no connection")
    for held in (0.5, 4.0, 5.0):
        await world.ledger.write(lambda tx, h=held: tell_not_sent(world, tx, kept, failure, h))  # type: ignore[misc]
    await stage.posted(card, "I cannot connect to the cloud")
    assert len(await told(stage, card, "I cannot connect")) == 1


async def test_a_limit_by_the_minute_is_told_with_the_time_left_and_kept(stage: Stage) -> None:
    ids = await stage.phones(1)
    limit = {"calls": 2, "per": "minute"}
    await stage.cloud.override(
        SEND, calls=1, throttle=True, write_limit=limit, retry_after_seconds=1
    )
    card = await runs_at_once(stage, ids[0])
    [post] = await told(stage, card, "The cloud takes")
    assert post.startswith("The cloud takes 2 calls a minute; I keep to that. About ")
    caller = stage.bot.world.cloud.caller("limited")
    pace, _ = await stage.bot.world.ledger.read(lambda tx: tx.pace(caller))
    assert (pace["send"]["calls"], pace["send"]["seconds"]) == (2, 60)
    await a_known_limit_is_told_at_the_start(stage)


async def a_known_limit_is_told_at_the_start(stage: Stage) -> None:
    home, other, third = await stage.server(), await stage.server(), await stage.server()
    servers = ",".join(one.name for one in (home, other, third))
    heard = await stage.says(f"/cph divert routing server:{servers} project:limited")
    card = await stage.card(request_id(heard), "running")
    await stage.posted(card, "The cloud takes 2 calls a minute")
    await stage.alice.click("cancel", message=card)
    await stage.ends(card, "cancelled")
    assert len(await told(stage, card, "The cloud takes")) == 1
