"""Cards, thread posts and words to one person reach people, or fail by name."""

from collections.abc import AsyncIterator, Sequence

import pytest

from bot.divert.failures import Away, CardGone, Undeliverable
from bot.divert.sentence import Button, Card, InThread, Post, Sentence, Table
from bot.divert.transaction import Said
from bot.slack.channel import SlackChannel
from bot.slack.failures import ChannelGone, SlackAway, TokenRefused
from bot.slack.web import Web
from sandbox.slack.app import Served
from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.shapes import Json

TABLE = Table("jobs", "D-7K3M-jobs.csv")


def card(version: int = 1, text: str = "5 phones change") -> Card:
    button = Button("approve", "Approve", "D-7K3M", "0a1b", "primary", Sentence("Sure?"))
    return Card("D-7K3M", version, Sentence("D-7K3M"), (Sentence(text),), (button,))


def in_thread(ts: str, *, text: str = "Sending.", table: Table | None = None) -> Said:
    post = Post(InThread("D-7K3M"), (Sentence(text),), table=table)
    return Said("1", post, "C0OPS", ts, posted=False)


async def rows() -> AsyncIterator[Sequence[str]]:
    yield ("phone_id", "message")
    yield ("a" * 32, "=1+1")


async def last(person: Human, channel: str) -> Json:
    return (await person.sees(channel))[-1]


async def test_a_card_goes_up_and_is_edited_where_it_is(
    channel: SlackChannel, alice: Human
) -> None:
    place = await channel.show(card(), "C0OPS", "")
    assert await channel.show(card(2, "5 phones are done"), *place) == place
    messages = await alice.sees("C0OPS")
    assert [message["ts"] for message in messages] == [place[1]]
    assert "5 phones are done" in str(messages[0]["blocks"])


async def test_a_card_that_is_gone_is_posted_anew(channel: SlackChannel, web: Web) -> None:
    _, ts = await channel.show(card(), "C0OPS", "")
    await web.client.chat_delete(channel="C0OPS", ts=ts)
    where, anew = await channel.show(card(2), "C0OPS", ts)
    assert where == "C0OPS"
    assert anew != ts


@pytest.mark.parametrize("place", ["C0OLD", "C0GENERAL", "C0NOWHERE"])
@pytest.mark.parametrize("ts", ["", "1700000000.000100"])
async def test_a_channel_that_is_archived_foreign_or_gone_is_named(
    channel: SlackChannel, place: str, ts: str
) -> None:
    with pytest.raises(ChannelGone) as failure:
        await channel.show(card(), place, ts)
    assert isinstance(failure.value, Undeliverable)


async def test_a_post_goes_into_the_thread(channel: SlackChannel, alice: Human) -> None:
    _, card_ts = await channel.show(card(), "C0OPS", "")
    ts = await channel.say(in_thread(card_ts), None)
    message = await last(alice, "C0OPS")
    assert (message["ts"], message["thread_ts"]) == (ts, card_ts)
    assert message["text"] == "Sending."


async def test_a_post_whose_card_is_gone_leaves_nothing_in_the_channel(
    channel: SlackChannel, alice: Human
) -> None:
    with pytest.raises(CardGone):
        await channel.say(in_thread("1700000000.000100"), None)
    assert await alice.sees("C0OPS") == []


async def test_a_post_that_cannot_be_taken_back_is_said_anew_all_the_same(
    channel: SlackChannel, slack: SlackDriver
) -> None:
    await slack.fault("status", method="chat.delete", status=503)
    with pytest.raises(CardGone):
        await channel.say(in_thread("1700000000.000100"), None)


@pytest.mark.parametrize("error", ["is_archived", "not_in_channel", "thread_not_found"])
@pytest.mark.parametrize("method", ["chat.postMessage", "files.completeUploadExternal"])
async def test_a_thread_that_cannot_be_reached_any_more_is_named(
    channel: SlackChannel, slack: SlackDriver, error: str, method: str
) -> None:
    _, card_ts = await channel.show(card(), "C0OPS", "")
    await slack.fault("error", method=method, error=error, times=1)
    table = TABLE if method.startswith("files") else None
    with pytest.raises(CardGone):
        await channel.say(in_thread(card_ts, table=table), rows() if table else None)


async def test_a_table_becomes_a_file_in_the_thread(
    channel: SlackChannel, alice: Human, slack: SlackDriver
) -> None:
    _, card_ts = await channel.show(card(), "C0OPS", "")
    await channel.say(in_thread(card_ts, text="Job ids", table=TABLE), rows())
    message = await last(alice, "C0OPS")
    assert (message["thread_ts"], message["text"]) == (card_ts, "Job ids")
    assert message["files"][0]["name"] == "D-7K3M-jobs.csv"
    content = (await slack.file(message["files"][0]["id"])).decode("utf-8-sig")
    assert content == f"phone_id,message\r\n{'a' * 32},'=1+1\r\n"


