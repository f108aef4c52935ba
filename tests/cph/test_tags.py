"""Tags of servers, and the servers that carry one."""

import json
from typing import Any

import pytest

from bot.cph.client import CphCloud
from bot.divert.failures import Stop
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from sandbox.cloud.switches import TEN_A_MINUTE
from tests.cph.asking import asked
from tests.cph.opening import DEMO, access, opened, told
from tests.cph.wild import answer, wild


def some(sandbox: Sandbox, calls: int | None, **switches: Any) -> None:  # noqa: ANN401 - switches
    sandbox.set(overrides=[{"switches": switches, "calls": calls}])


# the servers that carry a tag


async def test_servers_that_carry_a_tag_are_told_with_its_value(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    servers = sandbox.main.fleet.servers.values()
    for server in servers:
        server.tags.pop("rack") if server.number % 2 else None
    expected = {one.server_id: one.tags["rack"] for one in servers if one.number % 2 == 0}
    assert 0 < len(expected) < len(servers)
    assert await cloud.tagged(DEMO, "rack") == expected
    assert sandbox.record.counts[Kind.LIST_RESOURCE_INSTANCES, 200] == 1


async def test_a_tag_nobody_carries_has_no_servers(cloud: CphCloud) -> None:
    assert await cloud.tagged(DEMO, "Env") == {}  # keys are compared exactly


async def test_an_empty_value_is_a_value(cloud: CphCloud, sandbox: Sandbox) -> None:
    server = next(iter(sandbox.main.fleet.servers.values()))
    server.tags["spare"] = ""
    assert await cloud.tagged(DEMO, "spare") == {server.server_id: ""}


@pytest.mark.parametrize(
    "switches",
    [
        {"outage": "html_502", "outage_after_accepting": True},
        {"outage": "reset"},
        {"refuse_call_code": "CPS.0042"},
        {"throttle": True},
    ],
)
async def test_asking_for_tagged_servers_is_a_post_that_may_be_repeated(
    cloud: CphCloud, sandbox: Sandbox, switches: dict[str, Any]
) -> None:
    some(sandbox, 2, **switches)
    assert len(await cloud.tagged(DEMO, "env")) == 9
    calls = list(sandbox.record.found(Kind.LIST_RESOURCE_INSTANCES, 0, 0))
    assert [call.method for call in calls] == ["POST"] * 3


def resources(*numbers: int, **more: object) -> bytes:
    tags = [{"key": "other", "value": "x"}, {"key": "env", "value": "staging"}]
    rows = [{"resource_id": f"s{number}", "tags": tags} for number in numbers]
    return answer(200, json.dumps({"resources": rows, "total_count": 1001, **more}))


async def test_a_thousand_tagged_servers_are_followed_by_the_next_page() -> None:
    pages = resources(*range(1000)), resources(1000, 1001)
    async with wild(*pages) as server, opened(access(server.url)) as cloud:
        found = await cloud.tagged(DEMO, "env")
    assert found == {f"s{number}": "staging" for number in range(1002)}
    assert len(server.heads) == 2


async def test_a_total_that_counts_something_else_costs_no_call() -> None:
    async with wild(resources(1, 2)) as server, opened(access(server.url)) as cloud:
        assert await cloud.tagged(DEMO, "env") == {"s1": "staging", "s2": "staging"}
    assert len(server.heads) == 1


async def test_a_server_that_comes_without_the_tag_is_left_out() -> None:
    async with wild(resources(1)) as server, opened(access(server.url)) as cloud:
        assert await cloud.tagged(DEMO, "unknown") == {}


# all tags


@pytest.mark.parametrize("unpaged", [False, True])
async def test_all_tags_are_told_with_their_values(
    cloud: CphCloud, sandbox: Sandbox, *, unpaged: bool
) -> None:
    sandbox.set(tags_unpaged=unpaged)
    assert await cloud.tags(DEMO) == {"env": ("production", "staging"), "rack": ("r1",)}
    assert asked(sandbox, Kind.LIST_PROJECT_TAGS) == [{"limit": "100", "offset": "0"}]


@pytest.mark.parametrize("unpaged", [False, True])
async def test_more_tags_than_a_page_has_room_for_are_all_told(
    cloud: CphCloud, sandbox: Sandbox, *, unpaged: bool
) -> None:
    sandbox.set(tags_unpaged=unpaged)
    server = next(iter(sandbox.main.fleet.servers.values()))
    server.tags |= {f"key{number}": "v" for number in range(230)}
    assert len(await cloud.tags(DEMO)) == 232


async def test_tags_that_cannot_be_read_are_none() -> None:
    odd = [{"key": "a", "values": ["x", None, "x"]}, {"key": "b", "values": None}, {"key": ""}, 7]
    said = answer(200, json.dumps({"tags": odd}))
    async with wild(said) as server, opened(access(server.url)) as cloud:
        assert await cloud.tags(DEMO) == {"a": ("x", ""), "b": ()}


async def test_a_missing_right_to_read_tags_is_told(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(refuse_call_code="APIGW.0302", refuse_call_status=403)
    with pytest.raises(Stop):
        await cloud.tags(DEMO)
    with pytest.raises(Stop):
        await cloud.tagged(DEMO, "env")


async def test_each_of_the_new_calls_has_a_budget_of_its_own(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    some(sandbox, 1, throttle=True, read_limit=TEN_A_MINUTE.model_dump())
    await cloud.tags(DEMO)
    assert {kind: pace["calls"] for kind, pace in told(cloud).items()} == {"tags": 10}
