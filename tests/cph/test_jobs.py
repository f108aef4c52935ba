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

ASKED = {"a": ["no such job"]}


def count(sandbox: Sandbox, kind: Kind) -> int:
    return sum(number for (one, _), number in sandbox.record.counts.items() if one is kind)


def first(sandbox: Sandbox, number: int) -> list[str]:
    return [phone.phone_id for phone in sandbox.main.fleet.newest_first[:number]]


async def diverted(cloud: CphCloud, phone_ids: list[str]) -> dict[str, list[str]]:
    """Make a call, and say what is to be asked of it: its job ids by its request id."""
    said = await cloud.divert(DEMO, Route.ROUTING, phone_ids)
    return {said.cloud_request_id: [entry.job_id for entry in said.entries]}


async def several(cloud: CphCloud, phone_ids: list[str], calls: int) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for _ in range(calls):
        made |= await diverted(cloud, phone_ids)
    return made


async def test_jobs_are_read_to_their_end(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(job_seconds=0, job_failure_share=0.5, code_without_dot=True)
    phone_ids = first(sandbox, 100)
    jobs = await cloud.jobs(DEMO, await diverted(cloud, phone_ids))
    assert sorted(job.phone_id for job in jobs) == sorted(phone_ids)
    failed = [job for job in jobs if job.end is JobEnd.FAILURE]
    assert 20 < len(failed) < 80
    assert {job.code for job in failed} == {"CPS.0003"}
    assert {job.code for job in jobs if job.end is JobEnd.SUCCESS} == {""}


async def test_a_job_under_way_is_running(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(job_seconds=60, already_there="job")
    jobs = await cloud.jobs(DEMO, await diverted(cloud, first(sandbox, 2)))
    assert [job.end for job in jobs] == [JobEnd.RUNNING] * 2


async def test_a_job_the_cloud_gave_up_waiting_for_may_be_tried_again(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    """CPS.0054 at the end of a job is TryLater."""
    sandbox.set(job_hang_share=1, job_hang_seconds=0, already_there="job")
    (job,) = await cloud.jobs(DEMO, await diverted(cloud, first(sandbox, 1)))
    assert (job.end, job.code) == (JobEnd.FAILURE, "CPS.0054")
    assert job.code in cloud.passing


# no call that is not needed


async def test_20_calls_of_100_accepted_phones_take_20_pages(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    asked = await several(cloud, first(sandbox, 100), 20)
    jobs = await cloud.jobs(DEMO, asked)
    assert len(jobs) == 2000
    assert count(sandbox, Kind.LIST_JOBS) == 20


async def test_no_page_is_read_behind_the_last_job_asked_for(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    asked = await several(cloud, first(sandbox, 100), 4)
    running = {request_id: jobs[:1] for request_id, jobs in list(asked.items())[:3]}
    await cloud.jobs(DEMO, running | {list(asked)[3]: []})
    assert count(sandbox, Kind.LIST_JOBS) == 5  # one of the calls does not say what to look for
    await cloud.jobs(DEMO, running)
    assert count(sandbox, Kind.LIST_JOBS) == 5 + 3


async def test_a_job_that_is_not_listed_yet_is_looked_for_on_the_page_behind(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    asked = await diverted(cloud, first(sandbox, 100))
    missing = {request_id: [*jobs, "late"] for request_id, jobs in asked.items()}
    assert len(await cloud.jobs(DEMO, missing)) == 100
    assert count(sandbox, Kind.LIST_JOBS) == 2


async def test_of_a_call_whose_jobs_are_not_known_all_are_read(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    asked = await several(cloud, first(sandbox, 100), 3)
    asked[next(iter(asked))] = []
    assert len(await cloud.jobs(DEMO, asked)) == 300
    assert count(sandbox, Kind.LIST_JOBS) == 4  # the third page is just full


async def test_jobs_that_were_not_asked_for_come_along(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(missing_share=0.5)
    said = await cloud.divert(DEMO, Route.ROUTING, first(sandbox, 50))
    assert 10 < len(said.entries) < 40
    known = {said.cloud_request_id: [entry.job_id for entry in said.entries]}
    assert len(await cloud.jobs(DEMO, known)) == 50


async def test_the_jobs_of_more_than_twenty_calls_take_several_questions(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    asked = await several(cloud, first(sandbox, 1), 25)
    assert len(await cloud.jobs(DEMO, {**asked, "": ["j"]})) == 25
    assert count(sandbox, Kind.LIST_JOBS) == 2


async def test_no_calls_have_no_jobs(cloud: CphCloud, sandbox: Sandbox) -> None:
    assert await cloud.jobs(DEMO, {}) == []
    assert count(sandbox, Kind.LIST_JOBS) == 0


# what the list does


async def test_another_refusal_of_jobs_is_one(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(refuse_call_code="CPS.0161")
    with pytest.raises(Rejected):
        await cloud.jobs(DEMO, ASKED)


def rows(*numbers: int, **more: Any) -> bytes:  # noqa: ANN401 - a row's other fields
    jobs = [{"job_id": f"j{number}", "phone_id": "p", "status": 1, **more} for number in numbers]
    return answer(200, json.dumps({"jobs": jobs}))


@pytest.mark.parametrize("code", ["CPS.0002", "CPS.0050"])
async def test_a_refusal_behind_a_full_page_is_the_end(code: str) -> None:
    end = answer(400, json.dumps({"error_code": code}))
    async with wild(rows(*range(100)), end) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.jobs(DEMO, ASKED)) == 100


async def test_another_refusal_behind_a_full_page_is_one() -> None:
    end = answer(400, '{"error_code":"CPS.0161"}')
    async with wild(rows(*range(100)), end) as server, opened(access(server.url)) as cloud:
        with pytest.raises(Rejected):
            await cloud.jobs(DEMO, ASKED)


async def test_a_list_of_jobs_that_repeats_itself_is_left() -> None:
    async with wild(rows(*range(100))) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.jobs(DEMO, ASKED)) == 100
    assert len(server.heads) == 2


async def test_a_list_of_jobs_that_never_ends_is_left() -> None:
    """A call has at most 100 jobs; twice as many and ten pages more are looked through."""
    pages = [rows(*range(page * 100, page * 100 + 100)) for page in range(20)]
    async with wild(*pages) as server, opened(access(server.url)) as cloud:
        assert len(await cloud.jobs(DEMO, ASKED)) == 1200
    assert len(server.heads) == 12


async def test_a_status_of_tomorrow_is_still_running_and_the_detail_is_the_message() -> None:
    page = rows(1, status=7, error_code="", error_msg=None, execute_msg="why")
    async with wild(page) as server, opened(access(server.url)) as cloud:
        assert await cloud.jobs(DEMO, ASKED) == [Job("j1", "p", JobEnd.RUNNING, "", "why")]


async def test_a_row_without_a_job_is_left_out() -> None:
    page = answer(200, '{"jobs":[{"job_id":null,"phone_id":"p","status":2}]}')
    async with wild(page) as server, opened(access(server.url)) as cloud:
        assert await cloud.jobs(DEMO, ASKED) == []
