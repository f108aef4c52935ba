"""A sandbox for each test, and a bot in a process that may die."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.cloud.driver import CloudDriver
from sandbox.cloud.kinds import Kind
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.postgres import fresh_database, running_postgres

LATENCY = 100  # ms of each call that changes routes


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await serve_sandbox(Wishes(phones=3300, servers=33, job_seconds=0.3))
    yield running
    await running.close()


@pytest.fixture
async def scene(sandbox: Sandbox) -> AsyncIterator[Scene]:
    url = sandbox.control_url
    async with SlackDriver(url) as slack, CloudDriver(url) as cloud:
        await slack.put("limits", off=True)
        await cloud.override(Kind.IMPORT_TRAFFIC, latency_ms=LATENCY)
        yield Scene(sandbox, slack, cloud)


@pytest.fixture
async def home(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Home]:
    """On SQLite."""
    made = Home.of(sandbox, tmp_path)
    yield made
    await made.leave()


@pytest.fixture(params=["sqlite", "postgresql"])
async def any_home(
    request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path: Path
) -> AsyncIterator[Home]:
    """On either database."""
    if request.param == "sqlite":
        made = Home.of(sandbox, tmp_path)
        yield made
        await made.leave()
        return
    with running_postgres() as server:
        made = Home.of(sandbox, tmp_path, fresh_database(server))
        yield made
        await made.leave()
