"""Keys and tokens, and what happens when the cloud knows neither."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.cph.client import CphCloud
from bot.cph.settings import AkSk, Password
from bot.divert.failures import CloudFailure, NotSent, Stop
from bot.divert.phones import Route
from sandbox.cloud.accounts import DOMAIN_NAME, USER_NAME
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from tests.cph.opening import DEMO, FAST, KEY, PASSWORD, Hasty, access, opened
from tests.cph.wild import answer, wild

IDS = ["0" * 32]


def calls(sandbox: Sandbox, *kinds: Kind) -> int:
    return sum(count for (kind, _), count in sandbox.record.counts.items() if kind in kinds)


async def stopped(cloud: CphCloud) -> Stop:
    with pytest.raises(Stop) as caught:
        await cloud.divert(DEMO, Route.ROUTING, IDS)
    return caught.value


async def outcomes(cloud: CphCloud, count: int) -> Sequence[object]:
    work = (cloud.phone(DEMO, f"{number:032}") for number in range(count))
    return await asyncio.gather(*work, return_exceptions=True)


# 401 → Stop: a key at the first one


@pytest.mark.parametrize("switch", ["signature", "key_unknown", "key_locked", "clock_skew"])
async def test_401_to_a_key_is_stop_at_the_first_one(
    cloud: CphCloud, sandbox: Sandbox, switch: str
) -> None:
    sandbox.set(unauthorized=switch)
    refusal = await stopped(cloud)
    assert refusal.code == "APIGW.0301"
    assert "canonicalRequest" not in refusal.message
    assert calls(sandbox, Kind.IMPORT_TRAFFIC) == 1


async def test_401_without_a_code_is_stop() -> None:
    async with wild(answer(401, "")) as server, opened(access(server.url)) as cloud:
        assert (await stopped(cloud)).code == "HTTP.401"
        assert len(server.heads) == 1


async def test_the_code_of_a_bad_signature_is_stop_whatever_the_status() -> None:
    body = '{"error_code":"APIG.0301","error_msg":"who"}'
    async with wild(answer(400, body)) as server, opened(access(server.url)) as cloud:
        assert (await stopped(cloud)).code == "APIG.0301"


async def test_a_wrong_key_is_tried_once_however_many_calls_wait(
    url: str, sandbox: Sandbox
) -> None:
    """Five bad signatures would lock the key for everyone who uses it."""
    wrong = AkSk(KEY.ak, "not the secret")
    async with opened(access(url, wrong), limits=replace(FAST, key_rest=60)) as cloud:
        ends = await outcomes(cloud, 30)
    assert all(isinstance(end, Stop) for end in ends)
    assert calls(sandbox, Kind.SHOW_PHONE) == 1


async def test_a_refused_key_is_tried_again_after_a_rest(url: str, sandbox: Sandbox) -> None:
    clock = Hasty()
    limits = replace(FAST, key_rest=60)
    async with opened(access(url), limits=limits, clock=clock) as cloud:
        sandbox.set(unauthorized="signature")
        await stopped(cloud)
        sandbox.set(unauthorized="none")
        resting = await stopped(cloud)
        await clock.sleep(61)
        await cloud.divert(DEMO, Route.ROUTING, IDS)
    assert resting.code == "APIGW.0301"
    assert calls(sandbox, Kind.IMPORT_TRAFFIC) == 2


async def test_a_key_that_is_known_does_not_go_one_at_a_time(url: str, sandbox: Sandbox) -> None:
    sandbox.set(latency_ms=20)
    async with opened(access(url)) as cloud:
        await cloud.phone(DEMO, IDS[0])
        await outcomes(cloud, 16)
    assert sandbox.record.most_in_flight > 1


async def test_calls_that_waited_for_the_first_go_together(url: str, sandbox: Sandbox) -> None:
    sandbox.set(latency_ms=20)
    async with opened(access(url)) as cloud:
        await outcomes(cloud, 16)
    assert sandbox.record.most_in_flight > 1


async def test_a_temporary_key_sends_its_token(url: str, sandbox: Sandbox) -> None:
    made = sandbox.accounts.issue_temporary_key(
        sandbox.accounts.users[USER_NAME], sandbox.now(), 900
    )
    key = AkSk(made.access, made.secret, made.security_token or "")
    async with opened(access(url, key)) as cloud:
        assert await cloud.phone(DEMO, IDS[0]) is None


async def test_an_endpoint_with_a_path_before_the_api_is_called_there() -> None:
    done = answer(200, '{"request_id":"r","jobs":[]}')
    async with wild(done) as server, opened(access(f"{server.url}/cloud/")) as cloud:
        await cloud.divert(DEMO, Route.ROUTING, IDS)
    assert server.heads[0].startswith("POST /cloud/v1/")


# 401 → a token: refresh once, try once, then Stop


async def test_one_token_serves_all_calls(url: str, sandbox: Sandbox) -> None:
    async with opened(access(url, PASSWORD)) as cloud:
        await outcomes(cloud, 20)
    assert calls(sandbox, Kind.CREATE_TOKEN) == 1
    assert calls(sandbox, Kind.SHOW_PHONE) == 20


async def test_401_to_a_token_fetches_a_new_one_and_tries_once(url: str, sandbox: Sandbox) -> None:
    async with opened(access(url, PASSWORD)) as cloud:
        await cloud.divert(DEMO, Route.ROUTING, IDS)
        sandbox.accounts.expire_issued(sandbox.now())
        await cloud.divert(DEMO, Route.ROUTING, IDS)
    assert calls(sandbox, Kind.CREATE_TOKEN) == 2
    assert calls(sandbox, Kind.IMPORT_TRAFFIC) == 3


async def test_401_to_the_new_token_too_is_stop(url: str, sandbox: Sandbox) -> None:
    sandbox.set(unauthorized="token_must_be_updated")
    async with opened(access(url, PASSWORD)) as cloud:
        await stopped(cloud)
    assert calls(sandbox, Kind.CREATE_TOKEN) == 2
    assert calls(sandbox, Kind.IMPORT_TRAFFIC) == 2


async def test_a_token_refused_to_many_calls_is_replaced_once(url: str, sandbox: Sandbox) -> None:
    async with opened(access(url, PASSWORD)) as cloud:
        await outcomes(cloud, 8)
        sandbox.accounts.expire_issued(sandbox.now())
        ends = await outcomes(cloud, 8)
    assert ends == [None] * 8
    assert calls(sandbox, Kind.CREATE_TOKEN) == 2


async def test_a_token_is_replaced_before_its_end(url: str, sandbox: Sandbox) -> None:
    clock = Hasty()
    async with opened(access(url, PASSWORD), clock=clock) as cloud:
        await cloud.phone(DEMO, IDS[0])
        await clock.sleep(86_400 - 700)
        await cloud.phone(DEMO, IDS[0])
        assert calls(sandbox, Kind.CREATE_TOKEN) == 1
        await clock.sleep(200)
        await cloud.phone(DEMO, IDS[0])
    assert calls(sandbox, Kind.CREATE_TOKEN) == 2
    assert sandbox.record.counts[Kind.SHOW_PHONE, 401] == 0


async def test_a_wrong_password_is_stop_and_rests(url: str, sandbox: Sandbox) -> None:
    wrong = Password(DOMAIN_NAME, USER_NAME, "not-it")
    limits = replace(FAST, key_rest=60)
    async with opened(access(url, wrong), limits=limits) as cloud:
        first, again = await stopped(cloud), await stopped(cloud)
    assert "not-it" not in str(first)
    assert str(first) == str(again)
    assert calls(sandbox, Kind.CREATE_TOKEN) == 1
    assert calls(sandbox, Kind.IMPORT_TRAFFIC) == 0


@pytest.mark.parametrize(
    "said",
    [answer(503, "<html>"), answer(429, "", Retry_After="7"), answer(201, "{}"), None],
)
async def test_without_a_token_nothing_is_sent(url: str, sandbox: Sandbox, said: bytes) -> None:
    async with wild(said) as iam, opened(access(url, PASSWORD, iam.url)) as cloud:
        with pytest.raises(NotSent) as caught:
            await cloud.divert(DEMO, Route.ROUTING, IDS)
    assert calls(sandbox, Kind.IMPORT_TRAFFIC) == 0
    assert caught.value.wait == (7.0 if said and b"Retry-After" in said else 1.0)


@pytest.mark.parametrize(
    "body",
    [
        "",
        json.dumps({"token": None}),
        json.dumps({"token": {"expires_at": "soon", "issued_at": ""}}),
        json.dumps({"token": {"expires_at": "2026-01-01T00:00:00Z", "issued_at": "2026-01-01"}}),
    ],
)
async def test_a_token_that_does_not_say_its_life_is_used_for_most_of_an_hour(body: str) -> None:
    clock = Hasty()
    token = answer(201, body, X_Subject_Token="t")
    gone = answer(404, '{"error_code":"CPS.0005"}')
    async with (
        wild(token) as iam,
        wild(gone) as server,
        opened(access(server.url, PASSWORD, iam.url), clock=clock) as cloud,
    ):
        await cloud.phone(DEMO, IDS[0])
        await clock.sleep(3000)
        await cloud.phone(DEMO, IDS[0])
        assert len(iam.heads) == 1
        await clock.sleep(500)
        await cloud.phone(DEMO, IDS[0])
        assert len(iam.heads) == 2
    assert "X-Auth-Token: t" in server.heads[0]


async def test_iam_s_refusal_is_told_in_its_words() -> None:
    said = answer(403, '{"error":{"message":"no scope for made-up-password"}}')
    async with wild(said) as iam, opened(access(iam.url, PASSWORD)) as cloud:
        refusal = await stopped(cloud)
    assert (refusal.code, refusal.message) == ("HTTP.403", "IAM gave no token: no scope for ***")


async def test_a_call_stopped_by_its_login_leaves_the_turn_to_the_next(
    url: str, sandbox: Sandbox
) -> None:
    wrong = Password(DOMAIN_NAME, USER_NAME, "not-it")
    limits = replace(FAST, key_rest=60, concurrency=1)
    async with opened(access(url, wrong), limits=limits) as cloud:
        for _ in range(3):
            with pytest.raises(CloudFailure):
                await cloud.divert(DEMO, Route.ROUTING, IDS)
    assert calls(sandbox, Kind.IMPORT_TRAFFIC) == 0
