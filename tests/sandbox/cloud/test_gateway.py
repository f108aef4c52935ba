"""What can happen to a call on its way: limits, outages, delays, forced refusals."""

import asyncio
import re
import time

import httpx
import pytest

from sandbox.cloud.cloud import Cloud
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Route
from tests.sandbox.cloud.clients import HandClock, TokenClient


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("signature", "verify aksk signature fail"),
        ("token_invalid", "decrypt token fail"),
        ("token_expired", "token expires, expires_at"),
        ("token_missing", "x-auth-token not found"),
        ("token_must_be_updated", "The token must be updated"),
        ("key_unknown", "Get secretKey failed"),
        ("key_locked", "AK access failed to reach the limit"),
        ("clock_skew", "signature expired"),
    ],
)
async def test_each_kind_of_401_can_be_had(
    client: TokenClient, cloud: Cloud, kind: str, words: str
) -> None:
    cloud.set(unauthorized=kind)
    answer = await client.get("/phones")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0301")
    assert words in answer.json()["error_msg"]


async def test_a_clock_skew_may_carry_the_other_code(client: TokenClient, cloud: Cloud) -> None:
    cloud.set(unauthorized="clock_skew", clock_skew_code="0303")
    assert (await client.get("/phones")).json()["error_code"] == "APIGW.0303"


@pytest.mark.parametrize("code", ["CPS.0001", "APIGW.0302"])
async def test_writes_may_be_forbidden_while_reads_work(
    client: TokenClient, cloud: Cloud, ids: list[str], code: str
) -> None:
    cloud.set(read_only=code)
    answer = await client.divert(ids[:1])
    assert (answer.status_code, answer.json()["error_code"]) == (403, code)
    assert (await client.get("/phones")).status_code == 200


async def test_arrears_stop_every_call_after_so_many(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(arrears_after_calls=2)
    await client.divert(ids[:1])
    await client.get("/phones")
    answer = await client.divert(ids[:1])
    assert (answer.status_code, answer.json()["error_code"]) == (403, "CPS.0006")
    cloud.set(arrears_after_calls=None)
    assert (await client.get("/phones")).status_code == 200


@pytest.mark.parametrize(("status", "came"), [(None, 500), (400, 400)])
async def test_a_transient_code_may_come_on_its_own_status_or_on_400(
    client: TokenClient, cloud: Cloud, ids: list[str], status: int | None, came: int
) -> None:
    cloud.set(refuse_call_code="CPS.0003", refuse_call_status=status)
    answer = await client.divert(ids[:1])
    assert (answer.status_code, answer.json()["error_code"]) == (came, "CPS.0003")
    assert not cloud.main.jobs.by_id


async def test_all_codes_may_come_on_400_as_the_old_table_has_it(
    client: TokenClient, cloud: Cloud
) -> None:
    cloud.set(status_table="old")
    answer = await client.get(f"/phones/{'f' * 32}")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "CPS.0005")


@pytest.mark.parametrize(
    ("outage", "status", "content"),
    [
        ("html_502", 502, "text/html"),
        ("html_503", 503, "text/html"),
        ("html_504", 504, "text/html"),
        ("gateway_502", 502, "application/json"),
        ("gateway_timeout", 504, "application/json"),
    ],
)
async def test_an_outage_speaks_as_what_stands_in_front_of_the_cloud(
    client: TokenClient, cloud: Cloud, outage: str, status: int, content: str
) -> None:
    cloud.set(outage=outage)
    answer = await client.get("/phones")
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(content)
    assert ("APIGW.0201" in answer.text) is outage.startswith("gateway")


@pytest.mark.parametrize("outage", ["html_503", "gateway_timeout"])
@pytest.mark.parametrize("after", [False, True])
async def test_an_outage_comes_before_or_after_the_phones_are_taken(
    client: TokenClient, cloud: Cloud, ids: list[str], *, outage: str, after: bool
) -> None:
    cloud.set(outage=outage, outage_after_accepting=after)
    assert (await client.divert(ids[:2])).status_code >= 500
    assert len(cloud.main.jobs.by_id) == (2 if after else 0)


@pytest.mark.parametrize("after", [False, True])
async def test_a_connection_is_reset_before_or_after_the_phones_were_taken(
    client: TokenClient, cloud: Cloud, ids: list[str], *, after: bool
) -> None:
    cloud.set(outage="reset", outage_after_accepting=after)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await client.divert(ids[:2])
    assert len(cloud.main.jobs.by_id) == (2 if after else 0)


async def test_an_answer_may_be_cut_in_its_middle_and_read_back_shows_the_change(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(outage="truncated", outage_after_accepting=True)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await client.divert(ids[:2])
    cloud.set(outage="none")
    clock.passes(2)
    assert await client.shown_route(ids[0]) == "routing"


async def test_a_call_cut_off_is_recorded_with_status_0(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    cloud.set(outage="reset", outage_after_accepting=True)
    with pytest.raises(httpx.TransportError):
        await client.divert(ids[:2])
    (call,) = cloud.record.found(Kind.IMPORT_TRAFFIC, 0, 0)
    assert (call.status, call.phone_ids, call.route) == (0, tuple(ids[:2]), "routing")


async def test_an_answer_may_come_after_the_clients_patience_with_the_work_done(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(answer_delay_seconds=0.5)
    client.http.timeout = httpx.Timeout(0.1)
    with pytest.raises(httpx.ReadTimeout):
        await client.divert(ids[:1])
    clock.passes(2)
    assert cloud.main.fleet.phones[ids[0]].route(clock()) is Route.ROUTING


async def test_every_call_takes_at_least_its_latency(client: TokenClient, cloud: Cloud) -> None:
    cloud.set(latency_ms=80, latency_ms_max=100)
    began = time.perf_counter()
    await asyncio.gather(*(client.get("/phones", limit=1) for _ in range(10)))
    assert time.perf_counter() - began >= 0.08


async def test_an_unknown_path_or_verb_is_not_published(client: TokenClient) -> None:
    wrong_verb = await client.http.put(f"/v1/{client.project_id}/cloud-phone/phones-traffic")
    wrong_path = await client.http.get("/v9/nothing")
    for answer in (wrong_verb, wrong_path):
        assert (answer.status_code, answer.json()["error_code"]) == (404, "APIGW.0101")


async def test_a_body_over_12_mb_is_refused(client: TokenClient) -> None:
    path = f"/v1/{client.project_id}/cloud-phone/phones-traffic"
    answer = await client.http.post(path, content=b" " * (12 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["error_code"]) == (413, "APIGW.0201")


async def test_each_answer_carries_its_request_id_in_the_header(client: TokenClient) -> None:
    answer = await client.get("/phones", limit=0)
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


async def test_a_wrong_project_may_carry_another_code(client: TokenClient, cloud: Cloud) -> None:
    cloud.set(wrong_project_code="CPS.0046")
    token = cloud.accounts.issue_token(
        next(iter(cloud.accounts.users.values())), "0" * 32, cloud.now(), 60
    )
    client.http.headers["X-Auth-Token"] = token.value
    client.project_id = "0" * 32
    assert (await client.get("/phones")).json()["error_code"] == "CPS.0046"
