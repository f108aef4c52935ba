"""A bad day at Slack: the run goes on, and everything is told afterwards, once and in order."""

import pytest

from sandbox.cloud.kinds import Kind
from tests.walk.stage import Stage, request_id


async def test_an_outage_of_slack_stops_neither_run_nor_thread(stage: Stage) -> None:
    ids = await stage.phones(3)
    card = await stage.asks("routing", ids)
    await stage.slack.fault("status", method="chat.postMessage", seconds=3, status=503)
    await stage.slack.fault("status", method="chat.update", seconds=3, status=503)
    await stage.approve(card)
    await stage.ends(card)
    told = [post["text"] for post in await stage.thread(card)]
    assert [text.split()[0] for text in told] == ["Approved.", "Jobs", "*Proven:*"]


@pytest.mark.parametrize("kind", ["lost_answer", "reset"])
async def test_a_post_whose_answer_was_lost_is_seen_at_worst_twice(stage: Stage, kind: str) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault(kind, method="chat.postMessage", times=1)
    await stage.approve(card)
    await stage.ends(card)
    told = [post["text"].split()[0] for post in await stage.thread(card)]
    assert list(dict.fromkeys(told)) == ["Approved.", "One", "*Proven:*"]
    assert told.count("Approved.") in {1, 2}


async def test_a_rate_limit_is_waited_for(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault("ratelimited", method="chat.postMessage", times=2, retry_after=1)
    await stage.slack.fault("ratelimited", method="chat.update", times=1, retry_after=1)
    await stage.approve(card)
    await stage.ends(card)


async def test_a_deleted_card_is_posted_anew(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.slack.fault("error", method="chat.update", error="message_not_found", times=1)
    await stage.approve(card)
    seen = await stage.slack.wait_for(
        "message", 15, channel=stage.channel, text=f"{request_id(card['text'])}:", after=card["ts"]
    )
    assert seen["ts"] != card["ts"]
    await stage.slack.wait_for("message", 15, channel=stage.channel, ts=seen["ts"], text=", done")


async def test_a_channel_archived_meanwhile_gives_way_to_the_projects_channel(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    archived = {"id": stage.channel, "bot_in": True, "is_archived": True, "members": ["U0BOB"]}
    await stage.slack.put("channels", channels=[archived | {"is_archived": False}])
    await stage.approve(card)
    await stage.slack.put("channels", channels=[archived])
    await stage.slack.wait_for(
        "message", 15, channel="C0OPS", text=f"{request_id(card['text'])}: 1 phone to routing, done"
    )


async def test_an_acknowledgement_that_was_lost_asks_once(stage: Stage) -> None:
    ids = await stage.phones(1)
    before = len(await stage.cloud.calls(Kind.IMPORT_TRAFFIC))
    await stage.slack.fault("drop_ack", delivery="slash_commands")
    await stage.alice.command(stage.channel, f"/cph divert routing {ids[0]}")
    card = await stage.slack.wait_for("message", 15, channel=stage.channel, text="waiting for")
    await stage.approve(card | {"channel": stage.channel})
    await stage.ends(card)
    assert len(await stage.cloud.calls(Kind.IMPORT_TRAFFIC)) == before + 1


async def test_a_socket_that_drops_is_opened_again(stage: Stage) -> None:
    await stage.slack.fault("socket_drop")
    await stage.slack.wait_for("connected", 15, count=1)
    assert "/cph divert" in await stage.says("/cph help")
