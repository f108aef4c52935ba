"""Fleets: made from a seed, and big ones answered without delay."""

import re
import time
import tracemalloc

import pytest

from sandbox.cloud.app import serve
from sandbox.cloud.cloud import Cloud
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Phone, Route, RouteChange
from tests.sandbox.cloud.clients import TokenClient


def ids_of(fleet: Fleet) -> list[str]:
    return [phone.phone_id for phone in fleet.newest_first]


def test_the_same_seed_makes_the_same_fleet() -> None:
    one, two, other = (Fleet.build(phones=50, servers=2, seed=seed) for seed in (1, 1, 2))
    assert one == two
    assert not set(ids_of(one)) & set(ids_of(other))


def test_names_ids_and_servers_are_as_documented() -> None:
    fleet = Fleet.build()
    newest, oldest = fleet.newest_first[0], fleet.newest_first[-1]
    assert (oldest.name, newest.name) == ("mobile-0001", "mobile-1500")
    assert [s.name for s in fleet.servers.values()][::24] == ["edge-01", "edge-25"]
    assert all(re.fullmatch("[0-9a-f]{32}", i) for i in [*fleet.phones, *fleet.servers])
    assert all(re.fullmatch("[0-9]{15}", phone.imei) for phone in fleet.newest_first)
    assert {len(fleet.found(s, None, None)) for s in fleet.servers} == {60}


def test_a_share_of_the_phones_is_on_routing_from_the_start() -> None:
    fleet = Fleet.build(routing_share=0.1)
    assert sum(phone.settled is Route.ROUTING for phone in fleet.newest_first) == 150


def test_ids_may_be_of_31_characters_or_dashed() -> None:
    lengths = {len(i) for i in Fleet.build(phones=30, servers=1, odd_ids=True).phones}
    assert lengths == {31, 32, 36}


def test_phones_without_a_server_cannot_be() -> None:
    with pytest.raises(ValueError, match="need a server"):
        Fleet.build(phones=1, servers=0)


def test_changes_of_a_phone_settle_in_the_order_their_jobs_end() -> None:
    phone = Phone("p", "n", "s", "i", 0.0)
    phone.will_change(RouteChange(10, 30, Route.ROUTING))
    phone.will_change(RouteChange(20, 20, Route.DIRECT))
    assert [phone.route(at) for at in (5, 15, 25, 35)] == ["direct", "routing", "direct", "direct"]
    assert [phone.shown_route(at) for at in (5, 15, 25, 35)] == ["direct"] * 4
    assert phone.changes == ()


async def test_a_fleet_of_100_000_is_paged_in_under_5_ms_a_page() -> None:
    tracemalloc.start()
    fleet = Fleet.build(phones=100_000, servers=1_000)
    megabytes = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    # The clock is the processor time used, which other work on the machine does not stretch.
    took = await _times_of_pages(Cloud(fleet, clock=time.process_time), pages=21)
    assert sorted(took)[10] < 0.005
    assert megabytes < 120


async def _times_of_pages(cloud: Cloud, pages: int) -> list[float]:
    """Return how long the cloud took over each page of 200, seconds."""
    runner, url = await serve(cloud)
    client = TokenClient(url)
    await client.log_in()
    for number in range(pages):
        answer = await client.get("/phones", limit=200, offset=number * 4_000)
        assert len(answer.json()["phones"]) == 200
    await client.http.aclose()
    await runner.cleanup()
    return [call.took for call in cloud.record.found(Kind.LIST_PHONES, 0, 0)]
