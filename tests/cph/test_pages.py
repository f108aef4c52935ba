"""The whole fleet, while it stays and while it changes."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from bot.cph.client import CphCloud
from bot.cph.settings import Limits
from bot.divert.failures import Rejected, Stop
from sandbox.cloud.app import serve
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.kinds import Kind
from tests.cph.opening import DEMO, access, opened
from tests.cph.wild import answer, wild


async def fleet(cloud: CphCloud) -> list[str]:
    found = [phone.id async for _, phones in cloud.phone_pages(DEMO) for phone in phones]
    assert len(found) == len(set(found))
    return found


def real(sandbox: Sandbox) -> set[str]:
    return {phone.phone_id for phone in sandbox.main.fleet.newest_first}


def pages(sandbox: Sandbox) -> int:
    return sandbox.record.counts[Kind.LIST_PHONES, 200]


async def test_the_fleet_is_read_in_pages_of_200_with_its_count(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    sizes = [(count, len(phones)) async for count, phones in cloud.phone_pages(DEMO)]
    assert sizes == [(450, 200), (450, 200), (450, 50)]
    assert {phone.id async for _, found in cloud.phone_pages(DEMO) for phone in found} == real(
        sandbox
    )


@pytest.mark.parametrize(("phones", "calls"), [(0, 1), (1, 1), (200, 1), (201, 2), (400, 2)])
async def test_a_quiet_fleet_takes_no_call_too_many(phones: int, calls: int) -> None:
    sandbox = Sandbox(Fleet.build(phones=phones, servers=2))
    runner, url = await serve(sandbox)
    async with opened(access(url)) as cloud:
        assert len(await fleet(cloud)) == phones
    await runner.cleanup()
    assert pages(sandbox) == calls


async def test_without_a_count_it_reads_until_a_page_is_short(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    sandbox.set(count_absent=True)
    counts = [count async for count, _ in cloud.phone_pages(DEMO)]
    assert counts == [200, 400, 450]


async def test_where_200_is_too_many_it_asks_for_100(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(phones_max_limit=100)
    assert set(await fleet(cloud)) == real(sandbox)
    assert pages(sandbox) == 5


async def test_another_refusal_of_the_first_page_is_one(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(refuse_call_code="CPS.0010")
    with pytest.raises(Rejected):
        await fleet(cloud)


async def test_phones_made_meanwhile_cost_none_of_the_others(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    before = real(sandbox)
    sandbox.set(list_shift=3)
    assert before <= set(await fleet(cloud))


@pytest.mark.parametrize("at_once", [1, 8])
async def test_phones_removed_meanwhile_cost_none_of_the_others(
    url: str, sandbox: Sandbox, at_once: int
) -> None:
    sandbox.set(list_shift=-2)
    limits = Limits(calls_per_second=5000, concurrency=at_once)
    async with opened(access(url), limits=limits) as cloud:
        found = set(await fleet(cloud))
        assert real(sandbox) <= found
    assert pages(sandbox) > 3


async def test_one_change_costs_one_more_reading(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(overrides=[{"switches": {"list_shift": -5}, "calls": 1}])
    found = set(await fleet(cloud))
    assert real(sandbox) <= found
    assert pages(sandbox) == 6


def page(first: int, size: int, count: int | None = None) -> bytes:
    phones = [{"phone_id": f"p{number}"} for number in range(first, first + size)]
    return answer(200, json.dumps({"count": count, "phones": [*phones, None, {"phone_id": ""}]}))


async def test_a_server_that_cuts_pages_short_is_read_in_its_own_steps() -> None:
    bodies = [
        answer(
            200,
            json.dumps(
                {"count": 250, "phones": [{"phone_id": f"p{n}"} for n in range(at, at + size)]}
            ),
        )
        for at, size in ((0, 100), (100, 100), (200, 50))
    ]
    limits = Limits(calls_per_second=5000, concurrency=1)
    async with wild(*bodies) as server, opened(access(server.url), limits=limits) as cloud:
        assert len(await fleet(cloud)) == 250
    assert [head.split("offset=")[1].split()[0] for head in server.heads] == ["0", "100", "200"]


@pytest.mark.parametrize("count", [None, 10**12])
async def test_a_list_that_repeats_itself_is_left(count: int | None) -> None:
    limits = Limits(calls_per_second=5000, concurrency=1)
    async with (
        wild(page(0, 200, count)) as server,
        opened(access(server.url), limits=limits) as cloud,
    ):
        assert len(await fleet(cloud)) == 200
    assert len(server.heads) <= 6


async def test_a_list_that_is_empty_against_its_count_is_left() -> None:
    async with wild(answer(200, '{"count":5,"phones":[]}')) as server:
        async with opened(access(server.url)) as cloud:
            assert await fleet(cloud) == []
        assert len(server.heads) == 3


async def test_a_reader_who_leaves_early_stops_the_calls(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(latency_ms=10)
    reading = cloud.phone_pages(DEMO)
    assert isinstance(reading, AsyncIterator)
    async for _ in reading:
        break
    await reading.aclose()  # type: ignore[attr-defined]  # an async generator behind the port
    seen = pages(sandbox)
    await asyncio.sleep(0.05)
    assert pages(sandbox) == seen


async def test_a_page_that_fails_ends_the_reading(cloud: CphCloud, sandbox: Sandbox) -> None:
    refusal = {"switches": {"refuse_call_code": "CPS.0006"}, "skip": 1}
    sandbox.set(overrides=[refusal])
    with pytest.raises(Stop):
        await fleet(cloud)
