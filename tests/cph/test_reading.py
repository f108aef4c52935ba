"""Reading calls: tried again, and given up in time; single phones."""

from dataclasses import replace
from typing import Any

import pytest

from bot.cph.client import CphCloud
from bot.divert.failures import NotSent, Rejected, Stop, TryLater, Unclear
from bot.divert.phones import Phone, Route
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from sandbox.cloud.switches import TEN_A_SECOND, Override
from tests.cph.asking import asked
from tests.cph.opening import DEMO, FAST, Hasty, access, opened
from tests.cph.wild import answer, wild

GONE = "0" * 32


def count(sandbox: Sandbox, kind: Kind) -> int:
    return sum(number for (one, _), number in sandbox.record.counts.items() if one is kind)


def first(sandbox: Sandbox, number: int) -> list[str]:
    return [phone.phone_id for phone in sandbox.main.fleet.newest_first[:number]]


def some(sandbox: Sandbox, calls: int | None, **switches: Any) -> None:  # noqa: ANN401 - switches
    sandbox.set(overrides=[Override(switches=switches, calls=calls).model_dump()])


# tried again


@pytest.mark.parametrize(
    "switches",
    [
        {"outage": "html_502"},
        {"outage": "reset"},
        {"outage": "truncated", "outage_after_accepting": True},
        {"refuse_call_code": "CPS.0003"},
        {"refuse_call_code": "CPS.0042"},
    ],
)
async def test_a_reading_call_that_failed_is_tried_again(
    url: str, sandbox: Sandbox, switches: dict[str, Any]
) -> None:
    some(sandbox, 4, **switches)
    clock = Hasty()
    async with opened(access(url), clock=clock) as cloud:
        assert await cloud.phone(DEMO, first(sandbox, 1)[0]) is not None
    assert count(sandbox, Kind.SHOW_PHONE) == 5
    backoffs = [slept for slept in clock.slept if slept > 0.2]
    assert len(backoffs) == 4
    assert all(
        most / 2 <= slept <= most for slept, most in zip(backoffs, (0.5, 1, 2, 4), strict=True)
    )


async def test_a_reading_call_without_an_answer_in_time_is_tried_again(
    url: str, sandbox: Sandbox
) -> None:
    some(sandbox, 1, answer_delay_seconds=2)
    async with opened(access(url), limits=replace(FAST, deadline=0.2)) as cloud:
        assert await cloud.phone(DEMO, first(sandbox, 1)[0]) is not None
    assert sandbox.record.arrived == 2


@pytest.mark.parametrize(
    ("switches", "kind"),
    [({"outage": "html_502"}, Unclear), ({"refuse_call_code": "CPS.0042"}, TryLater)],
)
async def test_a_reading_call_is_given_up_after_five_tries(
    cloud: CphCloud, sandbox: Sandbox, switches: dict[str, Any], kind: type[Exception]
) -> None:
    some(sandbox, None, **switches)
    with pytest.raises(kind):
        await cloud.phone(DEMO, GONE)
    assert count(sandbox, Kind.SHOW_PHONE) == 5


async def test_a_cloud_out_of_reach_is_given_up_too() -> None:
    async with opened(access("http://127.0.0.1:9")) as cloud:
        with pytest.raises(NotSent):
            await cloud.containers(DEMO, ["s"])


async def test_calls_refused_for_their_rate_do_not_count_as_tries(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    some(sandbox, 12, throttle=True, read_limit=TEN_A_SECOND.model_dump())
    assert await cloud.phone(DEMO, first(sandbox, 1)[0]) is not None
    assert count(sandbox, Kind.SHOW_PHONE) == 13


async def test_a_reading_call_refused_for_its_rate_is_given_up_after_minutes(
    url: str, sandbox: Sandbox
) -> None:
    clock = Hasty()
    some(sandbox, None, throttle=True)
    async with opened(access(url), clock=clock) as cloud:
        with pytest.raises(NotSent):
            await cloud.phone(DEMO, GONE)
    assert 300 <= sum(clock.slept) < 400


async def test_what_a_person_must_mend_is_not_tried_again(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    sandbox.set(refuse_call_code="CPS.0006")
    with pytest.raises(Stop):
        await cloud.phone(DEMO, GONE)
    assert count(sandbox, Kind.SHOW_PHONE) == 1


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", 7),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 0),
        ("Fri, 31 Dec 2199 00:00:00 GMT", 3600),
        ("99999999", 3600),
        ("soon", 1),
        ("²", 1),
        ("Sat, 01 Jan 2000 00:00:00 -0000", 1),
        ("-5", 1),
    ],
)
async def test_retry_after_is_read_in_both_its_forms(header: str, wait: float) -> None:
    said = answer(429, "", Retry_After=header)
    async with wild(said) as server, opened(access(server.url)) as cloud:
        with pytest.raises(NotSent) as caught:
            await cloud.divert(DEMO, Route.DIRECT, ["p"])
    assert caught.value.wait == pytest.approx(wait, abs=0.1)


