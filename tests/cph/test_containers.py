"""Servers with a running encoding container."""

import json
from typing import Any

import pytest

from bot.cph.client import CphCloud
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.phone import Container
from tests.cph.opening import DEMO, access, opened
from tests.cph.wild import Wild, answer, wild


async def test_servers_with_a_running_container_are_told(cloud: CphCloud, sandbox: Sandbox) -> None:
    servers = list(sandbox.main.fleet.servers.values())
    for server, state in zip(servers, Container, strict=False):
        server.container = state
    running = {one.server_id for one in servers if one.container is Container.RUNNING}
    assert 0 < len(running) < len(servers)
    assert await cloud.containers(DEMO) == running


def containers(*numbers: int, **more: Any) -> bytes:  # noqa: ANN401 - a row's other fields
    found = [
        {"encode_server_id": f"e{n}", "server_id": f"s{n}", "type": 1, "status": 1, **more}
        for n in numbers
    ]
    return answer(200, json.dumps({"encode_servers": found}))


async def test_containers_are_read_until_a_page_is_short() -> None:
    pages = containers(*range(100)), containers(*range(100, 130))
    async with wild(*pages) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.containers(DEMO)) == 130
    assert [_offset(server, number) for number in range(2)] == ["0", "100"]


def _offset(server: Wild, number: int) -> str:
    return server.heads[number].split("offset=")[1].split("&")[0]


async def test_a_list_of_containers_that_repeats_itself_is_left() -> None:
    async with wild(containers(*range(100))) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.containers(DEMO)) == 100
    assert len(server.heads) == 2


async def test_a_list_of_containers_that_never_ends_is_left() -> None:
    pages = [containers(*range(page * 100, page * 100 + 100)) for page in range(210)]
    async with wild(*pages) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.containers(DEMO)) == 20_000


@pytest.mark.parametrize("odd", [{"type": 0}, {"status": 4}, {"status": None}, {"server_id": None}])
async def test_what_is_no_running_container_is_left_out(odd: dict[str, object]) -> None:
    async with wild(containers(1, **odd)) as server, opened(access(server.url)) as cloud:
        assert await cloud.containers(DEMO) == frozenset()