async def test_a_table_beside_a_deleted_card_is_still_whole(
    channel: SlackChannel, alice: Human, slack: SlackDriver
) -> None:
    await channel.say(in_thread("1700000000.000100", table=TABLE), rows())
    message = await last(alice, "C0OPS")
    assert len((await slack.file(message["files"][0]["id"])).splitlines()) == 2


@pytest.mark.parametrize("error", ["file_uploads_disabled", "missing_scope"])
async def test_words_are_said_though_the_file_is_refused(
    channel: SlackChannel, alice: Human, slack: SlackDriver, error: str
) -> None:
    _, card_ts = await channel.show(card(), "C0OPS", "")
    await slack.fault("error", method="files.getUploadURLExternal", error=error, times=1)
    await channel.say(in_thread(card_ts, text="Job ids", table=TABLE), rows())
    assert (await last(alice, "C0OPS"))["text"] == f"Job ids\nNo file: {error}"


async def test_a_short_rate_limit_is_waited_for(channel: SlackChannel, slack: SlackDriver) -> None:
    await slack.fault("ratelimited", method="chat.postMessage", retry_after=1, times=1)
    await channel.show(card(), "C0OPS", "")
    assert [call["status"] for call in await slack.calls("chat.postMessage")] == [429, 200]


async def test_a_long_rate_limit_is_the_callers_to_plan_with(
    channel: SlackChannel, slack: SlackDriver
) -> None:
    await slack.fault("ratelimited", method="chat.postMessage", retry_after=30, times=1)
    with pytest.raises(SlackAway) as failure:
        await channel.show(card(), "C0OPS", "")
    assert failure.value.wait == 30
    assert isinstance(failure.value, Away)


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_broken_slack_is_away_and_not_asked_twice(
    channel: SlackChannel, slack: SlackDriver, status: int
) -> None:
    await slack.fault("status", method="chat.postMessage", status=status, times=1)
    with pytest.raises(SlackAway):
        await channel.show(card(), "C0OPS", "")
    assert len(await slack.calls("chat.postMessage")) == 1


async def test_a_slack_that_does_not_answer_at_all_is_away(
    channel: SlackChannel, served: Served
) -> None:
    await served.close()
    with pytest.raises(SlackAway):
        await channel.show(card(), "C0OPS", "")


async def test_a_bad_token_gives_nothing_up(channel: SlackChannel, slack: SlackDriver) -> None:
    await slack.fault("error", method="chat.postMessage", error="token_revoked", times=1)
    with pytest.raises(TokenRefused) as failure:
        await channel.show(card(), "C0OPS", "")
    assert isinstance(failure.value, Away)


async def test_what_slack_finds_wrong_with_a_message_is_undeliverable(
    channel: SlackChannel, slack: SlackDriver
) -> None:
    await slack.fault("error", method="chat.postMessage", error="invalid_blocks", times=1)
    with pytest.raises(Undeliverable, match="invalid_blocks"):
        await channel.show(card(), "C0OPS", "")


@pytest.mark.parametrize(
    ("place", "reached"),
    [("C0OPS", True), ("C0GENERAL", False), ("C0OLD", False), ("C0NOWHERE", False), ("D0X", False)],
)
async def test_only_channels_the_bot_is_in_are_reached(
    channel: SlackChannel, place: str, *, reached: bool
) -> None:
    assert await channel.reaches(place) is reached


async def test_no_card_goes_where_other_companies_read_unless_it_was_configured(
    channel: SlackChannel, web: Web, slack: SlackDriver
) -> None:
    await slack.put("channels", channels=[{"id": "C0OPS", "is_ext_shared": True}])
    assert await channel.reaches("C0OPS") is False
    assert await SlackChannel(web, channel._no_file, {"C0OPS"}).reaches("C0OPS") is True


async def test_a_kind_of_channel_without_scope_is_not_reached(
    channel: SlackChannel, slack: SlackDriver
) -> None:
    await slack.put("app", scopes=["chat:write"])
    assert await channel.reaches("C0OPS") is False


async def test_a_bad_token_does_not_make_a_channel_unreached(
    channel: SlackChannel, slack: SlackDriver
) -> None:
    await slack.fault("error", method="conversations.info", error="invalid_auth", times=1)
    with pytest.raises(TokenRefused):
        await channel.reaches("C0OPS")
