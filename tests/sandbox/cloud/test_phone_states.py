"""ImportTraffic and the state a phone is in: not running, without a container, busy."""

import pytest

from sandbox.cloud.cloud import Cloud
from sandbox.cloud.phone import Container
from tests.sandbox.cloud.clients import HandClock, TokenClient, codes

UNKNOWN = "f" * 32


@pytest.mark.parametrize(
    ("status", "code"),
    [(1, "CPS.0165"), (4, "CPS.0165"), (6, "CPS.0053"), (8, "CPS.0141"), (-7, "CPS.0165")],
)
async def test_a_phone_that_does_not_run_is_refused(
    client: TokenClient, cloud: Cloud, ids: list[str], status: int, code: str
) -> None:
    cloud.main.fleet.phones[ids[0]].status = status
    assert codes(await client.divert(ids[:2])) == {ids[0]: code, ids[1]: None}


async def test_a_phone_that_does_not_run_may_fail_in_its_job(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(not_running="fail_job")
    cloud.main.fleet.phones[ids[0]].status = 8
    answer = await client.divert(ids[:1])
    clock.passes(2)
    (row,) = await client.jobs(answer.json()["request_id"])
    assert (row["status"], row["error_code"]) == (-1, "CPS.0141")


async def test_a_phone_that_does_not_run_may_be_taken_all_the_same(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(not_running="accept")
    cloud.main.fleet.phones[ids[0]].status = 8
    await client.divert(ids[:1])
    clock.passes(2)
    assert await client.shown_route(ids[0]) == "routing"


@pytest.mark.parametrize(
    ("container", "code"),
    [
        (Container.NONE, "CPS.0123"),
        (Container.CREATING, "CPS.0124"),
        (Container.RESTARTING, "CPS.0124"),
        (Container.FROZEN, "CPS.0195"),
        (Container.ABNORMAL, "CPS.0123"),
        (Container.RUNNING, None),
    ],
)
async def test_routing_needs_a_running_container_and_direct_needs_none(
    client: TokenClient, cloud: Cloud, ids: list[str], container: Container, code: str | None
) -> None:
    fleet = cloud.main.fleet
    fleet.servers[fleet.phones[ids[0]].server_id].container = container
    assert codes(await client.divert(ids[:1]))[ids[0]] == code
    assert codes(await client.divert(ids[:1], "direct"))[ids[0]] is None


async def test_a_missing_container_may_fail_the_job(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(container_missing="fail_job")
    fleet = cloud.main.fleet
    fleet.servers[fleet.phones[ids[0]].server_id].container = Container.FROZEN
    answer = await client.divert(ids[:1])
    clock.passes(2)
    (row,) = await client.jobs(answer.json()["request_id"])
    assert (row["status"], row["error_code"]) == (-1, "CPS.0195")


@pytest.mark.parametrize(("style", "status"), [("instant", 2), ("job", 1)])
async def test_a_phone_already_there_succeeds_at_once_or_after_a_job(
    client: TokenClient, cloud: Cloud, ids: list[str], style: str, status: int
) -> None:
    cloud.set(already_there=style)
    answer = await client.divert(ids[:1], "direct")
    (row,) = await client.jobs(answer.json()["request_id"])
    assert row["status"] == status


async def test_of_two_overlapping_calls_the_last_wins(
    client: TokenClient, ids: list[str], clock: HandClock
) -> None:
    await client.divert(ids[:1], "routing")
    clock.passes(0.5)
    await client.divert(ids[:1], "direct")
    clock.passes(0.6)
    assert await client.shown_route(ids[0]) == "routing"
    clock.passes(0.5)
    assert await client.shown_route(ids[0]) == "direct"


async def test_an_overlapping_call_may_find_the_phone_busy(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(overlap="busy")
    await client.divert(ids[:1])
    assert codes(await client.divert(ids[:1]))[ids[0]] == "CPS.0042"
    clock.passes(1.1)
    assert codes(await client.divert(ids[:1]))[ids[0]] is None
