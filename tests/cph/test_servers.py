"""All servers of a project, while they stay and while they change."""

import json

import pytest

from bot.cph.client import CphCloud
from bot.divert.selection import Server
from sandbox.cloud.app import serve
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.kinds import Kind
from tests.cph.asking import asked
from tests.cph.opening import DEMO, access, opened
from tests.cph.wild import answer, wild


async def test_servers_are_read_with_name_and_status(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(unknown_fields=True)
    real = list(sandbox.main.fleet.servers.values())
    real[2].status = 8
    expected = [Server(one.server_id, one.name, one.status) for one in reversed(real)]
    assert await cloud.servers(DEMO) == expected
    assert asked(sandbox, Kind.LIST_SERVERS) == [{"limit": "100", "offset": "0"}]


@pytest.mark.parametrize(("servers", "calls"), [(100, 1), (101, 2), (250, 3)])
async def test_servers_take_no_call_too_many(servers: int, calls: int) -> None:
    sandbox = Sandbox(Fleet.build(phones=0, servers=servers))
    runner, url = await serve(sandbox)
    async with opened(access(url)) as cloud:
        found = await cloud.servers(DEMO)
    await runner.cleanup()
    assert {one.id for one in found} == set(sandbox.main.fleet.servers)
    assert len(found) == servers
    assert len(asked(sandbox, Kind.LIST_SERVERS)) == calls


async def test_without_a_count_servers_are_read_until_a_page_is_short(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    sandbox.set(count_absent=True)
    assert len(await cloud.servers(DEMO)) == 9


def page(count: int, *numbers: int) -> bytes:
    servers = [{"server_id": f"s{n}", "server_name": f"edge-{n}", "status": 5} for n in numbers]
    return answer(200, json.dumps({"count": count, "servers": [*servers, {"server_id": None}]}))


async def test_a_server_that_slipped_off_its_page_is_found_by_a_second_reading() -> None:
    """One of the first page is deleted before the second is read."""
    before = page(150, *range(100)), page(149, *range(101, 150))
    after = page(149, *range(1, 101)), page(149, *range(101, 150))
    async with wild(*before, *after) as server, opened(access(server.url)) as cloud:
        found = [one.id for one in await cloud.servers(DEMO)]
    assert sorted(found) == sorted(f"s{number}" for number in range(150))
    assert len(server.heads) == 4


async def test_a_list_of_servers_that_repeats_itself_is_left() -> None:
    async with wild(page(900, *range(100))) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.servers(DEMO)) == 100


async def test_a_project_without_servers_has_none() -> None:
    async with wild(page(0)) as server, opened(access(server.url)) as cloud:
        assert await cloud.servers(DEMO) == []
    assert len(server.heads) == 1
