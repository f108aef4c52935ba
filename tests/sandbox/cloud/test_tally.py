"""Calls spent since a mark, by kind, and the fullest window of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cloud.driver import CloudDriver, ControlError
from sandbox.cloud.kinds import Kind
from sandbox.cloud.tally import fullest
from tests.sandbox.cloud.clients import HandClock, TokenClient


async def test_calls_are_counted_by_kind_from_the_mark_on(
    driver: CloudDriver, client: TokenClient, ids: list[str]
) -> None:
    await client.get("/phones")
    mark = await driver.mark()
    await client.divert(ids[:3])
    await client.divert(ids[3:5])
    await client.get("/phones", limit=0)
    found = await driver.tally(mark)
    assert (found.calls(Kind.IMPORT_TRAFFIC), found.calls(Kind.LIST_PHONES)) == (2, 1)
    assert found.kinds[Kind.IMPORT_TRAFFIC].phones == 5
    assert found.kinds[Kind.LIST_PHONES].by_status == {400: 1}
    assert found.calls(Kind.LIST_JOBS) == found.fullest(Kind.LIST_JOBS) == 0
    assert (found.mark, found.in_flight) == (mark + 3, 0)
    assert (await driver.tally(found.mark)).kinds == {}


async def test_the_fullest_window_is_of_the_length_asked_for(
    driver: CloudDriver, client: TokenClient, clock: HandClock
) -> None:
    mark, start = await driver.mark(), clock()
    for seconds in (0.0, 0.5, 0.5, 4.0, 1.0):
        clock.passes(seconds)
        await client.get("/servers")
    found = await driver.tally(mark)
    assert found.kinds[Kind.LIST_SERVERS].times == pytest.approx(
        [start + s for s in (0.0, 0.5, 1.0, 5.0, 6.0)]
    )
    assert found.fullest(Kind.LIST_SERVERS) == 2
    assert (await driver.tally(mark, seconds=1.1)).fullest(Kind.LIST_SERVERS) == 3
    assert (await driver.tally(mark, seconds=60)).fullest(Kind.LIST_SERVERS) == 5


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
async def test_a_window_of_no_length_is_refused(driver: CloudDriver, seconds: float) -> None:
    with pytest.raises(ControlError, match="seconds"):
        await driver.tally(seconds=seconds)


@given(
    st.lists(st.integers(0, 60), max_size=40).map(sorted),
    st.integers(1, 20),
)
def test_no_stretch_holds_more_than_the_fullest(times: list[int], seconds: int) -> None:
    starts = [sum(at <= other < at + seconds for other in times) for at in times]
    assert fullest(map(float, times), seconds) == max(starts, default=0)
