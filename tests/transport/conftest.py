"""The bot in a process of its own behind signed HTTP, with proxies set that lead nowhere."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import count

import pytest

from sandbox.cloud.driver import CloudDriver
from sandbox.demo import BOT
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from sandbox.slack.settings import SIGNING_SECRET
from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.leaks import leaks_of
from tests.transport.door import Door

# Where a click or a command is answered: whoever has it may speak in the bot's place.
ADDRESS = re.compile(rb"/(?:commands|actions)/T0\w+/[\w-]+|ticket=[\w-]+")
VERBOSE = (*BOT[:-1], "--verbose", BOT[-1])  # what it logs then must hold no secret either
# Port 9 is discard: nobody listens. What goes to this machine by a proxy does not arrive.
NOWHERE = "http://127.0.0.1:9"
DEAD_PROXIES = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE),
    **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), NOWHERE),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
}


@pytest.fixture(scope="package")
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await serve_sandbox(Wishes(phones=500, servers=5, job_seconds=0.1))
    yield running
    await running.close()


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
    made.command = VERBOSE
    await slack.put("transport", mode="http", url=f"{made.url}/slack/events")
    await made.start()
    yield made
    await made.leave()


@pytest.fixture
def door(home: Home, sandbox: Sandbox) -> Door:
    return Door(f"{home.url}/slack/events", sandbox.workspace)


@pytest.fixture(scope="package")
async def cloud(sandbox: Sandbox) -> AsyncIterator[CloudDriver]:
    async with CloudDriver(sandbox.control_url) as driver:
        yield driver


@pytest.fixture(scope="package")
def open_scene(
    sandbox: Sandbox, slack: SlackDriver, cloud: CloudDriver
) -> Callable[[], Awaitable[Scene]]:
    """Makes a channel, with phones that no other scene takes."""
    unused = iter(list(sandbox.cloud.main.fleet.phones))
    numbers = count(1)

    async def opened() -> Scene:
        channel = f"C0HTTP{next(numbers)}"
        members = ["U0ALICE", "U0BOB", "U0CAROL", "U0DAVE"]
        room = {"id": channel, "name": channel.lower(), "members": members, "bot_in": True}
        await slack.put("channels", channels=[room])
        return Scene(sandbox, slack, cloud, channel, unused)

    return opened


@pytest.fixture
def steady(home: Home) -> Iterator[None]:
    """Whatever a test does, the bot stumbles over nothing and tells no secret."""
    logged = home.log.stat().st_size
    yield
    log = home.log.read_bytes()[logged:]
    assert b"Traceback" not in log
    assert leaks_of(log) == set()
    assert ADDRESS.findall(log) == []


@pytest.fixture
async def scene(
    open_scene: Callable[[], Awaitable[Scene]],
    slack: SlackDriver,
    steady: None,  # noqa: ARG001 - it looks at the log
) -> AsyncIterator[Scene]:
    yield await open_scene()
    await slack.clear_faults()
