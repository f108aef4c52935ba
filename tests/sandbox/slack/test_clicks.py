"""What the app is told when a person presses or chooses something in a message."""

import asyncio
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.driver import ControlRefused, Human, SlackDriver
from tests.sandbox.slack.asking import error_of
from tests.sandbox.slack.bolt_app import by_socket
from tests.sandbox.slack.payload_parts import (
    Json,
    actions,
    button,
    confirm,
    modal,
    option,
    options,
    plain,
    section,
    select,
)


class Curious:
    """An app that takes everything and keeps the payloads."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.app = AsyncApp(client=client, signing_secret="x")
        self.seen: list[Json] = []
        self._came = asyncio.Condition()
        self.app.action(re.compile(".*"))(self._keep)
        self.app.shortcut("look")(self._keep)
        self.app.event(re.compile(".*"))(self._keep)
        self.app.command("/long")(self._too_long)

    async def heard(self, count: int) -> None:
        """Wait until so many payloads came, at most 3 s."""
        async with asyncio.timeout(3), self._came:
            await self._came.wait_for(lambda: len(self.seen) >= count)

    async def _note(self, body: Json) -> None:
        async with self._came:
            self.seen.append(body)
            self._came.notify_all()

    async def _keep(self, ack: AsyncAck, body: Json) -> None:
        await self._note(body)
        await ack()

    async def _too_long(self, ack: AsyncAck) -> None:
        await ack("x" * 4001)


@pytest.fixture
async def curious(served: Served, web: AsyncWebClient) -> AsyncIterator[Curious]:
    made = Curious(web)
    async with by_socket(served, made.app):
        yield made


async def card(web: AsyncWebClient, alice: Human, element: Json) -> Json:
    """A posted message with this element in it, as Alice sees it."""
    await web.chat_postMessage(channel="C0OPS", text="card", blocks=[actions(element)])
    return (await alice.sees("C0OPS"))[-1]


GROUP: Json = {"label": plain("Group"), "options": options(2)}
OVERFLOW: Json = {"type": "overflow", "action_id": "go", "options": options(1)}
CHECKBOXES: Json = {"type": "checkboxes", "action_id": "go", "options": options(3)}


@pytest.mark.parametrize(
    "case",
    [
        (button(value="D-7K3M", style="primary"), None, {"value": "D-7K3M", "style": "primary"}),
        (select(action_id="go"), "1", {"selected_option": option("1")}),
        (
            select(action_id="go", option_groups=[GROUP]),
            {"option": "0"},
            {"selected_option": option("0")},
        ),
        (CHECKBOXES, ["0", "2"], {"selected_options": [option("0"), option("2")]}),
        (CHECKBOXES, [], {"selected_options": []}),
        ({"type": "users_select", "action_id": "go"}, "U0BOB", {"selected_user": "U0BOB"}),
        (
            {"type": "external_select", "action_id": "go", "initial_option": option("there")},
            "there",
            {"selected_option": option("there"), "initial_option": option("there")},
        ),
        (
            {"type": "overflow", "action_id": "go", "options": options(2)},
            "1",
            {"selected_option": option("1")},
        ),
        (
            {"type": "datepicker", "action_id": "go", "confirm": confirm()},
            "2026-02-28",
            {"selected_date": "2026-02-28"},
        ),
    ],
)
async def test_each_element_tells_what_was_chosen(
    curious: Curious, web: AsyncWebClient, alice: Human, case: tuple[Json, object, Json]
) -> None:
    element, value, told = case
    message = await card(web, alice, element)
    assert (await alice.click("go", message=message, value=value))["acked"]
    [body] = curious.seen
    assert told.items() <= body["actions"][0].items()
    assert body["actions"][0]["type"] == element["type"]
    assert body["message"]["ts"] == body["container"]["message_ts"] == message["ts"]
    assert body["channel"] == {"id": "C0OPS", "name": "phone-ops"}
    assert body["user"]["id"] == "U0ALICE"


@pytest.mark.parametrize("element", [select(action_id="go"), OVERFLOW])
async def test_a_choice_that_is_not_offered_is_no_choice(
    web: AsyncWebClient, alice: Human, element: Json
) -> None:
    message = await card(web, alice, element)
    with pytest.raises(ControlRefused, match="no option 'nine'"):
        await alice.click("go", message=message, value="nine")


async def test_a_click_on_a_reply_names_its_thread(
    curious: Curious, web: AsyncWebClient, alice: Human
) -> None:
    first = (await web.chat_postMessage(channel="C0OPS", text="card"))["ts"]
    await web.chat_postMessage(
        channel="C0OPS", text="reply", thread_ts=first, blocks=[actions(button())]
    )
    reply = (await alice.sees("C0OPS"))[-1]
    await alice.click("go", message=reply)
    [body] = curious.seen
    assert body["container"]["thread_ts"] == body["message"]["thread_ts"] == first


async def test_a_shortcut_on_a_message_carries_it(
    curious: Curious, web: AsyncWebClient, alice: Human
) -> None:
    message = await card(web, alice, button())
    assert (await alice.shortcut("look", message))["acked"]
    [body] = curious.seen
    assert (body["type"], body["message"]["ts"]) == ("message_action", message["ts"])
    opened = await web.views_open(trigger_id=body["trigger_id"], view=modal())
    assert opened["ok"]
    assert len(await alice.views()) == 1


async def test_words_in_the_direct_message_reach_the_app(curious: Curious, alice: Human) -> None:
    await alice.say("DM", "hello bot")
    await curious.heard(1)
    event = curious.seen[0]["event"]
    assert (event["type"], event["channel_type"], event["text"]) == ("message", "im", "hello bot")


async def test_a_mention_where_the_bot_is_not_reaches_nobody(
    curious: Curious, alice: Human, slack: SlackDriver
) -> None:
    await alice.mention("C0GENERAL", "hello?")
    await slack.put("app", events=[])
    await alice.mention("C0OPS", "hello?")
    assert await slack.deliveries() == []
    assert curious.seen == []


@pytest.mark.usefixtures("curious")
async def test_an_acknowledgement_that_is_no_good_message_is_refused(alice: Human) -> None:
    answer = await alice.command("C0OPS", "/long")
    assert (answer["acked"], answer["error"]) == (True, "msg_too_long")
    assert await alice.sees("C0OPS") == []


async def test_a_home_tab_opened_again_is_sent_along(
    curious: Curious, web: AsyncWebClient, alice: Human
) -> None:
    view = {"type": "home", "blocks": [section(), actions(button())]}
    await web.views_publish(user_id="U0ALICE", view=view)
    home = await alice.home()
    assert home is not None
    assert (await alice.click("go", view=home))["acked"]
    assert curious.seen[0]["view"]["id"] == home["id"]
    await alice.open_home()
    await curious.heard(2)
    assert curious.seen[1]["event"]["view"]["hash"] == home["hash"]


async def test_a_message_in_markdown_is_its_text(web: AsyncWebClient, alice: Human) -> None:
    await web.chat_postMessage(channel="C0OPS", markdown_text="**bold**")
    assert [m["text"] for m in await alice.sees("C0OPS")] == ["**bold**"]
    both = {"channel": "C0OPS", "markdown_text": "x", "text": "y"}
    assert await error_of(web.api_call("chat.postMessage", json=both)) == "markdown_text_conflict"


async def test_an_upload_may_come_as_a_form(web: AsyncWebClient, slack: SlackDriver) -> None:
    promised = await web.files_getUploadURLExternal(filename="a.csv", length=3)
    form = aiohttp.FormData()
    form.add_field("file", b"abc", filename="a.csv")
    async with (
        aiohttp.ClientSession() as session,
        session.post(promised["upload_url"], data=form) as answer,
    ):
        assert await answer.text() == "OK - 3"
    done = await web.files_completeUploadExternal(files=[{"id": promised["file_id"]}])
    assert await slack.file(done["files"][0]["id"]) == b"abc"
