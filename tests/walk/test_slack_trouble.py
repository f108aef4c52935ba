"""A bad day at Slack: the run goes on, and everything is told afterwards, once and in order."""

import asyncio

import aiohttp
import pytest

from bot.divert.reporting import NOWHERE
from bot.divert.request import Request, State
from sandbox.cloud.kinds import Kind
from tests.walk.stage import Json, Stage, request_id


async def test_an_outage_of_slack_stops_neither_run_nor_thread(stage: Stage) -> None:
    ids = await stage.phones(3)
    card = await stage.asks("routing", ids)
    await stage.slack.fault("status", method="chat.postMessage", seconds=3, status=503)
    await stage.slack.fault("status", method="chat.update", seconds=3, status=503)
    await stage.approve(card)
    await stage.ends(card)
    told = [post["text"] for post in await stage.thread(card)]
    assert [text.split()[0] for text in told] == ["Approved.", "Jobs", "*Proven:*"]


async def test_a_file_that_slack_does_not_give_at_once_is_asked_for_again(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.slack.fault("status", method="files.info", times=2, status=503)
    await stage.gives_file("ids.txt", "\n".join(ids).encode())
    await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")


async def test_a_file_that_slack_never_gives_is_told(stage: Stage) -> None:
    await stage.slack.fault("status", method="files.info", times=3, status=503)
    await stage.gives_file("ids.txt", b"a" * 32)
    await stage.hears("I could not fetch the file")


@pytest.mark.parametrize("kind", ["lost_answer", "reset"])
async def test_a_post_whose_answer_was_lost_is_seen_at_worst_twice(stage: Stage, kind: str) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault(kind, method="chat.postMessage", channel=stage.channel, times=1)
    await stage.approve(card)
    await stage.ends(card)
    told = [post["text"].split()[0] for post in await stage.thread(card)]
    assert list(dict.fromkeys(told)) == ["Approved.", "One", "*Proven:*"]
    assert told.count("Approved.") in {1, 2}


async def test_a_rate_limit_is_waited_for(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault(
        "ratelimited", method="chat.postMessage", channel=stage.channel, times=2, retry_after=1
    )
    await stage.slack.fault("ratelimited", method="chat.update", times=1, retry_after=1)
    await stage.approve(card)
    await stage.ends(card)


async def test_a_deleted_card_is_posted_anew(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault("error", method="chat.update", error="message_not_found", times=1)
    await stage.approve(card)
    seen = await stage.slack.wait_for(
        "message", channel=stage.channel, text=f"{request_id(card['text'])}:", after=card["ts"]
    )
    assert seen["ts"] != card["ts"]
    await stage.slack.wait_for("message", channel=stage.channel, ts=seen["ts"], text=", done")


async def test_a_channel_archived_meanwhile_gives_way_to_the_projects_channel(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    archived = {"id": stage.channel, "bot_in": True, "is_archived": True, "members": ["U0BOB"]}
    await stage.slack.put("channels", channels=[archived | {"is_archived": False}])
    await stage.approve(card)
    await stage.slack.put("channels", channels=[archived])
    await stage.slack.wait_for(
        "message", channel="C0OPS", text=f"{request_id(card['text'])}: 1 phone to routing, done"
    )


async def test_what_is_told_after_a_card_was_deleted_stands_below_the_new_one(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    room = stage.sandbox.workspace.rooms[stage.channel]
    await stage.slack.fault("ratelimited", method="chat.update", seconds=3)
    await stage.approve(card)
    del room.messages[card["ts"]]
    anew = await _card_after(stage, stage.channel, card)
    await stage.ends(anew)
    told = [post["text"].split()[0] for post in await stage.thread(anew)]
    assert told == ["Approved.", "One", "*Proven:*"]
    loose = [one.text for one in room.messages.values() if not one.thread_ts]
    assert loose == [(await stage.ends(anew))["text"]]


async def test_what_is_told_after_a_channel_was_archived_stands_below_the_card_elsewhere(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault("ratelimited", method="chat.update", seconds=3)
    await stage.approve(card)
    stage.sandbox.workspace.rooms[stage.channel].is_archived = True
    stage.channel = "C0OPS"
    anew = await _card_after(stage, stage.channel, card)
    await stage.ends(anew)
    told = [post["text"].split()[0] for post in await stage.thread(anew)]
    assert told == ["Approved.", "One", "*Proven:*"]


async def _card_after(stage: Stage, channel: str, card: Json) -> Json:
    """The same request's card where it was put up anew."""
    name = f"{request_id(card['text'])}:"
    found = await stage.slack.wait_for("message", channel=channel, text=name, after=card["ts"])
    return found | {"channel": channel}


async def test_what_no_channel_takes_is_waited_for_by_nobody(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    for method in ("chat.update", "chat.postMessage"):
        await stage.slack.fault("error", method=method, error="channel_not_found", seconds=600)
    await stage.approve(card)
    async with asyncio.timeout(60):
        while await _is_open(stage, card) or await _waiting(stage):  # noqa: ASYNC110 - in a database
            await asyncio.sleep(0.1)
    assert (await _request(stage, card)).card_ts == NOWHERE


async def _request(stage: Stage, card: Json) -> Request:
    found = await stage.bot.world.ledger.read(lambda tx: tx.request(request_id(card["text"])))
    assert found is not None
    return found


async def _is_open(stage: Stage, card: Json) -> bool:
    return (await _request(stage, card)).state is not State.DONE


async def _waiting(stage: Stage) -> int:
    """How many posts of the outbox are not posted yet."""
    url = f"{stage.bot.address}/metrics"
    async with aiohttp.ClientSession(trust_env=False) as http, http.get(url) as answer:
        lines = (await answer.text()).splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("cph_posts_waiting"))


async def test_a_post_that_slack_refuses_holds_up_no_other(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault(
        "error", method="chat.postMessage", channel=stage.channel, error="msg_too_long", times=1
    )
    await stage.approve(card)
    await stage.ends(card)
    told = [post["text"].split()[0] for post in await stage.thread(card)]
    assert told == ["One", "*Proven:*"]


async def test_an_acknowledgement_that_was_lost_asks_once(stage: Stage) -> None:
    ids = await stage.phones(1)
    before = len(await stage.cloud.calls(Kind.IMPORT_TRAFFIC))
    await stage.slack.fault("drop_ack", delivery="slash_commands")
    await stage.alice.command(stage.channel, f"/cph divert routing {ids[0]}")
    card = await stage.slack.wait_for("message", channel=stage.channel, text="waiting for")
    await stage.approve(card | {"channel": stage.channel})
    await stage.ends(card)
    assert len(await stage.cloud.calls(Kind.IMPORT_TRAFFIC)) == before + 1


async def test_a_socket_that_drops_is_opened_again(stage: Stage) -> None:
    await stage.slack.fault("socket_drop")
    await stage.slack.wait_for("connected", 15, count=1)
    assert "/cph divert" in await stage.says("/cph help")
