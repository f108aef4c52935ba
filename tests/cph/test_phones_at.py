"""Phones read back from the pages that the list had them on."""

import json
from collections.abc import Iterable

import pytest

from bot.cph.client import CphCloud
from bot.cph.settings import Limits
from bot.divert.failures import Rejected, Stop
from sandbox.cloud.app import serve
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Route
from sandbox.cloud.switches import Override
from tests.cph.asking import asked, offsets
from tests.cph.opening import DEMO, access, opened
from tests.cph.wild import answer, wild


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(Fleet.build(phones=1200, servers=9))


def planned(sandbox: Sandbox, numbers: Iterable[int]) -> dict[str, int]:
    """Places as a plan kept them, before the fleet changes."""
    listed = sandbox.main.fleet.newest_first
    return {listed[number].phone_id: number for number in numbers}


async def test_the_pages_of_the_places_are_read_and_no_others(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    places = planned(sandbox, [5, 199, 450, 451, 1199])
    found = await cloud.phones_at(DEMO, places)
    assert {phone.id: phone.place for phone in found.values()} == places
    assert offsets(sandbox) == [0, 400, 1000]
    assert {query["limit"] for query in asked(sandbox, Kind.LIST_PHONES)} == {"200"}


async def test_a_phone_is_shown_as_it_is_now(cloud: CphCloud, sandbox: Sandbox) -> None:
    places = planned(sandbox, [7])
    real = sandbox.main.fleet.newest_first[7]
    real.put_on(Route.ROUTING)
    assert (await cloud.phones_at(DEMO, places))[real.phone_id].route == "routing"


async def test_10_000_phones_side_by_side_in_a_list_of_20_000_take_50_calls() -> None:
    sandbox = Sandbox(Fleet.build(phones=20_000, servers=100))
    runner, url = await serve(sandbox)
    async with opened(access(url)) as cloud:
        found = await cloud.phones_at(DEMO, planned(sandbox, range(4000, 14_000)))
    await runner.cleanup()
    assert len(found) == 10_000
    assert len(offsets(sandbox)) == 50


async def test_pages_are_read_together_but_not_too_many(url: str, sandbox: Sandbox) -> None:
    sandbox.set(latency_ms=200)
    limits = Limits(calls_per_second=5000, concurrency=3)
    async with opened(access(url), limits=limits) as cloud:
        await cloud.check(DEMO)  # until its key is known calls go one at a time
        await cloud.phones_at(DEMO, planned(sandbox, range(1200)))
    assert sandbox.record.most_in_flight == 3


@pytest.mark.parametrize("made", [1, 30, 199])
async def test_phones_made_in_front_push_some_onto_the_next_page(
    cloud: CphCloud, sandbox: Sandbox, made: int
) -> None:
    places = planned(sandbox, range(400, 600))
    sandbox.main.fleet.add_newest(made)
    assert (await cloud.phones_at(DEMO, places)).keys() == places.keys()
    assert offsets(sandbox) == [400, 600]


async def test_phones_removed_in_front_pull_some_onto_the_page_before(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    places = planned(sandbox, range(400, 600))
    sandbox.main.fleet.remove_newest(17)
    assert (await cloud.phones_at(DEMO, places)).keys() == places.keys()
    assert offsets(sandbox) == [200, 400]


async def test_phones_pushed_far_are_found_behind_the_pages_of_the_others(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    places = planned(sandbox, range(200, 800))
    sandbox.main.fleet.add_newest(250)
    assert (await cloud.phones_at(DEMO, places)).keys() == places.keys()
    assert offsets(sandbox) == [200, 400, 600, 800, 1000]


async def test_each_part_of_the_list_has_moved_in_its_own_way(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    """Between 500 and 600 ten were removed, and in front three were made."""
    fleet = sandbox.main.fleet
    places = planned(sandbox, [0, 198, 199, 800, 801, 999])
    for phone in fleet.newest_first[500:510]:
        fleet.remove(phone)
    fleet.add_newest(3)
    found = await cloud.phones_at(DEMO, places)
    moved = {places[phone.id]: phone.place - places[phone.id] for phone in found.values()}
    assert moved == {0: 3, 198: 3, 199: 3, 800: -7, 801: -7, 999: -7}
    assert offsets(sandbox) == [0, 200, 600, 800]


async def test_a_phone_that_is_gone_is_not_looked_for_elsewhere(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    fleet = sandbox.main.fleet
    places = planned(sandbox, range(1100, 1150))
    gone = fleet.newest_first[1120]
    fleet.remove(gone)
    assert places.keys() - await cloud.phones_at(DEMO, places) == {gone.phone_id}
    assert offsets(sandbox) == [1000]


async def test_where_none_was_found_nobody_shows_where_to_look(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    places = planned(sandbox, [199, 599])
    sandbox.main.fleet.add_newest(1)
    assert await cloud.phones_at(DEMO, places) == {}
    assert offsets(sandbox) == [0, 400]


@pytest.mark.parametrize("places", [{}, {"0" * 32: -1}])
async def test_a_phone_without_a_place_costs_no_call(
    cloud: CphCloud, sandbox: Sandbox, places: dict[str, int]
) -> None:
    assert await cloud.phones_at(DEMO, places) == {}
    assert sandbox.record.arrived == 0


async def test_a_place_behind_the_end_holds_no_phone(cloud: CphCloud, sandbox: Sandbox) -> None:
    assert await cloud.phones_at(DEMO, {"0" * 32: 5000}) == {}
    assert len(offsets(sandbox)) == 1


async def test_a_place_whose_page_is_refused_for_its_offset_holds_no_phone() -> None:
    refusal = answer(400, '{"error_code":"CPS.0002"}')
    async with wild(refusal) as server, opened(access(server.url)) as cloud:
        assert await cloud.phones_at(DEMO, {"0" * 32: 5000}) == {}


async def test_where_200_is_too_many_two_pages_of_100_are_read(url: str, sandbox: Sandbox) -> None:
    sandbox.set(phones_max_limit=100)
    places = planned(sandbox, range(400, 800))
    async with opened(access(url), limits=Limits(5000, concurrency=1)) as cloud:
        assert (await cloud.phones_at(DEMO, places)).keys() == places.keys()
        assert (await cloud.phones_at(DEMO, places)).keys() == places.keys()
    limits = [query["limit"] for query in asked(sandbox, Kind.LIST_PHONES)]
    assert limits == ["200", *["100"] * 8]  # and what it learned it keeps


async def test_without_a_count_a_stretch_is_read_until_a_page_is_short(
    url: str, sandbox: Sandbox
) -> None:
    sandbox.set(phones_max_limit=100, count_absent=True)
    places = planned(sandbox, range(1000, 1200))
    async with opened(access(url), limits=Limits(5000, concurrency=1)) as cloud:
        assert (await cloud.phones_at(DEMO, places)).keys() == places.keys()


async def test_a_page_cut_short_without_a_word_is_read_to_its_end() -> None:
    def page(first: int, size: int) -> bytes:
        phones = [{"phone_id": f"p{number}"} for number in range(first, first + size)]
        return answer(200, json.dumps({"count": 700, "phones": phones}))

    async with wild(page(400, 150), page(550, 50)) as server, opened(access(server.url)) as cloud:
        assert (await cloud.phones_at(DEMO, {"p590": 590}))["p590"].place == 590
    assert [head.split("offset=")[1].split()[0] for head in server.heads] == ["400", "550"]


async def test_a_page_that_cannot_be_read_is_a_failure(cloud: CphCloud, sandbox: Sandbox) -> None:
    refused = Override(switches={"refuse_call_code": "CPS.0006"}, skip=2)
    sandbox.set(overrides=[refused.model_dump()])
    with pytest.raises(Stop):
        await cloud.phones_at(DEMO, planned(sandbox, range(1200)))


async def test_a_refusal_for_another_reason_is_a_failure(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(refuse_call_code="CPS.0010")
    with pytest.raises(Rejected):
        await cloud.phones_at(DEMO, planned(sandbox, [500]))
