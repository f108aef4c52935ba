"""The bot in a process of its own behind signed HTTP, with proxies set that lead nowhere."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from sandbox.cloud.driver import CloudDriver
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from sandbox.slack.settings import SIGNING_SECRET
from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.transport.door import Door

# Port 9 is discard: nobody listens. What goes to this machine by a proxy does not arrive.
NOWHERE = "http://127.0.0.1:9"
DEAD_PROXIES = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE),
    **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), NOWHERE),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
}
_numbers = count(1)


@pytest.fixture(scope="package")
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await serve_sandbox(Wishes(phones=500, servers=5, job_seconds=0.1))
    yield running
    await running.close()


@pytest.fixture(scope="package")
def unused(sandbox: Sandbox) -> Iterator[str]:
    return iter(list(sandbox.cloud.main.fleet.phones))


@pytest.fixture(scope="package")
async def slack(sandbox: Sandbox) -> AsyncIterator[SlackDriver]:
    async with SlackDriver(sandbox.control_url) as driver:
        await driver.put("limits", off=True)
        yield driver


@pytest.fixture(scope="package")
async def home(
    sandbox: Sandbox, slack: SlackDriver, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Home]:
    by_http = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
    made = Home.of(sandbox, tmp_path_factory.mktemp("http"), more={**DEAD_PROXIES, **by_http})
    await slack.put("transport", mode="http", url=f"{made.url}/slack/events")
    await made.start()
    yield made
    await made.leave()


@pytest.fixture
def door(home: Home, sandbox: Sandbox) -> Door:
    return Door(f"{home.url}/slack/events", sandbox.workspace)


@pytest.fixture
async def scene(
    home: Home, sandbox: Sandbox, slack: SlackDriver, unused: Iterator[str]
) -> AsyncIterator[Scene]:
    """A channel and phones of this test alone; whatever it does, the bot stumbles over nothing."""
    logged = home.log.stat().st_size
    channel = f"C0HTTP{next(_numbers)}"
    members = ["U0ALICE", "U0BOB", "U0CAROL", "U0DAVE"]
    room = {"id": channel, "name": channel.lower(), "members": members, "bot_in": True}
    await slack.put("channels", channels=[room])
    async with CloudDriver(sandbox.control_url) as cloud:
        yield Scene(sandbox, slack, cloud, channel, unused)
    await slack.clear_faults()
    assert "Traceback" not in _since(home.log, logged)


def _since(log: Path, place: int) -> str:
    return log.read_bytes()[place:].decode()
