"""Words to one person reach them, wherever they are, and nobody else."""

import pytest

from bot.divert.failures import Undeliverable
from bot.divert.sentence import Post, Sentence, ToChannel, ToPerson
from bot.divert.transaction import Said
from bot.slack.channel import SlackChannel
from bot.slack.failures import PersonGone
from sandbox.slack.app import Served, serve
from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace


def to_person(user: str = "U0ALICE", channel: str = "", url: str = "") -> Said:
    post = Post(ToPerson(user, channel, url), (Sentence("For you: {it}", {"it": "<x>"}),))
    return Said("1", post, "", "", posted=False)


async def names(slack: SlackDriver) -> list[str]:
    return [call["method"] for call in await slack.calls()]


async def last(person: Human, channel: str) -> Json:
    return (await person.sees(channel))[-1]


async def answer_url(served: Served, person: str = "U0ALICE") -> str:
    key = served.workspace.response_urls.make(person, "C0OPS")
    return f"{served.url}/commands/T0SANDBOX/{key}"


async def test_a_person_is_answered_by_the_address_of_the_command(
    channel: SlackChannel, served: Served, alice: Human, slack: SlackDriver
) -> None:
    await channel.say(to_person(url=await answer_url(served)), None)
    message = await last(alice, "C0OPS")
    assert message["text"] == "For you: &lt;x&gt;"
    assert "chat.postEphemeral" not in await names(slack)


async def test_a_used_up_address_gives_way_to_an_ephemeral(
    channel: SlackChannel, served: Served, alice: Human, slack: SlackDriver
) -> None:
    url = await answer_url(served)
    for _ in range(6):
        await channel.say(to_person(channel="C0OPS", url=url), None)
    assert len(await alice.sees("C0OPS")) == 6
    assert (await names(slack)).count("chat.postEphemeral") == 1


async def test_an_expired_address_gives_way_to_an_ephemeral(
    channel: SlackChannel, served: Served, slack: SlackDriver
) -> None:
    served.workspace.settings.response_url_seconds = -1
    await channel.say(to_person(channel="C0OPS", url=await answer_url(served)), None)
    assert (await names(slack))[-1] == "chat.postEphemeral"


async def test_nothing_is_sent_to_an_address_that_is_not_slacks(
    channel: SlackChannel, slack: SlackDriver
) -> None:
    elsewhere = await serve(Workspace.demo())
    await channel.say(to_person(channel="C0OPS", url=await answer_url(elsewhere)), None)
    assert list(elsewhere.workspace.calls.calls) == []
    assert await names(slack) == ["chat.postEphemeral"]
    await elsewhere.close()


@pytest.mark.parametrize("place", ["C0GENERAL", "C0OLD", "C0NOWHERE", ""])
async def test_where_the_bot_is_not_a_person_is_told_directly(
    channel: SlackChannel, alice: Human, place: str
) -> None:
    ts = await channel.say(to_person(channel=place), None)
    message = await last(alice, "DM")
    assert (message["ts"], message["text"]) == (ts, "For you: &lt;x&gt;")


async def test_who_left_cannot_be_told(channel: SlackChannel) -> None:
    with pytest.raises(PersonGone) as failure:
        await channel.say(to_person("U0GONE", "C0OPS"), None)
    assert isinstance(failure.value, Undeliverable)


async def test_a_word_to_a_channel_stands_there_under_no_card(
    channel: SlackChannel, alice: Human
) -> None:
    post = Post(ToChannel("C0OPS"), (Sentence("For all: {it}", {"it": "<x>"}),))
    ts = await channel.say(Said("1", post, "", "", posted=False), None)
    message = await last(alice, "C0OPS")
    assert (message["ts"], message["text"]) == (ts, "For all: &lt;x&gt;")
    assert not message.get("thread_ts")
