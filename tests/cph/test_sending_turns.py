"""Calls in their turn, and what they leave in logs and messages."""

import logging
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.cph.client import CphCloud
from bot.cph.clock import RealClock
from bot.cph.settings import AkSk
from bot.divert.failures import CloudFailure, NotSent, Stop
from bot.divert.phones import Route
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from sandbox.cloud.switches import TEN_A_MINUTE, Limit
from tests.cph.opening import DEMO, FAST, PASSWORD, Hasty, access, opened, told
from tests.cph.wild import answer, wild


def ids(sandbox: Sandbox, count: int = 3) -> list[str]:
    return [phone.phone_id for phone in sandbox.main.fleet.newest_first[:count]]


def sends(sandbox: Sandbox) -> int:
    return sum(count for (kind, _), count in sandbox.record.counts.items() if kind.writes)


async def failure(cloud: CphCloud, phone_ids: list[str]) -> CloudFailure:
    with pytest.raises(CloudFailure) as caught:
        await cloud.divert(DEMO, Route.ROUTING, phone_ids)
    return caught.value


async def test_a_turn_is_used_by_the_next_call(cloud: CphCloud, sandbox: Sandbox) -> None:
    assert await cloud.send_turn(DEMO, 1)
    await cloud.divert(DEMO, Route.ROUTING, ids(sandbox))
    assert sends(sandbox) == 1


async def test_a_call_whose_moment_is_over_is_not_made_and_keeps_no_turn(
    url: str, sandbox: Sandbox
) -> None:
    limits, clock = replace(FAST, concurrency=1), RealClock()
    async with opened(access(url), limits=limits, clock=clock) as cloud:
        with pytest.raises(NotSent, match="moment for this call is over"):
            await cloud.divert(DEMO, Route.ROUTING, ids(sandbox), clock.now())
        assert sends(sandbox) == 0
        await cloud.divert(DEMO, Route.ROUTING, ids(sandbox), clock.now() + timedelta(minutes=1))
        assert sends(sandbox) == 1


async def test_no_turn_comes_while_the_limit_is_used_up(url: str, sandbox: Sandbox) -> None:
    sandbox.set(throttle=True, write_limit=Limit(calls=1, per="minute"))
    async with opened(access(url), clock=RealClock()) as cloud:
        await failure(cloud, ids(sandbox))
        assert not await cloud.send_turn(DEMO, 0.05)


async def test_a_turn_given_back_is_there_for_the_next(url: str) -> None:
    async with opened(access(url), limits=replace(FAST, concurrency=1)) as cloud:
        assert await cloud.send_turn(DEMO, 1)
        cloud.drop_turn(DEMO)
        assert await cloud.send_turn(DEMO, 1)


async def test_the_rate_of_sends_is_told(cloud: CphCloud, sandbox: Sandbox) -> None:
    assert cloud.send_rate(DEMO) == FAST.calls_per_second
    sandbox.set(throttle=True, write_limit=TEN_A_MINUTE)
    await failure(cloud, ids(sandbox))
    assert cloud.send_rate(DEMO) == pytest.approx(9.8 / 60)


async def test_a_pace_taken_over_is_the_pace_that_was_kept(
    cloud: CphCloud, sandbox: Sandbox, url: str
) -> None:
    sandbox.set(throttle=True, write_limit=TEN_A_MINUTE)
    await failure(cloud, ids(sandbox))
    async with opened(access(url)) as heir:
        kept = told(cloud)
        heir.restore("no longer there", kept, time.time())
        assert heir.send_rate(DEMO) == FAST.calls_per_second
        heir.restore(DEMO, kept, time.time())
        assert heir.send_rate(DEMO) == cloud.send_rate(DEMO)
        assert heir.limit(DEMO) == cloud.limit(DEMO) == (10, 60.0)
        assert told(heir) == {}


async def test_the_limit_of_sends_is_told_while_it_holds(url: str, sandbox: Sandbox) -> None:
    sandbox.set(throttle=True, write_limit=TEN_A_MINUTE)
    clock = Hasty()
    async with opened(access(url), clock=clock) as cloud:
        assert cloud.limit(DEMO) is None
        await failure(cloud, ids(sandbox))
        assert cloud.limit(DEMO) == (10, 60.0)
        await clock.sleep(601)
        assert cloud.limit(DEMO) is None


async def test_a_limit_is_kept_to_once_it_is_known(url: str, sandbox: Sandbox) -> None:
    sandbox.set(write_limit=Limit(calls=20))
    limits = replace(FAST, calls_per_second=100)
    async with opened(access(url), limits=limits, clock=RealClock()) as cloud:
        done = 0
        while done < 50:
            assert await cloud.send_turn(DEMO, 60)
            try:
                await cloud.divert(DEMO, Route.ROUTING, ids(sandbox))
            except NotSent:
                continue
            done += 1
    assert 1 <= sandbox.record.counts[Kind.IMPORT_TRAFFIC, 429] <= 3  # and not every second one


async def test_projects_of_one_user_share_one_rate(url: str, sandbox: Sandbox) -> None:
    sandbox.set(throttle=True, write_limit=TEN_A_MINUTE)
    async with opened(access(url), access(url), access(url, PASSWORD)) as cloud:
        await failure(cloud, ids(sandbox))
        assert cloud.limit("demo2") == (10, 60.0)
        assert cloud.limit("demo3") is None


async def test_the_caller_is_the_first_project_of_an_endpoint_and_a_credential(url: str) -> None:
    accesses = access(url), access(url), access(url, PASSWORD), access("http://127.0.0.1:1")
    async with opened(*accesses) as cloud:
        projects = ("demo", "demo2", "demo3", "demo4", "no longer there")
        callers = [cloud.caller(project) for project in projects]
        assert callers == ["demo", "demo", "demo3", "demo4", "no longer there"]
        assert cloud.learned("no longer there") is None


async def test_neither_logs_nor_failures_hold_a_secret(
    url: str, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with opened(access(url, PASSWORD), access(url)) as cloud:
        await cloud.divert(DEMO, Route.ROUTING, ids(sandbox))
        await cloud.divert("demo2", Route.ROUTING, ids(sandbox))
        sandbox.set(unauthorized="signature")
        with pytest.raises(Stop) as caught:
            await cloud.divert("demo2", Route.ROUTING, ids(sandbox))
    own = [r.getMessage() for r in caplog.records if r.name.startswith("bot.")]
    assert any("send: HTTP 200" in line for line in own)
    text = "\n".join([*own, str(caught.value), repr(access(url, PASSWORD)), repr(access(url))])
    secrets: list[Any] = [PASSWORD.password, *sandbox.accounts.tokens, "made-up-secret-key"]
    assert len(secrets) == 3
    assert not [secret for secret in secrets if secret in text]


async def test_a_secret_that_the_cloud_repeats_is_hidden() -> None:
    body = '{"error_code":"CPS.0080","error_msg":"bad: t0ken-of-mine"}'
    way = AkSk("a", "s3cret", "t0ken-of-mine")
    async with wild(answer(400, body)) as server, opened(access(server.url, way)) as cloud:
        assert (await failure(cloud, ["p"])).message == "bad: ***"
