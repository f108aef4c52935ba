"""Servers with a running encoding container."""

import json
from typing import Any

import pytest

from bot.cph.client import CphCloud
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Container
from tests.cph.asking import asked
from tests.cph.opening import DEMO, access, opened
from tests.cph.wild import Wild, answer, wild


def ids(sandbox: Sandbox, *states: Container) -> list[str]:
    """Give each server a state of its container; the servers in these states."""
    servers = list(sandbox.main.fleet.servers.values())
    for server, state in zip(servers, Container, strict=False):
        server.container = state
    return [one.server_id for one in servers if one.container in states]


async def test_servers_with_a_running_container_are_told(cloud: CphCloud, sandbox: Sandbox) -> None:
    running = set(ids(sandbox, Container.RUNNING))
    servers = sandbox.main.fleet.servers
    assert 0 < len(running) < len(servers)
    assert await cloud.containers(DEMO, servers.keys()) == running
    assert asked(sandbox, Kind.LIST_ENCODE_SERVERS) == [
        {"type": "1", "limit": "100", "offset": "0"}
    ]


async def test_only_the_servers_asked_for_are_told(cloud: CphCloud, sandbox: Sandbox) -> None:
    three = list(sandbox.main.fleet.servers)[:3]
    assert await cloud.containers(DEMO, three) == frozenset(three)


async def test_one_or_two_servers_are_asked_for_by_their_ids(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    (frozen,) = ids(sandbox, Container.FROZEN)
    running = ids(sandbox, Container.RUNNING)[0]
    assert await cloud.containers(DEMO, [frozen, running, running]) == {running}
    questions = asked(sandbox, Kind.LIST_ENCODE_SERVERS)
    assert [query["server_id"] for query in questions] == sorted([frozen, running])


async def test_no_servers_cost_no_call(cloud: CphCloud, sandbox: Sandbox) -> None:
    assert await cloud.containers(DEMO, []) == frozenset()
    assert sandbox.record.arrived == 0


def containers(*numbers: int, **more: Any) -> bytes:  # noqa: ANN401 - a row's other fields
    found = [
        {"encode_server_id": f"e{n}", "server_id": f"s{n}", "type": 1, "status": 1, **more}
        for n in numbers
    ]
    return answer(200, json.dumps({"encode_servers": found}))


ALL = frozenset(f"s{number}" for number in range(200))


async def test_containers_are_read_until_a_page_is_short() -> None:
    pages = containers(*range(100)), containers(*range(100, 130))
    async with wild(*pages) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.containers(DEMO, ALL)) == 130
    assert [_offset(server, number) for number in range(2)] == ["0", "100"]


async def test_containers_are_read_until_all_asked_for_were_seen_running() -> None:
    async with wild(containers(*range(100))) as server, opened(access(server.url)) as cloud:
        assert await cloud.containers(DEMO, {"s1", "s2", "s99"}) == {"s1", "s2", "s99"}
    assert len(server.heads) == 1


def _offset(server: Wild, number: int) -> str:
    return server.heads[number].split("offset=")[1].split("&")[0]


async def test_a_list_of_containers_that_repeats_itself_is_left() -> None:
    async with wild(containers(*range(100))) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.containers(DEMO, ALL)) == 100
    assert len(server.heads) == 2


@pytest.mark.parametrize("odd", [{"type": 0}, {"status": 4}, {"status": None}, {"server_id": None}])
async def test_what_is_no_running_container_is_left_out(odd: dict[str, object]) -> None:
    async with wild(containers(1, **odd)) as server, opened(access(server.url)) as cloud:
        assert await cloud.containers(DEMO, ["s1"]) == frozenset()
