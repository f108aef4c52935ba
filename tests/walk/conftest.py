"""The whole bot in this process, against the sandbox's Slack and cloud, on both databases.

It is launched once for each database; every test takes phones and a channel of its own.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Bot
from bot.config import Environment, load
from sandbox.cloud.cloud import EMPTY_PROJECT_ID
from sandbox.cloud.driver import CloudDriver
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from tests.postgres import database_for
from tests.walk.stage import ACK_SECONDS, Stage

CONFIG = """
[projects.demo]
region = "cn-north-4"
project_id = {project_id}
endpoint = {cloud}
iam_endpoint = {cloud}
channel = "C0OPS"

[projects.token]
region = "cn-north-4"
project_id = {project_id}
endpoint = {cloud}
iam_endpoint = {cloud}
credentials = "token"
channel = "C0OPS"

[projects.quick]
region = "cn-north-4"
project_id = {project_id}
endpoint = {cloud}
channel = "C0OPS"

[projects.limited]
region = "cn-north-4"
project_id = {project_id}
endpoint = {other_name}
channel = "C0OPS"

[projects.nowhere]
region = "cn-north-4"
project_id = {project_id}
endpoint = {cloud}
channel = "C0GENERAL"

[projects.small]
region = "cn-east-3"
project_id = {small}
endpoint = {cloud}
channel = "C0OPS"
channels = ["C0SMALL"]

[limits]
calls_per_second = 500
concurrency = 8
file_ids = 6000

[times]
approval = "1h"
plan_max_age = "30m"
first_poll = "300ms"
poll = "150ms"
job_deadline = "9s"

[operators]
who = ["oncall"]

[roles]
requesters = ["S0OPS", "U0ERIN", "U0GRETA", "U0IRIS"]
approvers = ["S0APPROVE"]
leads = ["U0DAVE"]
oncall = ["U0DAVE", "U0CAROL"]
others = ["U0ZOE"]

[[rules]]
who = ["others"]
projects = ["demo"]
approvals = [{{ count = 1, from = ["leads"] }}]

[[rules]]
who = ["requesters"]
projects = ["demo"]
max_phones = 3000
approvals = [{{ count = 1, from = ["approvers"] }}]

[[rules]]
who = ["requesters"]
projects = ["quick", "nowhere", "limited", "small"]
approvals = []

[[rules]]
who = ["requesters"]
projects = ["token"]
approvals = [{{ count = 1, from = ["approvers"] }}, {{ count = 1, from = ["leads", "approvers"] }}]
"""


@pytest.fixture(scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await serve_sandbox(Wishes(phones=20000, servers=200, job_seconds=0.1))
    async with CloudDriver(running.control_url) as driver:  # dashed and 31-character ids among them
        await driver.put_fleet(phones=20_000, servers=200, odd_ids=True)
        await driver.put_fleet(phones=40, servers=2, project_id=EMPTY_PROJECT_ID)
    yield running
    await running.close()


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
async def bot(
    request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Bot]:
    folder = tmp_path_factory.mktemp(request.param)
    url = database_for(request, folder)
    running = Bot(load(Environment(environment(sandbox, folder, url))))
    await running.start()
    yield running
    await running.stop()


def environment(sandbox: Sandbox, folder: Path, database_url: str) -> dict[str, str]:
    file = folder / "bot.toml"
    cloud, project = json.dumps(sandbox.cloud_url), json.dumps(sandbox.project_id)
    # The same cloud by another name: what is learned of its limits there is kept apart.
    other_name = cloud.replace("127.0.0.1", "localhost")
    text = CONFIG.format(
        small=json.dumps(EMPTY_PROJECT_ID), cloud=cloud, project_id=project, other_name=other_name
    )
    file.write_text(text, encoding="utf-8")
    return {
        **sandbox.environment(),
        "HW_DOMAIN_NAME": "sandbox-account",
        "HW_USER_NAME": "sandbox-user",
        "HW_USER_PASSWORD": "made-up-password",
        "CPH_BOT_CONFIG": str(file),
        "CPH_BOT_DATABASE_URL": database_url,
        "CPH_BOT_LISTEN": "127.0.0.1:0",
    }


@pytest.fixture(scope="session")
async def slack(sandbox: Sandbox) -> AsyncIterator[SlackDriver]:
    async with SlackDriver(sandbox.control_url) as driver:
        await driver.put("limits", off=True, ack_seconds=ACK_SECONDS)
        yield driver


@pytest.fixture(scope="session")
async def cloud(sandbox: Sandbox) -> AsyncIterator[CloudDriver]:
    async with CloudDriver(sandbox.control_url) as driver:
        yield driver


@pytest.fixture
async def stage(
    bot: Bot, sandbox: Sandbox, slack: SlackDriver, cloud: CloudDriver
) -> AsyncIterator[Stage]:
    yield await Stage.fresh(bot, sandbox, slack, cloud)
    await slack.clear_faults()
