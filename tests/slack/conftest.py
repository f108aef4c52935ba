"""The adapter against the sandbox's Slack, over real HTTP and WebSockets.

A proxy that is not there is set all the while: whoever reads the variable fails.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.divert.sentence import Sentence
from bot.slack.channel import SlackChannel
from bot.slack.identity import Identity, identify
from bot.slack.transport import build_app
from bot.slack.web import Web, open_web
from sandbox.slack.app import Served, serve
from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.settings import BOT_TOKEN, SIGNING_SECRET
from sandbox.slack.workspace import Workspace

DEAD_PROXY = "http://127.0.0.1:9"
HELLO = "Hello from the listener"


@pytest.fixture(autouse=True)
def _dead_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, DEAD_PROXY)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    running = await serve(Workspace.demo())
    yield running
    await running.close()


@pytest.fixture
async def slack(served: Served) -> AsyncIterator[SlackDriver]:
    async with SlackDriver(served.url) as driver:
        yield driver


@pytest.fixture
async def web(served: Served) -> AsyncIterator[Web]:
    opened = open_web(BOT_TOKEN, served.api_url)
    yield opened
    await opened.close()


@pytest.fixture
async def identity(web: Web) -> Identity:
    return await identify(web)


@pytest.fixture
def channel(web: Web) -> SlackChannel:
    return SlackChannel(web, lambda code: Sentence("No file: {code}", {"code": code}))


@pytest.fixture
def alice(slack: SlackDriver) -> Human:
    return slack.person("U0ALICE")


@pytest.fixture
def app(web: Web, identity: Identity) -> AsyncApp:
    app = build_app(web, identity, Sentence("Not for <you>."), SIGNING_SECRET)

    async def cph(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        if command["text"] == "slow":
            await asyncio.sleep(0.5)
        if command["text"] == "whoami":
            await ack(text=(await client.users_info(user=command["user_id"]))["user"]["name"])
        else:
            await ack(text=HELLO)

    app.command("/cph")(cph)
    return app
