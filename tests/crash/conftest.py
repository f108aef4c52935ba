"""A sandbox for each test, and a bot in a process that may die."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sandbox.cloud.driver import CloudDriver
from sandbox.cloud.kinds import Kind
from sandbox.server import Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.postgres import fresh_database, running_postgres

LATENCY = 100  # ms of each call that changes routes


@asynccontextmanager
async def open_scene(servers: int = 33) -> AsyncIterator[Scene]:
    """A fleet of 100 phones a server."""
    running = await serve_sandbox(Wishes(phones=100 * servers, servers=servers, job_seconds=0.3))
    url = running.control_url
    async with SlackDriver(url) as slack, CloudDriver(url) as cloud:
        await slack.put("limits", off=True)
        await cloud.override(Kind.IMPORT_TRAFFIC, latency_ms=LATENCY)
        yield Scene(running, slack, cloud)
    await running.close()


@asynccontextmanager
async def live(scene: Scene, folder: Path, database_url: str = "") -> AsyncIterator[Home]:
    made = Home.of(scene.sandbox, folder, database_url)
    yield made
    await made.leave()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as opened:
        yield opened


@pytest.fixture
async def home(scene: Scene, tmp_path: Path) -> AsyncIterator[Home]:
    """On SQLite."""
    async with live(scene, tmp_path) as made:
        yield made


@pytest.fixture
async def postgres_scene() -> AsyncIterator[Scene]:
    async with open_scene() as opened:
        yield opened


@pytest.fixture
async def postgres_home(postgres_scene: Scene, tmp_path: Path) -> AsyncIterator[Home]:
    folder = tmp_path / "postgresql"
    folder.mkdir()
    with running_postgres() as server:
        async with live(postgres_scene, folder, fresh_database(server)) as made:
            yield made
