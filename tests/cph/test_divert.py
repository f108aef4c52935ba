"""One ImportTraffic call, and each row of what the cloud can do to it."""

from collections.abc import AsyncIterator

import pytest

from bot.cph.client import CphCloud
from bot.cph.connecting import open_http
from bot.cph.settings import AkSk
from bot.divert.failures import CloudFailure, NotSent, Rejected, Stop, TryLater
from bot.divert.outcome import Entry
from bot.divert.phones import Route
from bot.divert.ports import Cloud
from sandbox.cloud.accounts import READER_ACCESS_KEY, READER_SECRET_KEY
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.switches import TEN_A_MINUTE, TEN_A_SECOND
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


@pytest.fixture(params=["ak_sk", "token"])
async def either(request: pytest.FixtureRequest, url: str) -> AsyncIterator[CphCloud]:
    way = access(url) if request.param == "ak_sk" else access(url, PASSWORD)
    async with opened(way) as cloud:
        yield cloud


async def test_an_accepted_call_gives_a_job_for_each_phone(
    either: CphCloud, sandbox: Sandbox
) -> None:
    phone_ids = ids(sandbox, 100)
    said = await either.divert(DEMO, Route.ROUTING, phone_ids)
    assert [entry.phone_id for entry in said.entries] == phone_ids
    assert all(entry.job_id and not entry.code for entry in said.entries)
    assert said.cloud_request_id
    assert sends(sandbox) == 1


async def test_the_client_is_the_cloud_of_the_ports(cloud: CphCloud) -> None:
    port: Cloud = cloud
    assert port.passing == {"CPS.0003", "CPS.0042", "CPS.0054"}
    assert port.explain("CPS.0005")[0]


