"""Servers, their containers and their tags."""

import pytest

from sandbox.cloud.cloud import Cloud
from sandbox.cloud.phone import Container
from tests.sandbox.cloud.clients import TokenClient


async def server_names(client: TokenClient, **query: int | str) -> list[str]:
    answer = await client.get("/servers", **query)
    return [row["server_name"] for row in answer.json()["servers"]]


async def test_servers_are_found_by_their_filters(client: TokenClient, cloud: Cloud) -> None:
    first = next(iter(cloud.main.fleet.servers.values()))
    first.status = 8
    assert await server_names(client, server_id=first.server_id) == ["edge-01"]
    assert await server_names(client, server_name="-03") == ["edge-03"]
    assert await server_names(client, status=8) == ["edge-01"]
    assert await server_names(client, network_version="v2") == []
    assert await server_names(client, phone_model_name="other") == []
    late = int((first.created + 1) * 1000)
    assert "edge-01" not in await server_names(client, create_since=late)
    assert await server_names(client, create_until=late - 1) == ["edge-01"]


@pytest.mark.parametrize("path", ["/servers", "/encode-servers"])
async def test_pages_of_servers_are_at_most_100(client: TokenClient, path: str) -> None:
    assert (await client.get(path, limit=100)).status_code == 200
    assert (await client.get(path, limit=101)).json()["error_code"] == "CPS.0002"


async def test_containers_say_their_state_and_a_server_without_one_has_no_row(
    client: TokenClient, cloud: Cloud
) -> None:
    servers = list(cloud.main.fleet.servers.values())
    servers[0].container = Container.NONE
    servers[1].container = Container.FROZEN
    rows = (await client.get("/encode-servers", type=1)).json()["encode_servers"]
    found = {row["server_id"]: row["status"] for row in rows}
    assert found == {servers[1].server_id: 4} | {s.server_id: 1 for s in servers[2:]}
    frozen = (await client.get("/encode-servers", status=4)).json()["encode_servers"]
    assert [row["server_id"] for row in frozen] == [servers[1].server_id]


async def test_plain_encode_servers_do_not_exist_here(client: TokenClient) -> None:
    assert (await client.get("/encode-servers", type=0)).json()["encode_servers"] == []


async def test_tags_are_anded_over_keys_and_ored_over_values(
    client: TokenClient, cloud: Cloud
) -> None:
    servers = list(cloud.main.fleet.servers.values())
    servers[0].tags["team"] = "video"
    both = [{"key": "env", "values": ["production", "staging"]}, {"key": "team", "values": []}]
    answer = (await client.instances(action="filter", tags=both)).json()
    assert [r["resource_name"] for r in answer["resources"]] == ["edge-01"]
    assert {"key": "team", "value": "video"} in answer["resources"][0]["tags"]
    neither = [{"key": "env", "values": ["x"]}, {"key": "team", "values": []}]
    assert (await client.instances(action="count", tags=neither)).json() == {"total_count": 0}


async def test_servers_without_any_tag_and_by_exact_name(client: TokenClient, cloud: Cloud) -> None:
    list(cloud.main.fleet.servers.values())[2].tags = {}
    untagged = (await client.instances(action="filter", without_any_tag=True)).json()
    assert [r["resource_name"] for r in untagged["resources"]] == ["edge-03"]
    named = [{"key": "resource_name", "value": "edge-0"}]
    assert (await client.instances(action="count", matches=named)).json()["total_count"] == 0


async def test_tagged_servers_are_paged_by_strings(client: TokenClient) -> None:
    answer = (await client.instances(action="filter", offset="3", limit="1")).json()
    assert [r["resource_name"] for r in answer["resources"]] == ["edge-04"]
    assert answer["total_count"] == 5


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"action": "filter", "limit": 10}, "CPS.0002"),
        ({"action": "filter", "limit": "1001"}, "CPS.0002"),
        ({"action": "remove"}, "CPS.0047"),
        ({}, "CPS.0047"),
    ],
)
async def test_a_wrong_question_about_tags_is_refused(
    client: TokenClient, body: dict[str, object], code: str
) -> None:
    answer = await client.instances(**body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)
