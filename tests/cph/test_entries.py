"""Answers that say something of each phone: accepted, refused, missing, in any order."""

import json

import pytest

from bot.cph.client import CphCloud
from bot.divert.failures import Rejected, TryLater
from bot.divert.phones import Route
from sandbox.cloud.cloud import Cloud as Sandbox
from tests.cph.opening import DEMO, access, opened
from tests.cph.wild import answer, wild


def ids(sandbox: Sandbox, count: int) -> list[str]:
    return [phone.phone_id for phone in sandbox.main.fleet.newest_first[:count]]


@pytest.mark.parametrize("code", ["CPS.0003", "CPS.0042"])
async def test_a_phone_refused_for_now_is_told_alone_and_may_be_tried_again(
    cloud: CphCloud, sandbox: Sandbox, code: str
) -> None:
    sandbox.set(refuse_share=0.5, refuse_code=code)
    said = await cloud.divert(DEMO, Route.ROUTING, ids(sandbox, 100))
    refused = [entry for entry in said.entries if entry.code]
    assert 20 < len(refused) < 80
    assert {entry.code for entry in refused} == {code} <= cloud.passing
    assert not any(entry.job_id for entry in refused)
    assert all(entry.job_id for entry in said.entries if not entry.code)


async def test_a_phone_may_be_missing_and_the_order_means_nothing(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    sandbox.set(missing_share=0.3, shuffle=True)
    phone_ids = ids(sandbox, 100)
    said = await cloud.divert(DEMO, Route.ROUTING, phone_ids)
    told = [entry.phone_id for entry in said.entries]
    assert 40 < len(told) < 95
    assert set(told) < set(phone_ids)
    assert told != [one for one in phone_ids if one in told]
    for entry in said.entries:
        job = sandbox.main.jobs.find(entry.job_id, sandbox.now(), None)
        assert job is not None
        assert job.phone_id == entry.phone_id


async def test_an_answer_in_which_every_phone_is_refused_is_no_failure(
    cloud: CphCloud, sandbox: Sandbox
) -> None:
    sandbox.set(refuse_share=1)
    said = await cloud.divert(DEMO, Route.ROUTING, ids(sandbox, 5))
    assert [entry.code for entry in said.entries] == ["CPS.0004"] * 5


@pytest.mark.parametrize("none", [{}, {"error_code": None}, {"error_code": "", "error_msg": ""}])
async def test_no_error_is_none_however_it_is_written(none: dict[str, str | None]) -> None:
    body = json.dumps({"request_id": "r", "jobs": [{"phone_id": "p", "job_id": "j", **none}]})
    async with wild(answer(200, body)) as server, opened(access(server.url)) as cloud:
        (entry,) = (await cloud.divert(DEMO, Route.ROUTING, ["p"])).entries
    assert (entry.job_id, entry.code, entry.message) == ("j", "", "")


# a code decides, in whatever form it comes; a text never does


@pytest.mark.parametrize(
    "body",
    [
        '{"error_code":"CPS.0042","error_msg":"x"}',
        '{"error_code":"CPS0042"}',
        '{"errorCode":"CPS.0042","errorMsg":"x"}',
        '{"code":"cps.0042","message":"x"}',
        '{"error":{"error_code":"CPS.0042"}}',
        '{"error":{"code":"CPS0042","title":"Busy"}}',
        '{"data":{"fault":{"error_code":"CPS.0042"}}}',
    ],
)
@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
async def test_a_code_is_found_in_every_form_and_decides_whatever_the_status(
    status: int, body: str
) -> None:
    async with wild(answer(status, body)) as server, opened(access(server.url)) as cloud:
        with pytest.raises(TryLater, match=r"CPS\.0042"):
            await cloud.divert(DEMO, Route.ROUTING, ["p"])


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, '{"error_code":"CPS.0005","error_msg":"System busy."}'),
        (400, '{"error_msg":"System busy."}'),
        (403, '{"error_msg":"No permission to request resources."}'),
        (400, '{"error_code":"CPS.0080","error_msg":"Incorrect IAM authentication information"}'),
    ],
)
async def test_no_text_makes_a_refusal_anything_else(status: int, body: str) -> None:
    async with wild(answer(status, body)) as server, opened(access(server.url)) as cloud:
        with pytest.raises(Rejected):
            await cloud.divert(DEMO, Route.ROUTING, ["p"])
