"""chat.*, called by slack_sdk's own client."""

from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.workspace import Workspace
from tests.sandbox.slack.asking import error_of, refusal_of
from tests.sandbox.slack.payload_parts import DIVIDER, actions, button, mrkdwn, section


async def test_a_posted_message_is_seen_and_answered_with_its_ts(
    web: AsyncWebClient, alice: Human
) -> None:
    answer = await web.chat_postMessage(channel="C0OPS", text="hello")
    assert answer["message"]["bot_id"] == "B0BOT"
    [seen] = await alice.sees("C0OPS")
    assert (seen["ts"], seen["text"], seen["user"]) == (answer["ts"], "hello", "U0BOT")


async def test_a_channel_may_be_named_and_a_person_written_to(
    web: AsyncWebClient, alice: Human, bob: Human
) -> None:
    assert (await web.chat_postMessage(channel="#phone-ops", text="x"))["channel"] == "C0OPS"
    direct = await web.chat_postMessage(channel="U0ALICE", text="psst")
    assert direct["channel"].startswith("D")
    assert [m["text"] for m in await alice.sees("DM")] == ["psst"]
    assert await bob.sees("DM") == []


async def test_where_the_bot_may_not_post(web: AsyncWebClient, workspace: Workspace) -> None:
    async def error(channel: str) -> str:
        return await error_of(web.chat_postMessage(channel=channel, text="x"))

    assert await error("C0GENERAL") == "not_in_channel"
    assert await error("C0OLD") == "is_archived"
    assert await error("C0NONE") == "channel_not_found"
    assert await error("U0GONE") == "channel_not_found"
    workspace.rooms["C0GENERAL"].kind = "private"
    assert await error("C0GENERAL") == "channel_not_found"


async def test_a_bad_block_is_refused_with_its_place(web: AsyncWebClient) -> None:
    blocks = [section(text=mrkdwn("x" * 3001))]
    answer = await refusal_of(web.chat_postMessage(channel="C0OPS", text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text]"
    ]


async def test_blocks_and_buttons_are_named_where_the_bot_left_them_unnamed(
    web: AsyncWebClient,
) -> None:
    unnamed = {k: v for k, v in button().items() if k != "action_id"}
    answer = await web.chat_postMessage(
        channel="C0OPS", text="x", blocks=[DIVIDER, actions(unnamed)]
    )
    divider, row = answer["message"]["blocks"]
    assert divider["block_id"] != row["block_id"]
    assert row["elements"][0]["action_id"]


async def test_replies_stand_in_the_thread_of_the_first_message(
    web: AsyncWebClient, alice: Human
) -> None:
    first = (await web.chat_postMessage(channel="C0OPS", text="card"))["ts"]
    reply = (await web.chat_postMessage(channel="C0OPS", text="one", thread_ts=first))["ts"]
    await web.chat_postMessage(channel="C0OPS", text="two", thread_ts=reply, reply_broadcast=True)
    _, one, two = await alice.sees("C0OPS")
    assert one["thread_ts"] == two["thread_ts"] == first
    assert two["subtype"] == "thread_broadcast"
    nonsense = web.chat_postMessage(channel="C0OPS", text="x", thread_ts="0")
    assert await error_of(nonsense) == "invalid_thread_ts"


async def test_a_reply_to_a_message_that_is_gone_lands_in_the_channel_without_a_word(
    web: AsyncWebClient, alice: Human
) -> None:
    ts = (await web.chat_postMessage(channel="C0OPS", text="card"))["ts"]
    await web.chat_delete(channel="C0OPS", ts=ts)
    answer = await web.chat_postMessage(channel="C0OPS", text="reply", thread_ts=ts)
    assert answer["ok"]
    assert "thread_ts" not in answer["message"]
    [seen] = await alice.sees("C0OPS")
    assert "thread_ts" not in seen


async def test_an_edit_with_text_alone_takes_the_blocks_away(web: AsyncWebClient) -> None:
    posted = await web.chat_postMessage(channel="C0OPS", text="a", blocks=[section()])
    edited = await web.chat_update(channel="C0OPS", ts=posted["ts"], text="b")
    assert edited["message"]["text"] == "b"
    assert "blocks" not in edited["message"]
    assert edited["message"]["edited"]["user"] == "U0BOT"


