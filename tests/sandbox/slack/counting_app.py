"""A Bolt app that counts what it gets."""

import asyncio
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.payload_parts import Json


class Counter:
    """An app that counts what it gets; `deaf` for so many deliveries."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.app = AsyncApp(client=client, signing_secret="sandbox-signing-secret")
        self.got: list[str] = []
        self.bodies: list[Json] = []
        self.heard = asyncio.Condition()
        self.retries: list[str] = []
        self.deaf = 0
        self.app.use(self._listen)
        self.app.command("/count")(self._command)
        self.app.event("app_mention")(self._event)

    async def _listen(
        self,
        body: Json,
        request: AsyncBoltRequest,
        next: Callable[[], Awaitable[None]],  # noqa: A002 - Bolt gives it by this name
    ) -> None:
        self.bodies.append(body)
        self.got.append(body.get("text") or body["event_id"])
        self.retries += request.headers.get("x-slack-retry-num", [])
        async with self.heard:
            self.heard.notify_all()
        if len(self.got) <= self.deaf:
            await asyncio.sleep(0.5)
        await next()

    async def _command(self, ack: AsyncAck) -> None:
        await ack()

    async def _event(self) -> None:
        pass

    async def count(self, wanted: int) -> None:
        async with asyncio.timeout(3):
            async with self.heard:
                await self.heard.wait_for(lambda: len(self.got) >= wanted)
