"""The jobs of earlier calls, page by page."""

import json
from typing import Any

import pytest

from bot.cph.client import CphCloud
from bot.divert.failures import Rejected
from bot.divert.outcome import Job, JobEnd
from bot.divert.phones import Route
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from tests.cph.opening import DEMO, access, opened
from tests.cph.wild import answer, wild

GONE = "0" * 32


def count(sandbox: Sandbox, kind: Kind) -> int:
    return sum(number for (one, _), number in sandbox.record.counts.items() if one is kind)


def first(sandbox: Sandbox, number: int) -> list[str]:
    return [phone.phone_id for phone in sandbox.main.fleet.newest_first[:number]]


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
