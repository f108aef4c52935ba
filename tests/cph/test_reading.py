"""Reading calls: tried again, and given up in time; single phones, jobs and containers."""

import json
from typing import Any

import pytest

from bot.cph.client import CphCloud
from bot.divert.outcome import Job, JobEnd
from bot.divert.phones import Phone, Route
from bot.divert.ports import NotSent, Rejected, Stop, TryLater, Unclear
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Container
from sandbox.cloud.switches import TEN_A_SECOND, Override
from tests.cph.opening import DEMO, Hasty, access, opened
from tests.cph.wild import Wild, answer, wild

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
            await cloud.containers(DEMO)


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


# jobs


async def diverted(cloud: CphCloud, phone_ids: list[str]) -> str:
    return (await cloud.divert(DEMO, Route.ROUTING, phone_ids)).cloud_request_id


async def test_jobs_are_read_to_their_end(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(job_seconds=0, job_failure_share=0.5, code_without_dot=True)
    phone_ids = first(sandbox, 100)
    jobs = await cloud.jobs(DEMO, [await diverted(cloud, phone_ids)])
    assert sorted(job.phone_id for job in jobs) == sorted(phone_ids)
    failed = [job for job in jobs if job.end is JobEnd.FAILURE]
    assert 20 < len(failed) < 80
    assert {job.code for job in failed} == {"CPS.0003"}
    assert {job.code for job in jobs if job.end is JobEnd.SUCCESS} == {""}


async def test_a_job_under_way_is_running(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(job_seconds=60, already_there="job")
    jobs = await cloud.jobs(DEMO, [await diverted(cloud, first(sandbox, 2))])
    assert [job.end for job in jobs] == [JobEnd.RUNNING] * 2


async def test_a_last_page_that_is_just_full_is_followed_by_one_more(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    ids = [await diverted(cloud, first(sandbox, 100)) for _ in range(4)]
    assert len(await cloud.jobs(DEMO, ids)) == 400
    assert count(sandbox, Kind.LIST_JOBS) == 5


async def test_the_jobs_of_more_than_twenty_calls_take_several_questions(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    ids = [await diverted(cloud, first(sandbox, 1)) for _ in range(25)]
    assert len(await cloud.jobs(DEMO, [*ids, ids[0], ""])) == 25
    assert count(sandbox, Kind.LIST_JOBS) == 2


async def test_no_calls_have_no_jobs(cloud: CphCloud, sandbox: Sandbox) -> None:
    assert await cloud.jobs(DEMO, []) == []
    assert count(sandbox, Kind.LIST_JOBS) == 0


async def test_a_forgotten_call_has_no_jobs(cloud: CphCloud) -> None:
    assert await cloud.jobs(DEMO, [GONE]) == []


@pytest.mark.parametrize("code", ["CPS.0050", "CPS.0011", "CPS0050"])
async def test_a_forgotten_call_that_spoils_the_answer_is_told_from_the_others(code: str) -> None:
    spoilt = answer(404, json.dumps({"error_code": code}))
    one = answer(200, json.dumps({"jobs": [{"job_id": "j", "phone_id": "p", "status": "2"}]}))
    async with wild(spoilt, one, spoilt) as server, opened(access(server.url)) as cloud:
        assert await cloud.jobs(DEMO, ["a", "b"]) == [Job("j", "p", JobEnd.SUCCESS)]
    assert [line.split("request_ids=")[1].split()[0] for line in server.heads] == [
        "a%2Cb",
        "a",
        "b",
    ]


async def test_another_refusal_of_jobs_is_one(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(refuse_call_code="CPS.0161")
    with pytest.raises(Rejected):
        await cloud.jobs(DEMO, [GONE])


def rows(*numbers: int, **more: Any) -> bytes:  # noqa: ANN401 - a row's other fields
    jobs = [{"job_id": f"j{number}", "phone_id": "p", "status": 1, **more} for number in numbers]
    return answer(200, json.dumps({"jobs": jobs}))


@pytest.mark.parametrize("code", ["CPS.0002", "CPS.0050"])
async def test_a_refusal_behind_a_full_page_is_the_end(code: str) -> None:
    end = answer(400, json.dumps({"error_code": code}))
    async with wild(rows(*range(100)), end) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.jobs(DEMO, ["a"])) == 100


async def test_another_refusal_behind_a_full_page_is_one() -> None:
    end = answer(400, '{"error_code":"CPS.0161"}')
    async with wild(rows(*range(100)), end) as server, opened(access(server.url)) as cloud:
        with pytest.raises(Rejected):
            await cloud.jobs(DEMO, ["a"])


async def test_a_list_of_jobs_that_repeats_itself_is_left() -> None:
    async with wild(rows(*range(100))) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.jobs(DEMO, ["a"])) == 100
    assert len(server.heads) == 2


async def test_a_list_of_jobs_that_never_ends_is_left() -> None:
    pages = [rows(*range(page * 100, page * 100 + 100)) for page in range(110)]
    async with wild(*pages) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.jobs(DEMO, ["a"])) == 10_000


async def test_a_status_of_tomorrow_is_still_running_and_the_detail_is_the_message() -> None:
    page = rows(1, status=7, error_code="", error_msg=None, execute_msg="why")
    async with wild(page) as server, opened(access(server.url)) as cloud:
        assert await cloud.jobs(DEMO, ["a"]) == [Job("j1", "p", JobEnd.RUNNING, "", "why")]


async def test_a_row_without_a_job_is_left_out() -> None:
    page = answer(200, '{"jobs":[{"job_id":null,"phone_id":"p","status":2}]}')
    async with wild(page) as server, opened(access(server.url)) as cloud:
        assert await cloud.jobs(DEMO, ["a"]) == []


# containers


async def test_servers_with_a_running_container_are_told(cloud: CphCloud, sandbox: Sandbox) -> None:
    servers = list(sandbox.main.fleet.servers.values())
    for server, state in zip(servers, Container, strict=False):
        server.container = state
    running = {one.server_id for one in servers if one.container is Container.RUNNING}
    assert 0 < len(running) < len(servers)
    assert await cloud.containers(DEMO) == running


def containers(*numbers: int, **more: Any) -> bytes:  # noqa: ANN401 - a row's other fields
    found = [
        {"encode_server_id": f"e{n}", "server_id": f"s{n}", "type": 1, "status": 1, **more}
        for n in numbers
    ]
    return answer(200, json.dumps({"encode_servers": found}))


async def test_containers_are_read_until_a_page_is_short() -> None:
    pages = containers(*range(100)), containers(*range(100, 130))
    async with wild(*pages) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.containers(DEMO)) == 130
    assert [_offset(server, number) for number in range(2)] == ["0", "100"]


def _offset(server: Wild, number: int) -> str:
    return server.heads[number].split("offset=")[1].split("&")[0]


async def test_a_list_of_containers_that_repeats_itself_is_left() -> None:
    async with wild(containers(*range(100))) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.containers(DEMO)) == 100
    assert len(server.heads) == 2


@pytest.mark.parametrize("odd", [{"type": 0}, {"status": 4}, {"status": None}, {"server_id": None}])
async def test_what_is_no_running_container_is_left_out(odd: dict[str, object]) -> None:
    async with wild(containers(1, **odd)) as server, opened(access(server.url)) as cloud:
        assert await cloud.containers(DEMO) == frozenset()
