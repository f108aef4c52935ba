"""A Bolt app that opens one form and keeps what it is told of it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.driver import Human
from tests.sandbox.slack.bolt_app import by_socket
from tests.sandbox.slack.payload_parts import Json

Answer = Callable[[AsyncAck, Json], Awaitable[object]]


class FormApp:
    """An app that opens one form and keeps what it is told of it."""

    def __init__(self, web: AsyncWebClient, form: Json, answer: Answer | None = None) -> None:
        self.app = AsyncApp(client=web, signing_secret="x")
        self.form, self.answer = form | {"callback_id": "form"}, answer
        self.submitted: list[Json] = []
        self.clicked: list[Json] = []
        self.triggers: list[str] = []
        self.app.command("/form")(self._open)
        self.app.view("form")(self._submitted)
        self.app.action(re.compile(".*"))(self._clicked)

    async def _open(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        self.triggers.append(body["trigger_id"])
        await client.views_open(trigger_id=body["trigger_id"], view=self.form)
        await ack()

    async def _submitted(self, ack: AsyncAck, body: Json) -> None:
        self.submitted.append(body)
        await (self.answer(ack, body) if self.answer else ack())

    async def _clicked(self, ack: AsyncAck, body: Json) -> None:
        self.clicked.append(body)
        self.triggers.append(body["trigger_id"])
        await ack()


@asynccontextmanager
async def showing(
    served: Served, web: AsyncWebClient, alice: Human, form: Json, answer: Answer | None = None
) -> AsyncIterator[FormApp]:
    made = FormApp(web, form, answer)
    async with by_socket(served, made.app):
        assert (await alice.command("C0OPS", "/form"))["acked"]
        yield made


class Show(Protocol):
    def __call__(
        self, form: Json, answer: Answer | None = None
    ) -> AbstractAsyncContextManager[FormApp]: ...


def named(block: Json, block_id: str) -> Json:
    return block | {"block_id": block_id}
