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


async def test_a_network_version_there_is_not_is_refused(client: TokenClient) -> None:
    answer = await client.get("/servers", network_version="v3")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "CPS.0240")


async def test_the_count_of_servers_may_be_absent(client: TokenClient, cloud: Cloud) -> None:
    assert (await client.get("/servers", limit=1)).json()["count"] == 5
    cloud.set(count_absent=True)
    assert "count" not in (await client.get("/servers")).json()


@pytest.mark.parametrize(
    ("path", "rows"), [("/servers", "servers"), ("/encode-servers", "encode_servers")]
)
async def test_servers_and_containers_may_have_fields_of_tomorrow(
    client: TokenClient, cloud: Cloud, path: str, rows: str
) -> None:
    cloud.set(unknown_fields=True)
    assert all(row["a_field_of_tomorrow"] for row in (await client.get(path)).json()[rows])


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


@pytest.mark.parametrize("number", [0, 100, 1014])
async def test_a_container_being_created_is_found_by_each_of_its_numbers(
    client: TokenClient, cloud: Cloud, number: int
) -> None:
    first = next(iter(cloud.main.fleet.servers.values()))
    first.container = Container.CREATING
    rows = (await client.get("/encode-servers", status=number)).json()["encode_servers"]
    assert [row["server_id"] for row in rows] == [first.server_id]


@pytest.mark.parametrize("number", [0, 4, 5])
async def test_a_container_being_created_may_be_shown_by_any_of_three_numbers(
    client: TokenClient, cloud: Cloud, number: int
) -> None:
    cloud.set(container_creating_as=number)
    next(iter(cloud.main.fleet.servers.values())).container = Container.CREATING
    rows = (await client.get("/encode-servers")).json()["encode_servers"]
    assert [row["status"] for row in rows] == [number, 1, 1, 1, 1]


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


async def test_the_tags_of_a_project_are_each_key_with_all_its_values(client: TokenClient) -> None:
    answer = (await client.tags()).json()
    assert answer == {
        "tags": [
            {"key": "env", "values": ["production", "staging"]},
            {"key": "rack", "values": ["r1"]},
        ],
        "total_count": 2,
    }


async def test_the_tags_of_a_project_are_paged(client: TokenClient, cloud: Cloud) -> None:
    first = next(iter(cloud.main.fleet.servers.values()))
    first.tags = {f"key-{number:03}": "x" for number in range(150)}
    answer = (await client.tags()).json()
    assert (len(answer["tags"]), answer["total_count"]) == (100, 152)
    late = (await client.tags(offset=100, limit=60)).json()["tags"]
    assert [tag["key"] for tag in late[-2:]] == ["env", "rack"]
    assert (await client.tags(limit=101)).json()["error_code"] == "CPS.0002"


async def test_the_tags_of_a_project_may_come_all_at_once(
    client: TokenClient, cloud: Cloud
) -> None:
    cloud.set(tags_unpaged=True)
    assert list((await client.tags(limit=1)).json()) == ["tags"]
    assert len((await client.tags(limit=1)).json()["tags"]) == 2


async def test_other_things_than_servers_have_no_tags(client: TokenClient) -> None:
    answer = await client.http.get(f"/v1/{client.project_id}/cph-phone/tags")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "CPS.0116")


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
