"""A sandbox Slack per test, a person's hands, and small Bolt apps against it."""

import os
from collections.abc import AsyncIterator
from functools import partial

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served, serve
from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.settings import BOT_TOKEN
from sandbox.slack.workspace import Workspace
from tests.sandbox.slack.form_app import Show, showing


@pytest.fixture(autouse=True, scope="session")
def _no_proxy() -> None:
    """slack_sdk sends everything to a proxy it finds here, this machine's own address too."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        os.environ.pop(name, None)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    running = await serve(Workspace.demo())
    yield running
    await running.close()


@pytest.fixture
def workspace(served: Served) -> Workspace:
    return served.workspace


@pytest.fixture
async def slack(served: Served) -> AsyncIterator[SlackDriver]:
    async with SlackDriver(served.url) as driver:
        yield driver


@pytest.fixture
def web(served: Served) -> AsyncWebClient:
    return AsyncWebClient(token=BOT_TOKEN, base_url=served.api_url)


@pytest.fixture
def client(web: AsyncWebClient) -> AsyncWebClient:
    """The same, where `web` is aiohttp's."""
    return web


@pytest.fixture
def alice(slack: SlackDriver) -> Human:
    return slack.person("U0ALICE")


@pytest.fixture
def bob(slack: SlackDriver) -> Human:
    return slack.person("U0BOB")


@pytest.fixture
def show(served: Served, web: AsyncWebClient, alice: Human) -> Show:
    """Open a form before Alice: `async with show(form, answer) as app`."""
    return partial(showing, served, web, alice)
