"""Calls whose jobs the cloud no longer knows, told apart from the others with few questions."""

import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cph.client import CphCloud
from bot.divert.outcome import Job, JobEnd
from bot.divert.phones import Route
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from tests.cph.opening import DEMO, access, opened
from tests.cph.wild import answer, wild

CALLS = [f"r{number:02}" for number in range(20)]


class Strict:
    """A cloud that refuses the whole question for one forgotten call; each call has one job."""

    def __init__(self, forgotten: Collection[str]) -> None:
        self.forgotten = forgotten
        self.questions: list[list[str]] = []

    async def list_jobs(self, request: web.Request) -> web.Response:
        asked = request.query["request_ids"].split(",")
        self.questions.append(asked)
        if set(asked) & set(self.forgotten):
            return web.json_response({"error_code": "CPS.0050"}, status=400)
        rows = [{"job_id": f"j-{one}", "phone_id": one, "status": 2} for one in asked]
        return web.json_response({"jobs": rows})

    @property
    def refused(self) -> int:
        return sum(bool(set(asked) & set(self.forgotten)) for asked in self.questions)


@asynccontextmanager
async def strict(forgotten: Collection[str]) -> AsyncIterator[tuple[Strict, CphCloud]]:
    server = Strict(forgotten)
    app = web.Application()
    app.router.add_get("/v1/{project}/cloud-phone/jobs", server.list_jobs)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with opened(access(f"http://127.0.0.1:{runner.addresses[0][1]}")) as cloud:
        yield server, cloud
    await runner.cleanup()


async def ask(cloud: CphCloud) -> list[Job]:
    return await cloud.jobs(DEMO, {one: [f"j-{one}"] for one in CALLS})


@pytest.mark.parametrize("number", range(20))
async def test_one_forgotten_call_of_twenty_spoils_at_most_five_questions(number: int) -> None:
    async with strict({CALLS[number]}) as (server, cloud):
        jobs = await ask(cloud)
    assert {job.phone_id for job in jobs} == set(CALLS) - {CALLS[number]}
    assert server.refused <= 5
    assert len(server.questions) <= 11  # and not 21
    assert [CALLS[number]] in server.questions  # it was asked for alone before it is given up


async def test_twenty_forgotten_calls_take_little_more_than_a_question_each() -> None:
    async with strict(CALLS) as (server, cloud):
        assert await ask(cloud) == []
    assert len(server.questions) == 24


@settings(max_examples=40, deadline=None)
@given(forgotten=st.sets(st.sampled_from(CALLS)))
async def test_whichever_calls_are_forgotten_the_others_jobs_are_read(forgotten: set[str]) -> None:
    async with strict(forgotten) as (server, cloud):
        jobs = await ask(cloud)
    assert sorted(job.phone_id for job in jobs) == sorted(set(CALLS) - forgotten)
    assert all([one] in server.questions for one in forgotten)
    assert len(server.questions) <= 40


async def test_no_forgotten_call_takes_one_question() -> None:
    async with strict(()) as (server, cloud):
        assert len(await ask(cloud)) == len(CALLS)
    assert server.questions == [CALLS]


async def test_a_call_past_its_retention_is_forgotten(cloud: CphCloud, sandbox: Sandbox) -> None:
    sandbox.set(job_seconds=0, job_retention_seconds=0)
    phone_ids = [phone.phone_id for phone in sandbox.main.fleet.newest_first[:3]]
    said = await cloud.divert(DEMO, Route.ROUTING, phone_ids)
    jobs = await cloud.jobs(DEMO, {said.cloud_request_id: [e.job_id for e in said.entries]})
    assert jobs == []
    assert sandbox.record.counts[Kind.LIST_JOBS, 400] == 1


@pytest.mark.parametrize("code", ["CPS.0050", "CPS.0011", "CPS0050"])
async def test_a_call_is_forgotten_by_either_code(code: str) -> None:
    spoilt = answer(404, json.dumps({"error_code": code}))
    one = answer(200, json.dumps({"jobs": [{"job_id": "j", "phone_id": "p", "status": "2"}]}))
    async with wild(spoilt, one, spoilt) as server, opened(access(server.url)) as cloud:
        jobs = await cloud.jobs(DEMO, {"a": ["j"], "b": ["k"]})
    assert jobs == [Job("j", "p", JobEnd.SUCCESS)]
    lines = [urlsplit(head.split()[1]).query for head in server.heads]
    assert [parse_qs(line)["request_ids"][0] for line in lines] == ["a,b", "a", "b"]
