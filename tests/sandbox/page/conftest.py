"""A whole sandbox with a small fleet, and a plain HTTP client for its control origin."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.server import Sandbox, Wishes, serve_sandbox

SMALL = Wishes(phones=60, servers=3, job_seconds=0.1)


@pytest.fixture(scope="package")
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await serve_sandbox(SMALL)
    yield running
    await running.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield session