async def test_an_edit_with_blocks_alone_leaves_the_text(web: AsyncWebClient) -> None:
    posted = await web.chat_postMessage(channel="C0OPS", text="a")
    edited = await web.api_call(
        "chat.update", json={"channel": "C0OPS", "ts": posted["ts"], "blocks": [section()]}
    )
    assert edited["message"]["text"] == "a"
    assert edited["message"]["blocks"][0]["type"] == "section"


async def test_what_cannot_be_edited(web: AsyncWebClient, alice: Human) -> None:
    theirs = await alice.say("C0OPS", "mine")
    alone = await web.chat_postEphemeral(channel="C0OPS", user="U0ALICE", text="x")

    async def error(ts: str, text: str = "y") -> str:
        content = {"channel": "C0OPS", "ts": ts, "text": text}
        return await error_of(web.api_call("chat.update", json=content))

    assert await error(theirs) == "cant_update_message"
    assert await error(alone["message_ts"]) == "message_not_found"
    assert await error("1.000001") == "message_not_found"
    posted = await web.chat_postMessage(channel="C0OPS", text="x")
    assert await error(posted["ts"], "") == "no_text"
    assert await error(posted["ts"], "x" * 4001) == "msg_too_long"


async def test_a_deleted_message_is_gone_and_cannot_be_deleted_twice(
    web: AsyncWebClient, alice: Human
) -> None:
    ts = (await web.chat_postMessage(channel="C0OPS", text="x"))["ts"]
    await web.chat_delete(channel="C0OPS", ts=ts)
    assert await alice.sees("C0OPS") == []
    assert await error_of(web.chat_delete(channel="C0OPS", ts=ts)) == "message_not_found"
    theirs = await alice.say("C0OPS", "mine")
    refused = web.chat_delete(channel="C0OPS", ts=theirs)
    assert await error_of(refused) == "cant_delete_message"


async def test_a_deleted_message_with_replies_leaves_a_tombstone_and_its_thread(
    web: AsyncWebClient, alice: Human
) -> None:
    ts = (await web.chat_postMessage(channel="C0OPS", text="card"))["ts"]
    await web.chat_postMessage(channel="C0OPS", text="reply", thread_ts=ts)
    await web.chat_delete(channel="C0OPS", ts=ts)
    stone, reply = await alice.sees("C0OPS")
    assert stone["subtype"] == "tombstone"
    assert reply["text"] == "reply"
    assert await error_of(web.chat_update(channel="C0OPS", ts=ts, text="x")) == "message_not_found"


async def test_an_ephemeral_is_for_one_person(
    web: AsyncWebClient, alice: Human, bob: Human
) -> None:
    await web.chat_postEphemeral(channel="C0OPS", user="U0ALICE", text="only you")
    assert [m["text"] for m in await alice.sees("C0OPS")] == ["only you"]
    assert await bob.sees("C0OPS") == []


async def test_an_ephemeral_needs_a_person_who_is_there(
    web: AsyncWebClient, slack: SlackDriver
) -> None:
    await slack.put("channels", channels=[{"id": "C0ALONE", "members": ["U0BOT"]}])

    async def error(channel: str, user: str) -> str:
        return await error_of(web.chat_postEphemeral(channel=channel, user=user, text="x"))

    assert await error("C0OPS", "U0NOBODY") == "user_not_found"
    assert await error("C0ALONE", "U0ALICE") == "user_not_in_channel"
    assert await error("C0GENERAL", "U0ALICE") == "not_in_channel"


async def test_a_permalink_leads_to_a_message(web: AsyncWebClient) -> None:
    ts = (await web.chat_postMessage(channel="C0OPS", text="x"))["ts"]
    link = (await web.chat_getPermalink(channel="C0OPS", message_ts=ts))["permalink"]
    assert link.endswith(f"/archives/C0OPS/p{ts.replace('.', '')}")
    missing = web.chat_getPermalink(channel="C0OPS", message_ts="1.000001")
    assert await error_of(missing) == "message_not_found"
