"""A Bolt app with a form of external selects, which suggests what a test wants it to."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.settings import SIGNING_SECRET
from tests.sandbox.slack.payload_parts import Json, asks, modal, option, plain, typed

SERVERS = [f"edge-{number:02}" for number in range(1, 26)]


def menu(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    found = {"type": "multi_external_select", "action_id": "pick", "min_query_length": 0}
    return found | {"placeholder": plain("Servers"), **fields}


def form(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    """A form with one menu, and a text beside it."""
    asked = asks(menu(**fields), block_id="servers", optional=True)
    text = asks(typed(initial_value="as given"), block_id="why", optional=True)
    return modal(asked, text, callback_id="form")


def holding(text: str) -> Json:
    """What an ordinary app suggests: the servers whose name holds the text."""
    return {"options": [option(name, f"Server {name}") for name in SERVERS if text in name]}


class MenuApp:
    """Opens `form` on /form; answers suggestions with `answer` and keeps what it is sent.

    `heard` is set once it was asked for options, `told` once something was chosen.
    """

    def __init__(self, web: AsyncWebClient) -> None:
        self.app = AsyncApp(client=web, signing_secret=SIGNING_SECRET)
        self.form = form()
        self.answer: Callable[[str], Json] = holding
        self.before: Callable[[], Awaitable[None]] | None = None
        self.asked: list[Json] = []
        self.submitted: list[Json] = []
        self.clicked: list[Json] = []
        self.heard, self.told = asyncio.Event(), asyncio.Event()
        self.app.command("/form")(self._open)
        self.app.options("pick")(self._suggest)
        self.app.action("pick")(self._click)
        self.app.view("form")(self._submit)

    async def _open(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=self.form)
        await ack()

    async def _suggest(self, ack: AsyncAck, body: Json) -> None:
        self.asked.append(body)
        self.heard.set()
        if self.before is not None:
            await self.before()
        await ack(**self.answer(body["value"]))

    async def _click(self, ack: AsyncAck, body: Json) -> None:
        self.clicked.append(body)
        self.told.set()
        await ack()

    async def _submit(self, ack: AsyncAck, body: Json) -> None:
        self.submitted.append(body)
        await ack()
