"""What is not ours is at home here: slack_sdk's own block builders, and a Bolt app with threads."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.models import blocks as sdk
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View
from slack_sdk.web import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.blocks import block_problems
from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.settings import APP_TOKEN, BOT_TOKEN
from sandbox.slack.views import view_problems
from tests.sandbox.slack.asking import error_of

MENU = sdk.StaticSelectElement(
    action_id="menu",
    placeholder="Which?",
    options=[sdk.Option(text="One", value="1", description="the first")],
    confirm=sdk.ConfirmObject(title="Sure?", text="Really", confirm="Yes", deny="No"),
)
BUILT: list[sdk.Block] = [
    sdk.HeaderBlock(text="Header"),
    sdk.SectionBlock(text="*Text*", fields=["a", "b"], accessory=MENU),
    sdk.DividerBlock(),
    sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="small")]),
    sdk.ImageBlock(image_url="https://example.com/a.png", alt_text="a", title="A"),
    sdk.ActionsBlock(
        elements=[
            sdk.ButtonElement(text="Go", action_id="go", value="1", style="primary"),
            sdk.OverflowMenuElement(action_id="o", options=[sdk.Option(text="x", value="x")]),
            sdk.UserSelectElement(action_id="u", placeholder="Who?"),
            sdk.DatePickerElement(action_id="d", initial_date="2026-01-31"),
        ]
    ),
    sdk.MarkdownBlock(text="**bold**"),
    sdk.RichTextBlock(
        elements=[
            sdk.RichTextSectionElement(
                elements=[
                    sdk.RichTextElementParts.Text(text="rich"),
                    sdk.RichTextElementParts.User(user_id="U0ALICE"),
                ]
            )
        ]
    ),
]


def test_what_the_sdks_builders_make_is_taken() -> None:
    assert block_problems([block.to_dict() for block in BUILT], "message") == []


def test_a_form_of_the_sdks_builders_is_taken() -> None:
    fields = [
        sdk.InputBlock(
            block_id="t",
            label="Phones",
            hint="One per line",
            element=sdk.PlainTextInputElement(action_id="t", multiline=True, max_length=3000),
        ),
        sdk.InputBlock(label="Who", element=sdk.UserMultiSelectElement(action_id="w")),
        sdk.InputBlock(label="File", element=FileInputElement(action_id="f", max_files=1)),
        sdk.InputBlock(
            label="Checks",
            element=sdk.CheckboxesElement(
                action_id="c", options=[sdk.Option(text="One", value="1")]
            ),
        ),
    ]
    view = View(type="modal", title="Title", submit="Send", close="Cancel", blocks=fields)
    assert view_problems(view.to_dict(), "modal") == []


@pytest.fixture
async def threaded(served: Served) -> AsyncIterator[None]:
    """A Bolt app of the synchronous kind, with the SDK's own websocket client."""

    def start() -> SocketModeHandler:
        app = App(client=WebClient(BOT_TOKEN, base_url=served.api_url), signing_secret="x")

        @app.command("/hi")
        def hi(ack: Ack, client: WebClient) -> None:
            ack("hello")
            client.chat_postMessage(channel="C0OPS", text="from a thread")
            client.files_upload_v2(channel="C0OPS", filename="a.csv", content="x" * 2_000_000)

        handler = SocketModeHandler(app, APP_TOKEN)
        handler.connect()  # type: ignore[no-untyped-call] # theirs has no types
        return handler

    handler = await asyncio.to_thread(start)
    yield
    await asyncio.to_thread(handler.close)


@pytest.mark.usefixtures("threaded")
async def test_a_synchronous_app_runs_too(slack: SlackDriver, alice: Human) -> None:
    await slack.wait_for("connected")
    assert (await alice.command("C0OPS", "/hi"))["response"] == {"text": "hello"}
    await alice.wait_for("message", channel="C0OPS", text="from a thread")
    posted = await alice.wait_for("message", channel="C0OPS", text="a.csv")
    assert posted["files"][0]["size"] == 2_000_000


async def test_apps_that_look_around_find_what_they_need(
    web: AsyncWebClient, slack: SlackDriver, alice: Human
) -> None:
    assert (await web.api_test(foo="bar"))["args"] == {"foo": "bar"}
    assert await error_of(web.api_test(error="my_error")) == "my_error"
    assert await error_of(web.team_info()) == "missing_scope"
    scopes = ["team:read", "channels:join", "channels:history", "users:read", "chat:write"]
    await slack.put("app", scopes=scopes)
    assert (await web.team_info())["team"]["id"] == "T0SANDBOX"
    assert (await web.bots_info(bot="B0BOT"))["bot"]["user_id"] == "U0BOT"
    assert await error_of(web.bots_info(bot="B0NO")) == "bot_not_found"
    assert await error_of(web.conversations_history(channel="C0GENERAL")) == "not_in_channel"
    assert (await web.conversations_join(channel="C0GENERAL"))["channel"]["is_member"] is True
    ts = await alice.say("C0GENERAL", "first")
    await alice.say("C0GENERAL", "reply", thread_ts=ts)
    await alice.say("C0GENERAL", "second")
    found = (await web.conversations_history(channel="C0GENERAL"))["messages"]
    assert [m["text"] for m in found] == ["second", "first"]
    found = (await web.conversations_replies(channel="C0GENERAL", ts=ts))["messages"]
    assert [m["text"] for m in found] == ["first", "reply"]
    assert (await web.conversations_history(channel="C0GENERAL", limit=1))["has_more"] is True


async def test_a_call_can_be_waited_for(web: AsyncWebClient, slack: SlackDriver) -> None:
    waiting = asyncio.create_task(slack.wait_for("call", method="users.info"))
    await web.users_info(user="U0BOB")
    assert (await waiting)["args"] == {"user": "U0BOB"}
