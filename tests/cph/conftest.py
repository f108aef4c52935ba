"""A sandbox cloud on a port of its own, for each test."""

from collections.abc import AsyncIterator

import pytest

from bot.cph.client import CphCloud
from sandbox.cloud.app import serve
from sandbox.cloud.cloud import Cloud
from sandbox.cloud.fleet import Fleet
from tests.cph.opening import access, opened


@pytest.fixture
def sandbox() -> Cloud:
    return Cloud(Fleet.build(phones=450, servers=9))


@pytest.fixture
async def url(sandbox: Cloud) -> AsyncIterator[str]:
    runner, address = await serve(sandbox)
    try:
        yield address
    finally:
        await runner.cleanup()


@pytest.fixture
async def cloud(url: str) -> AsyncIterator[CphCloud]:
    async with opened(access(url)) as opened_cloud:
        yield opened_cloud