async def test_any_2xx_is_success_of_the_call(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(success_status=201)
    assert len((await cloud.divert(DEMO, Route.DIRECT, ids(sandbox))).entries) == 3


async def test_refused_phones_are_entries_with_a_code(cloud: CphCloud, sandbox: Sandbox) -> None:
    good, unknown = ids(sandbox, 1)[0], "0" * 32
    said = await cloud.divert(DEMO, Route.ROUTING, [good, unknown, "bad"])
    entries = {entry.phone_id: entry for entry in said.entries}
    assert entries[good].job_id
    assert entries[unknown] == Entry(unknown, code="CPS.0005", message="Phone is not found.")
    assert entries["bad"].code == "CPS.0004"


async def test_a_code_without_its_dot_is_read_with_it() -> None:
    body = '{"request_id":"r","jobs":[{"phone_id":"p","error_code":"CPS0042","job_id":null}]}'
    async with wild(answer(200, body)) as server, opened(access(server.url)) as cloud:
        said = await cloud.divert(DEMO, Route.ROUTING, ["p"])
    assert said.entries == (Entry("p", code="CPS.0042"),)


async def test_the_request_id_may_stand_in_the_header_alone() -> None:
    plain = answer(200, '{"jobs":[]}', X_Request_Id="r1")
    async with wild(plain) as server, opened(access(server.url)) as cloud:
        assert (await cloud.divert(DEMO, Route.ROUTING, ["p"])).cloud_request_id == "r1"


# could not connect, pool full, 429 → NotSent


async def test_could_not_connect_is_not_sent() -> None:
    async with opened(access("http://127.0.0.1:9")) as cloud:
        assert type(await failure(cloud, ["p"])) is NotSent


async def test_a_proxy_that_refuses_is_not_sent() -> None:
    async with wild(answer(403, "no")) as server:
        way = access("https://cph.example")
        cloud = CphCloud({DEMO: way}, FAST, open_http([way], FAST, lambda _: server.url), Hasty())
        assert type(await failure(cloud, ["p"])) is NotSent
        await cloud.close()


@pytest.mark.parametrize("prefix", ["APIGW", "APIG"])
async def test_429_is_not_sent_and_slows_the_next(
    cloud: CphCloud, sandbox: Sandbox, prefix: str
) -> None:
    sandbox.set(throttle=True, gateway_prefix=prefix, write_limit=TEN_A_MINUTE)
    refusal = await failure(cloud, ids(sandbox))
    assert isinstance(refusal, NotSent)
    assert refusal.code == f"{prefix}.0308"
    assert refusal.wait > 5
    learned = told(cloud)
    assert learned["send"]["rate"] == pytest.approx(9.8 / 60)
    assert learned.keys() == {"send"}


async def test_429_that_says_retry_after_is_waited_for(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(throttle=True, write_limit=TEN_A_SECOND, retry_after_seconds=17)
    refusal = await failure(cloud, ids(sandbox))
    assert isinstance(refusal, NotSent)
    assert refusal.wait == pytest.approx(17, abs=1)


async def test_429_names_its_limit_in_either_field(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(throttle=True, write_limit=TEN_A_SECOND, throttle_text="error_message")
    await failure(cloud, ids(sandbox))
    assert told(cloud)["send"]["calls"] == 10


async def test_429_without_a_body_is_not_sent_and_halves_the_rate() -> None:
    async with wild(answer(429, "")) as server, opened(access(server.url)) as cloud:
        refusal = await failure(cloud, ["p"])
        assert isinstance(refusal, NotSent)
        assert refusal.code == "HTTP.429"
        assert told(cloud)["send"]["rate"] == FAST.calls_per_second / 2


async def test_the_code_of_throttling_counts_whatever_the_status() -> None:
    body = '{"error_code":"APIG.0308","error_msg":"limit:5,time:1 second"}'
    async with wild(answer(403, body)) as server, opened(access(server.url)) as cloud:
        assert isinstance(await failure(cloud, ["p"]), NotSent)
        assert told(cloud)["send"]["calls"] == 5


async def test_a_429_with_a_telling_code_keeps_its_word_and_slows_too() -> None:
    body = '{"error_code":"CPS.0042","error_msg":"busy"}'
    async with wild(answer(429, body)) as server, opened(access(server.url)) as cloud:
        assert isinstance(await failure(cloud, ["p"]), TryLater)
        assert told(cloud)["send"]["rate"] == FAST.calls_per_second / 2


# CPS.0003, 0042 → TryLater


@pytest.mark.parametrize("table", ["current", "old"])
@pytest.mark.parametrize("code", ["CPS.0003", "CPS.0042"])
async def test_a_busy_cloud_is_try_later(
    cloud: CphCloud, sandbox: Sandbox, code: str, table: str
) -> None:
    sandbox.set(refuse_call_code=code, status_table=table)
    refusal = await failure(cloud, ids(sandbox))
    assert (type(refusal), refusal.code) == (TryLater, code)
    assert sends(sandbox) == 1


# CPS.0001, 0006, 0007, 0008, APIGW.0302 → Stop


@pytest.mark.parametrize("table", ["current", "old"])
@pytest.mark.parametrize("code", ["CPS.0001", "CPS.0006", "CPS.0007", "CPS.0008", "APIGW.0302"])
async def test_what_a_person_must_mend_is_stop(
    cloud: CphCloud, sandbox: Sandbox, code: str, table: str
) -> None:
    sandbox.set(refuse_call_code=code, refuse_call_status=403, status_table=table)
    refusal = await failure(cloud, ids(sandbox))
    assert (type(refusal), refusal.code) == (Stop, code)


async def test_a_user_who_may_only_read_is_stop(url: str, sandbox: Sandbox) -> None:
    reader = AkSk(READER_ACCESS_KEY, READER_SECRET_KEY)
    async with opened(access(url, reader)) as cloud:
        assert (await failure(cloud, ids(sandbox))).code == "CPS.0001"


async def test_a_redirect_is_not_followed_and_is_stop() -> None:
    away = answer(302, "", Location="http://127.0.0.1:9/")
    async with wild(away) as server, opened(access(server.url)) as cloud:
        refusal = await failure(cloud, ["p"])
    assert (type(refusal), refusal.code, len(server.heads)) == (Stop, "HTTP.302", 1)


async def test_an_endpoint_that_is_no_address_is_stop() -> None:
    async with opened(access("ftp://127.0.0.1")) as cloud:
        assert isinstance(await failure(cloud, ["p"]), Stop)


@pytest.mark.parametrize("token", ["t0ken\nof mine", "t0ken…"])
async def test_a_key_that_fits_no_header_is_stop_and_not_shown(token: str) -> None:
    async with wild(answer(200, "{}")) as server:
        way = access(server.url, AkSk("a", "s3cret", token))
        async with opened(way) as cloud:
            refusal = await failure(cloud, ["p"])
    assert isinstance(refusal, Stop)
    assert "t0ken" not in str(refusal)


# other 4xx, other CPS codes → Rejected


@pytest.mark.parametrize("code", ["CPS.0190", "CPS.0080", "CPS.0141", "CPS.1234"])
async def test_other_codes_are_rejected(cloud: CphCloud, sandbox: Sandbox, code: str) -> None:
    sandbox.set(refuse_call_code=code, refuse_call_status=400)
    refusal = await failure(cloud, ids(sandbox))
    assert (type(refusal), refusal.code) == (Rejected, code)


async def test_a_known_refusal_is_rejected_even_as_500(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(refuse_call_code="CPS.0005", refuse_call_status=500)
    assert type(await failure(cloud, ids(sandbox))) is Rejected


async def test_a_refusal_may_come_with_status_200() -> None:
    body = '{"error_code":"CPS.0005","error_msg":"no"}'
    async with wild(answer(200, body)) as server, opened(access(server.url)) as cloud:
        assert type(await failure(cloud, ["p"])) is Rejected


@pytest.mark.parametrize("body", ["", "<html>", "{}", '{"error": "x"}'])
async def test_a_4xx_without_a_code_is_rejected_by_its_status(body: str) -> None:
    async with wild(answer(400, body)) as server, opened(access(server.url)) as cloud:
        refusal = await failure(cloud, ["p"])
    assert (type(refusal), refusal.code) == (Rejected, "HTTP.400")


async def test_a_4xx_whose_body_breaks_off_is_judged_by_its_status() -> None:
    half = b"HTTP/1.1 400 X\r\nContent-Length: 99\r\n\r\n{"
    async with wild(half) as server, opened(access(server.url)) as cloud:
        assert (await failure(cloud, ["p"])).code == "HTTP.400"
