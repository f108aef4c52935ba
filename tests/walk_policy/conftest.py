"""The walk under a policy that asks for more: typed numbers, and a glass that may be broken.

It has a sandbox and a bot of its own, since a policy is one bot's.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Bot
from bot.config import Environment, load
from sandbox.cloud.driver import CloudDriver
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from tests.postgres import database_for
from tests.walk.conftest import environment
from tests.walk.stage import ACK_SECONDS, Stage

POLICY = """
[roles]
requesters = ["S0OPS"]
approvers = ["S0APPROVE"]
oncall = ["U0DAVE"]

[operators]
channel = "C0OPS"
who = ["approvers"]

[approving]
type_above = 4

[[rules]]
name = "everything"
who = ["requesters"]
approvals = [{ count = 1, from = ["approvers"] }]

[[rules]]
name = "at night"
effect = "break_glass"
who = ["oncall"]
projects = ["demo"]
max_phones = 9
"""


@pytest.fixture(scope="package")
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await serve_sandbox(Wishes(phones=600, servers=6, job_seconds=0.1))
    yield running
    await running.close()


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
async def bot(
    request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Bot]:
    folder = tmp_path_factory.mktemp(request.param)
    url = database_for(request, folder)
    running = Bot(load(Environment(settings(sandbox, folder, url))))
    await running.start()
    yield running
    await running.stop()


def settings(sandbox: Sandbox, folder: Path, database_url: str) -> dict[str, str]:
    """The projects of the walk under this policy."""
    made = environment(sandbox, folder, database_url)
    file = folder / "bot.toml"
    projects, _, _ = file.read_text(encoding="utf-8").partition("[operators]")
    file.write_text(projects + POLICY, encoding="utf-8")
    return made


@pytest.fixture(scope="package")
async def slack(sandbox: Sandbox) -> AsyncIterator[SlackDriver]:
    async with SlackDriver(sandbox.control_url) as driver:
        await driver.put("limits", off=True, ack_seconds=ACK_SECONDS)
        yield driver


@pytest.fixture(scope="package")
async def cloud(sandbox: Sandbox) -> AsyncIterator[CloudDriver]:
    async with CloudDriver(sandbox.control_url) as driver:
        yield driver


@pytest.fixture
async def stage(
    bot: Bot, sandbox: Sandbox, slack: SlackDriver, cloud: CloudDriver
) -> AsyncIterator[Stage]:
    yield await Stage.fresh(bot, sandbox, slack, cloud)
    await slack.clear_faults()
