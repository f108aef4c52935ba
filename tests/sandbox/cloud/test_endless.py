"""A list that never ends: full pages for as long as somebody asks."""

from typing import NamedTuple

import pytest

from sandbox.cloud.cloud import Cloud
from tests.sandbox.cloud.clients import TokenClient


class Listed(NamedTuple):
    rows: str
    key: str
    most: int


LISTS = [Listed("phones", "phone_id", 200), Listed("servers", "server_id", 100)]


@pytest.mark.parametrize("listed", LISTS)
async def test_every_page_is_full_and_holds_new_rows_after_the_real_ones(
    client: TokenClient, cloud: Cloud, listed: Listed
) -> None:
    cloud.set(list_endless="growing")
    seen: list[str] = []
    for number in range(6):
        page = {"limit": listed.most, "offset": number * listed.most}
        answer = (await client.get(f"/{listed.rows}", **page)).json()
        assert len(answer[listed.rows]) == listed.most
        seen += [row[listed.key] for row in answer[listed.rows]]
        assert answer["count"] > len(seen)
    assert len(set(seen)) == 6 * listed.most
    fleet = cloud.main.fleet
    real = list(fleet.phones if listed.rows == "phones" else fleet.servers)
    assert set(seen[: len(real)]) == set(real)


@pytest.mark.parametrize("listed", LISTS)
async def test_the_count_of_an_endless_list_may_be_absent(
    client: TokenClient, cloud: Cloud, listed: Listed
) -> None:
    cloud.set(list_endless="absent")
    answer = (await client.get(f"/{listed.rows}", limit=listed.most, offset=100_000)).json()
    assert "count" not in answer
    assert len({row[listed.key] for row in answer[listed.rows]}) == listed.most


async def test_the_same_page_is_made_up_the_same_and_looks_like_any_other(
    client: TokenClient, cloud: Cloud
) -> None:
    cloud.set(list_endless="growing")
    server = next(iter(cloud.main.fleet.servers))
    pages = [
        (await client.get("/phones", limit=5, offset=900, server_id=server)).json()["phones"]
        for _ in range(2)
    ]
    assert pages[0] == pages[1]
    cloud.set(list_endless="none")
    (real,) = (await client.get("/phones", limit=1)).json()["phones"]
    assert {frozenset(row) for row in pages[0]} == {frozenset(real)}
    assert {row["server_id"] for row in pages[0]} == {server}


async def test_a_phone_that_only_the_list_knows_is_not_there(
    client: TokenClient, cloud: Cloud
) -> None:
    cloud.set(list_endless="growing")
    (row,) = (await client.get("/phones", limit=1, offset=900)).json()["phones"]
    assert (await client.get(f"/phones/{row['phone_id']}")).status_code == 404


async def test_an_empty_project_can_be_endless_too(client: TokenClient, cloud: Cloud) -> None:
    cloud.set(list_endless="growing")
    cloud.main.fleet.servers.clear()
    answer = (await client.get("/servers", limit=2)).json()
    assert [row["server_name"] for row in answer["servers"]] == ["endless-0", "endless-1"]
