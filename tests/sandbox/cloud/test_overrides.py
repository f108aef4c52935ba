"""Switches for the next few calls, or for a share of them."""

import pytest
from pydantic import ValidationError

from sandbox.cloud.cloud import Cloud
from sandbox.cloud.kinds import Kind
from sandbox.cloud.switches import Override, Switches
from tests.sandbox.cloud.clients import TokenClient


async def listed(client: TokenClient, times: int) -> list[int]:
    return [(await client.get("/phones", limit=1)).status_code for _ in range(times)]


async def test_an_override_is_for_so_many_calls_of_its_kind(
    client: TokenClient, cloud: Cloud
) -> None:
    wish = Override(switches={"throttle": True}, kinds=[Kind.LIST_PHONES], calls=2)
    cloud.switches.overrides.append(wish)
    assert (await client.get("/servers")).status_code == 200
    assert await listed(client, 3) == [429, 429, 200]
    assert cloud.switches.overrides == []


async def test_an_override_may_begin_later(client: TokenClient, cloud: Cloud) -> None:
    cloud.switches.overrides.append(Override(switches={"outage": "html_502"}, skip=2, calls=1))
    assert await listed(client, 4) == [200, 200, 502, 200]


async def test_an_override_may_hit_a_share_of_the_calls(client: TokenClient, cloud: Cloud) -> None:
    cloud.switches.overrides.append(Override(switches={"throttle": True}, share=0.3))
    assert 5 < (await listed(client, 60)).count(429) < 35


async def test_a_later_change_of_other_switches_leaves_what_is_left_of_an_override(
    client: TokenClient, cloud: Cloud
) -> None:
    cloud.switches.overrides.append(Override(switches={"throttle": True}, calls=2))
    await listed(client, 1)
    cloud.set(latency_ms=1)
    assert await listed(client, 2) == [429, 200]


async def test_an_override_can_carry_a_limit(client: TokenClient, cloud: Cloud) -> None:
    limit = {"calls": 1, "per": "minute"}
    cloud.switches.overrides.append(Override(switches={"read_limit": limit}))
    cloud.set(latency_ms=0)
    assert await listed(client, 2) == [200, 429]


@pytest.mark.parametrize("switches", [{"no_such": 1}, {"over_100": "x"}, {"overrides": []}])
def test_an_override_of_what_is_no_switch_is_refused(switches: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Override(switches=switches)


def test_a_switch_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError):
        Switches().changed({"no_such": 1})
