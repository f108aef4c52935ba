"""Response URLs, in command and button answers: what they do, how often, how long."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.slack.app import Served
from sandbox.slack.driver import Human, SlackDriver
from tests.sandbox.slack.bolt_app import by_socket
from tests.sandbox.slack.payload_parts import Json, actions, button, mrkdwn, section


class Listener:
    """An app that acknowledges everything and keeps the newest payload."""

    def __init__(self, web: AsyncWebClient) -> None:
        self.app = AsyncApp(client=web, signing_secret="x")
        self.body: Json = {}
        self.app.command("/any")(self._keep)
        self.app.action("go")(self._keep)

    async def _keep(self, ack: AsyncAck, body: Json) -> None:
        self.body = body
        await ack()

    @property
    def url(self) -> AsyncWebhookClient:
        return AsyncWebhookClient(self.body["response_url"])


@pytest.fixture
async def listener(served: Served, web: AsyncWebClient) -> AsyncIterator[Listener]:
    made = Listener(web)
    async with by_socket(served, made.app):
        yield made


async def test_five_uses_and_no_more(listener: Listener, alice: Human) -> None:
    await alice.command("C0OPS", "/any")
    statuses = [(await listener.url.send(text=f"{n}")).status_code for n in range(5)]
    assert statuses == [200] * 5
    sixth = await listener.url.send(text="6")
    assert (sixth.status_code, sixth.body) == (404, "used_url")
    assert [m["text"] for m in await alice.sees("C0OPS")] == ["0", "1", "2", "3", "4"]


async def test_it_ends_after_thirty_minutes(
    listener: Listener, alice: Human, slack: SlackDriver
) -> None:
    await alice.command("C0OPS", "/any")
    assert listener.url.url.startswith(slack.url)
    await slack.put("limits", response_url_seconds=0)
    late = await listener.url.send(text="late")
    assert (late.status_code, late.body) == (404, "expired_url")


async def test_it_answers_the_person_alone_unless_told_otherwise(
    listener: Listener, alice: Human, bob: Human
) -> None:
    await alice.command("C0GENERAL", "/any")
    await listener.url.send(text="for you")
    await listener.url.send(text="for all", response_type="in_channel")
    assert [m["text"] for m in await alice.sees("C0GENERAL")] == ["for you", "for all"]
    assert [m["text"] for m in await bob.sees("C0GENERAL")] == ["for all"]


async def test_an_ephemeral_with_a_button_is_replaced_and_deleted_through_it(
    listener: Listener, web: AsyncWebClient, alice: Human
) -> None:
    await web.chat_postEphemeral(
        channel="C0OPS", user="U0ALICE", text="ask", blocks=[actions(button())]
    )
    [alone] = await alice.sees("C0OPS")
    assert (await alice.click("go", message=alone))["acked"]
    assert listener.body["container"]["is_ephemeral"] is True
    assert "message" not in listener.body
    await listener.url.send(text="done", replace_original=True)
    [replaced] = await alice.sees("C0OPS")
    assert (replaced["text"], replaced["ts"], "blocks" in replaced) == ("done", alone["ts"], False)
    await listener.url.send(delete_original=True)
    assert await alice.sees("C0OPS") == []
    gone = await listener.url.send(text="again", replace_original=True)
    assert (gone.status_code, gone.body) == (400, "message_not_found")


async def test_a_button_in_the_answer_to_a_command_has_a_response_url_of_its_own(
    listener: Listener, slack: SlackDriver, alice: Human
) -> None:
    await alice.command("C0GENERAL", "/any")
    first = listener.url
    await first.send(text="did you mean", blocks=[actions(button(value="divert"))])
    [alone] = await alice.sees("C0GENERAL")
    assert (await alice.click("go", message=alone))["acked"]
    body = listener.body
    assert body["container"] == {
        "type": "message",
        "message_ts": alone["ts"],
        "channel_id": "C0GENERAL",
        "is_ephemeral": True,
    }
    assert body["channel"] == {"id": "C0GENERAL", "name": "general"}
    assert body["actions"][0]["value"] == "divert"
    assert "trigger_id" in body
    assert "message" not in body
    assert body["response_url"].startswith(f"{slack.url}/actions/T0SANDBOX/")
    assert body["response_url"] != first.url
    await listener.url.send(text="yes", replace_original=True)
    assert [m["text"] for m in await alice.sees("C0GENERAL")] == ["yes"]


async def test_a_channel_message_is_replaced_for_all(
    listener: Listener, web: AsyncWebClient, alice: Human, bob: Human
) -> None:
    await web.chat_postMessage(channel="C0OPS", text="card", blocks=[actions(button())])
    [card] = await alice.sees("C0OPS")
    await alice.click("go", message=card)
    assert listener.body["message"]["ts"] == card["ts"]
    await listener.url.send(text="decided", replace_original=True)
    assert [m["text"] for m in await bob.sees("C0OPS")] == ["decided"]


async def test_it_refuses_what_a_message_refuses(listener: Listener, alice: Human) -> None:
    await alice.command("C0OPS", "/any")
    long = await listener.url.send(blocks=[section(text=mrkdwn("x" * 3001))])
    assert (long.status_code, long.body) == (400, "invalid_blocks")
    empty = await listener.url.send(text="")
    assert (empty.status_code, empty.body) == (400, "no_text")
    odd = await listener.url.send(text="x", response_type="shout")
    assert (odd.status_code, odd.body) == (400, "invalid_arguments")


async def test_an_unknown_one_is_refused(served: Served) -> None:
    answer = await AsyncWebhookClient(f"{served.url}/commands/T0/none").send(text="x")
    assert (answer.status_code, answer.body) == (404, "invalid_url")
