from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.cloud.app import serve
from sandbox.cloud.cloud import Cloud
from sandbox.cloud.control import control_routes
from sandbox.cloud.driver import CloudDriver
from sandbox.cloud.fleet import Fleet
from tests.sandbox.cloud.clients import HandClock, TokenClient


@pytest.fixture(scope="package", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the SDK's file out of the home folder, and proxies away from the loopback address."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HOME", str(home))
        environment.setenv("NO_PROXY", "127.0.0.1")
        environment.setenv("no_proxy", "127.0.0.1")
        yield home


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def cloud(clock: HandClock) -> Cloud:
    """A cloud of 300 phones on 5 servers, all `direct`, whose time stands still."""
    return Cloud(Fleet.build(phones=300, servers=5, routing_share=0), clock=clock)


@pytest.fixture
async def url(cloud: Cloud) -> AsyncIterator[str]:
    runner, url = await serve(cloud)
    yield url
    await runner.cleanup()


@pytest.fixture
async def client(url: str) -> AsyncIterator[TokenClient]:
    client = TokenClient(url)
    await client.log_in()
    yield client
    await client.http.aclose()


@pytest.fixture
async def driver(cloud: Cloud) -> AsyncIterator[CloudDriver]:
    app = web.Application()
    app.add_routes(control_routes(cloud))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with CloudDriver(f"http://127.0.0.1:{runner.addresses[0][1]}") as driver:
        yield driver
    await runner.cleanup()


@pytest.fixture
def ids(cloud: Cloud) -> list[str]:
    """The ids of all phones, newest first."""
    return [phone.phone_id for phone in cloud.main.fleet.newest_first]
