"""Fleets: made from a seed, and big ones answered without delay."""

import re
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cloud.app import serve
from sandbox.cloud.cloud import Cloud
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.kinds import Kind
from sandbox.cloud.names import Names
from sandbox.cloud.phone import Container, Phone, PhoneStatus, Route, RouteChange
from tests.sandbox.cloud.clients import TokenClient

Query = dict[str, int | str]


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


def test_a_lively_fleet_has_the_same_ids_and_not_all_of_it_runs() -> None:
    quiet, lively = Fleet.build(), Fleet.build(lively=True)
    assert ids_of(quiet) == ids_of(lively)
    assert {phone.status for phone in quiet.newest_first} == {2}
    counts = Counter(phone.status for phone in lively.newest_first)
    assert counts == {PhoneStatus.RUNNING: 1473, PhoneStatus.STOPPED: 18, PhoneStatus.FROZEN: 9}
    frozen = [s.name for s in lively.servers.values() if s.container is not Container.RUNNING]
    assert frozen == ["edge-12"]


def test_a_lively_fleet_may_be_empty() -> None:
    assert Fleet.build(phones=0, servers=1, lively=True).newest_first == []


@given(
    st.lists(st.text("ab-.*\u00e9", min_size=1, max_size=5), max_size=30),
    st.text("ab-.*\u00e9", min_size=1, max_size=3),
)
def test_a_part_of_a_name_finds_what_looking_at_each_would(names: list[str], part: str) -> None:
    phones = [Phone(str(place), name, "s", "i", 0.0) for place, name in enumerate(names)]
    assert Names(phones).holding(part) == [phone for phone in phones if part in phone.name]


def test_a_part_of_very_many_names_finds_all_of_them() -> None:
    fleet = Fleet.build(phones=3_000, servers=3)
    assert fleet.found(None, None, "mobile") == fleet.newest_first
    assert fleet.found(None, None, "no such") == []


SMALL, LARGE = 2_000, 100_000  # phones
MOST = 6.0  # times what it takes with SMALL; looking at every phone would take 50 times


def test_a_fleet_of_100_000_takes_little_memory() -> None:
    tracemalloc.start()
    Fleet.build(phones=LARGE, servers=LARGE // 100)
    megabytes = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    assert megabytes < 120


async def test_a_page_of_a_large_fleet_takes_about_as_long_as_one_of_a_small_fleet() -> None:
    small, large = await _medians(
        lambda fleet: [{"limit": 200, "offset": n * len(fleet.phones) // 25} for n in range(21)]
    )
    assert large < MOST * small


async def test_a_large_fleet_is_filtered_by_server_about_as_fast_as_a_small_one() -> None:
    def by_server(fleet: Fleet) -> list[Query]:
        queries: list[Query] = [{"limit": 200, "server_id": one} for one in fleet.servers]
        return queries[:100]

    small, large = await _medians(by_server)
    assert large < MOST * small


async def test_a_name_is_found_in_a_large_fleet_about_as_fast_as_a_page_is_made() -> None:
    fleet = Fleet.build(phones=LARGE, servers=LARGE // 100)
    named: list[Query] = [
        {"limit": 200, "phone_name": f"mobile-{n}"} for n in range(90_000, 90_101)
    ]
    pages: list[Query] = [{"limit": 200, "offset": n * 4_000} for n in range(21)]
    assert median(await _times_of(fleet, named)) < MOST * median(await _times_of(fleet, pages))


async def _medians(queries: Callable[[Fleet], list[Query]]) -> list[float]:
    """What a call takes, small and large fleet, both with 100 phones on a server."""
    fleets = [Fleet.build(phones=phones, servers=phones // 100) for phones in (SMALL, LARGE)]
    return [median(await _times_of(fleet, queries(fleet))) for fleet in fleets]


async def _times_of(fleet: Fleet, queries: list[Query]) -> list[float]:
    """Return how long the cloud took over each, seconds of processor time.

    Other work on the machine does not stretch that.
    """
    cloud = Cloud(fleet, clock=time.process_time)
    runner, url = await serve(cloud)
    client = TokenClient(url)
    await client.log_in()
    for query in queries:
        assert (await client.get("/phones", **query)).json()["phones"]
    await client.http.aclose()
    await runner.cleanup()
    return [call.took for call in cloud.record.found(Kind.LIST_PHONES, 0, 0)]