# at the start


async def test_the_check_reads_one_phone(cloud: CphCloud, sandbox: Sandbox) -> None:
    await cloud.check(DEMO)
    assert asked(sandbox, Kind.LIST_PHONES) == [{"limit": "1", "offset": "0"}]
    assert sandbox.record.arrived == 1


@pytest.mark.parametrize(
    ("switches", "code"),
    [
        ({"unauthorized": "signature"}, "APIGW.0301"),
        ({"refuse_call_code": "CPS.0006"}, "CPS.0006"),
        ({"refuse_call_code": "CPS.0001", "refuse_call_status": 403}, "CPS.0001"),
    ],
)
async def test_the_check_stops_at_once_at_what_a_person_must_mend(
    cloud: CphCloud, sandbox: Sandbox, switches: dict[str, Any], code: str
) -> None:
    sandbox.set(**switches)
    with pytest.raises(Stop) as caught:
        await cloud.check(DEMO)
    assert caught.value.code == code
    assert sandbox.record.arrived == 1


async def test_the_check_finds_a_wrong_project(url: str, sandbox: Sandbox) -> None:
    sandbox.set(wrong_project_code="CPS.0046")
    async with opened(replace(access(url), project_id="f" * 32)) as cloud:
        with pytest.raises(Stop, match=r"CPS\.0046"):
            await cloud.check(DEMO)


async def test_the_check_finds_a_cloud_out_of_reach() -> None:
    async with opened(access("http://127.0.0.1:9")) as cloud:
        with pytest.raises(NotSent):
            await cloud.check(DEMO)


# one phone


async def test_a_phone_is_read_with_its_route(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(unknown_fields=True)
    real = sandbox.main.fleet.newest_first[7]
    assert await cloud.phone(DEMO, real.phone_id) == Phone(
        real.phone_id, str(real.settled), real.server_id, real.name, 2
    )


async def test_an_unknown_phone_is_none(cloud: CphCloud) -> None:
    assert await cloud.phone(DEMO, GONE) is None


@pytest.mark.parametrize(
    "said",
    [
        answer(404, ""),
        answer(404, '{"error_code":"CPS.0005"}'),
        answer(400, '{"error_code":"CPS0005"}'),
        answer(400, '{"error_code":"CPS.0004"}'),
    ],
)
async def test_a_phone_of_another_project_looks_like_none(said: bytes) -> None:
    async with wild(said) as server, opened(access(server.url)) as cloud:
        assert await cloud.phone(DEMO, GONE) is None


async def test_a_wrong_address_is_not_taken_for_a_missing_phone() -> None:
    said = answer(404, '{"error_code":"APIGW.0101","error_msg":"not published"}')
    async with wild(said) as server, opened(access(server.url)) as cloud:
        with pytest.raises(Stop):
            await cloud.phone(DEMO, GONE)


async def test_another_refusal_is_not_taken_for_a_missing_phone() -> None:
    said = answer(400, '{"error_code":"CPS.0053"}')
    async with wild(said) as server, opened(access(server.url)) as cloud:
        with pytest.raises(Rejected):
            await cloud.phone(DEMO, GONE)


async def test_an_id_cannot_lead_the_call_elsewhere() -> None:
    async with wild(answer(404, "")) as server, opened(access(server.url)) as cloud:
        await cloud.phone(DEMO, "../jobs?x=1#")
    assert "/cloud-phone/phones/..%2Fjobs%3Fx%3D1%23 HTTP/1.1" in server.heads[0]


async def test_a_detail_with_nothing_in_it_proves_no_route() -> None:
    async with (
        wild(answer(200, '{"traffic_type":null}')) as server,
        opened(access(server.url)) as cloud,
    ):
        assert await cloud.phone(DEMO, GONE) == Phone(GONE, "", "")
