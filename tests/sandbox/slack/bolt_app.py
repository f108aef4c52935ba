"""A few-line Bolt app, as anyone would write it: a command, a form, a card with a button."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.settings import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


FORM: Json = {
    "type": "modal",
    "callback_id": "ask",
    "title": plain("Ask"),
    "submit": plain("Send"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "route",
            "label": plain("Route"),
            "element": {
                "type": "static_select",
                "action_id": "choice",
                "options": [
                    {"text": plain("Direct"), "value": "direct"},
                    {"text": plain("Routing"), "value": "routing"},
                ],
            },
        },
        {
            "type": "input",
            "block_id": "ids",
            "optional": True,
            "label": plain("Phones"),
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "list",
            "optional": True,
            "label": plain("File"),
            "element": {"type": "file_input", "action_id": "file", "filetypes": ["csv"]},
        },
    ],
}


def card(text: str, *, button: bool = True) -> list[Json]:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    press = {"type": "button", "action_id": "approve", "value": "D-1", "text": plain("Approve")}
    return [section, {"type": "actions", "elements": [press]}] if button else [section]


async def ask(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=body["trigger_id"], view=FORM)
    await ack()


async def say(ack: AsyncAck, body: Json) -> None:
    await ack(f"you said {body['text']}")


async def later(ack: AsyncAck, respond: AsyncRespond) -> None:
    await ack()
    await respond("here it is", response_type="in_channel")


async def asked(ack: AsyncAck, body: Json, view: Json, client: AsyncWebClient) -> None:
    values = view["state"]["values"]
    if values["ids"]["text"]["value"] == "bad":
        await ack(response_action="errors", errors={"ids": "not a phone"})
        return
    await ack()
    text = f"{values['route']['choice']['selected_option']['value']} by {body['user']['id']}"
    await client.chat_postMessage(channel="C0OPS", text=text, blocks=card(text))


async def closed(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
    await ack()
    await client.chat_postMessage(channel=body["user"]["id"], text="never mind")


async def approve(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
    await ack()
    text = f"approved by {body['user']['id']}"
    channel, ts = body["channel"]["id"], body["message"]["ts"]
    await client.chat_update(channel=channel, ts=ts, text=text, blocks=card(text, button=False))


async def mentioned(event: Json, client: AsyncWebClient) -> None:
    channel, ts = event["channel"], event["ts"]
    await client.chat_postMessage(channel=channel, thread_ts=ts, text="you called")


async def home(event: Json, client: AsyncWebClient) -> None:
    view = {"type": "home", "blocks": card("your requests")}
    await client.views_publish(user_id=event["user"], view=view)


def bolt_app(client: AsyncWebClient) -> AsyncApp:
    app = AsyncApp(client=client, signing_secret=SIGNING_SECRET)
    app.command("/ask")(ask)
    app.command("/say")(say)
    app.command("/later")(later)
    app.view("ask")(asked)
    app.view_closed("ask")(closed)
    app.action("approve")(approve)
    app.event("app_mention")(mentioned)
    app.event("app_home_opened")(home)
    app.shortcut("again")(ask)
    return app


@asynccontextmanager
async def by_socket(served: Served, app: AsyncApp | None = None) -> AsyncIterator[AsyncApp]:
    """The app connected by Socket Mode."""
    app = app or bolt_app(AsyncWebClient(token=BOT_TOKEN, base_url=served.api_url))
    async with connected(app):
        yield app


@asynccontextmanager
async def connected(app: AsyncApp) -> AsyncIterator[None]:
    """The app on one socket, to whichever Slack its client knows."""
    handler = AsyncSocketModeHandler(app, APP_TOKEN, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call] # theirs has no types
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call] # theirs has no types


@asynccontextmanager
async def by_http(served: Served, app: AsyncApp | None = None) -> AsyncIterator[str]:
    """The app behind its own URL, which the workspace is told of."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=served.api_url)
    server = (app or bolt_app(client)).server(port=0, path="/slack/events")
    runner = web.AppRunner(server.web_app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    served.workspace.settings.mode, served.workspace.settings.url = "http", url
    try:
        yield url
    finally:
        await runner.cleanup()
