"""ListCloudPhones and ShowCloudPhoneDetail: what the fleet looks like from outside."""

import pytest

from sandbox.cloud.cloud import Cloud
from sandbox.cloud.phone import Route
from tests.sandbox.cloud.clients import HandClock, TokenClient


async def page(client: TokenClient, **query: int | str) -> list[str]:
    answer = await client.get("/phones", **query)
    assert answer.status_code == 200
    return [row["phone_id"] for row in answer.json()["phones"]]


async def test_phones_are_listed_newest_first_100_at_a_time(
    client: TokenClient, ids: list[str]
) -> None:
    answer = (await client.get("/phones")).json()
    assert answer["count"] == 300
    assert [row["phone_id"] for row in answer["phones"]] == ids[:100]
    times = [row["create_time"] for row in answer["phones"]]
    assert times == sorted(times, reverse=True)


async def test_pages_of_200_cover_the_fleet_once(client: TokenClient, ids: list[str]) -> None:
    assert await page(client, limit=200) + await page(client, limit=200, offset=200) == ids


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"offset": "x"}])
async def test_a_page_out_of_bounds_is_refused(
    client: TokenClient, query: dict[str, int | str]
) -> None:
    answer = await client.get("/phones", **query)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "CPS.0002")


async def test_page_limits_may_be_those_of_other_years(client: TokenClient, cloud: Cloud) -> None:
    cloud.set(phones_default_limit=200)
    assert len(await page(client)) == 200
    cloud.set(phones_default_limit=100, phones_max_limit=100)
    assert (await client.get("/phones", limit=101)).json()["error_code"] == "CPS.0002"


async def test_filters_narrow_the_list(client: TokenClient, cloud: Cloud, ids: list[str]) -> None:
    fleet = cloud.main.fleet
    fleet.set_status(fleet.phones[ids[0]], 8)
    server_id = fleet.phones[ids[0]].server_id
    assert await page(client, status=8) == [ids[0]]
    assert len(await page(client, server_id=server_id)) == 60
    assert await page(client, phone_name="ile-0300") == [ids[0]]
    assert await page(client, type=1) == []
    assert await page(client, status=8, phone_name="0299") == []
    assert await page(client, server_id=server_id, phone_name="ile-0300") == [ids[0]]
    assert await page(client, server_id="elsewhere", phone_name="ile-0300") == []


async def test_a_filter_follows_a_change_of_status(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    assert await page(client, status=6) == []
    cloud.main.fleet.set_status(cloud.main.fleet.phones[ids[3]], 6)
    assert await page(client, status=6) == [ids[3]]


async def test_the_list_and_the_detail_show_the_same_route(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.main.fleet.phones[ids[0]].put_on(Route.ROUTING)
    row = (await client.get("/phones", limit=1)).json()["phones"][0]
    detail = (await client.get(f"/phones/{ids[0]}")).json()
    assert row["traffic_type"] == detail["traffic_type"] == "routing"
    assert row["vnc_enable"] == "true"
    assert row.items() <= detail.items()


async def test_a_phone_that_is_not_there_is_a_404(client: TokenClient) -> None:
    answer = await client.get(f"/phones/{'f' * 32}")
    assert (answer.status_code, answer.json()["error_code"]) == (404, "CPS.0005")


async def test_the_route_shown_may_lag_behind_the_job(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(readback_lag_seconds=5)
    request_id = (await client.divert(ids[:1])).json()["request_id"]
    clock.passes(2)
    assert [row["status"] for row in await client.jobs(request_id)] == [2]
    assert await client.shown_route(ids[0]) == "direct"
    assert cloud.main.fleet.phones[ids[0]].route(clock()) is Route.ROUTING
    clock.passes(5)
    assert await client.shown_route(ids[0]) == "routing"


async def test_a_job_may_succeed_and_the_route_never_change(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(lie_share=1)
    request_id = (await client.divert(ids[:1])).json()["request_id"]
    clock.passes(3600)
    assert [row["status"] for row in await client.jobs(request_id)] == [2]
    assert await client.shown_route(ids[0]) == "direct"


@pytest.mark.parametrize(("shift", "second"), [(3, 7), (-3, 13)])
async def test_pages_shift_when_phones_come_and_go_in_between(
    client: TokenClient, cloud: Cloud, ids: list[str], shift: int, second: int
) -> None:
    cloud.set(list_shift=shift)
    assert await page(client, limit=10) == ids[:10]
    answer = (await client.get("/phones", limit=10, offset=10)).json()
    assert answer["phones"][0]["phone_id"] == ids[second]
    assert answer["count"] == 300 + shift


async def test_the_count_may_be_absent(client: TokenClient, cloud: Cloud) -> None:
    cloud.set(count_absent=True)
    assert "count" not in (await client.get("/phones")).json()


async def test_fields_and_statuses_of_tomorrow_may_occur(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(unknown_fields=True)
    cloud.main.fleet.set_status(cloud.main.fleet.phones[ids[0]], 42)
    row = (await client.get("/phones", limit=1)).json()["phones"][0]
    assert row["a_field_of_tomorrow"]
    assert row["status"] == 42
