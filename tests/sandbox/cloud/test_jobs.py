"""ShowJob and ListJobs: how jobs run, end, are listed, and are forgotten."""

import re

import pytest

from sandbox.cloud.cloud import Cloud
from tests.sandbox.cloud.clients import HandClock, TokenClient


async def started(client: TokenClient, ids: list[str]) -> str:
    """Divert the phones; return the request id."""
    answer = await client.divert(ids)
    assert answer.status_code == 200
    request_id: str = answer.json()["request_id"]
    return request_id


@pytest.fixture
async def started_job(
    client: TokenClient, cloud: Cloud, ids: list[str]
) -> tuple[TokenClient, Cloud, str]:
    return client, cloud, await started(client, ids[:1])


async def statuses(client: TokenClient, request_id: str) -> list[int]:
    return [row["status"] for row in await client.jobs(request_id)]


async def test_a_job_runs_and_then_succeeds(
    client: TokenClient, ids: list[str], clock: HandClock
) -> None:
    request_id = await started(client, ids[:1])
    assert await statuses(client, request_id) == [1]
    clock.passes(0.9)
    assert await statuses(client, request_id) == [1]
    clock.passes(0.2)
    assert await statuses(client, request_id) == [2]


async def test_a_row_has_whole_utc_seconds_and_no_request_id_and_the_answer_its_own_id(
    client: TokenClient, ids: list[str], clock: HandClock
) -> None:
    request_id = await started(client, ids[:1])
    clock.passes(2)
    answer = (await client.get("/jobs", request_id=request_id)).json()
    (row,) = answer["jobs"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["begin_time"])
    assert row["end_time"] >= row["begin_time"]
    assert row["node_id"] == row["server_id"]
    assert "request_id" not in row
    assert answer["request_id"] != request_id
    assert "count" not in answer


async def test_a_failed_job_names_its_code_and_leaves_the_route(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(job_failure_share=1, job_failure_code="CPS.0042", job_failure_detail="no luck")
    request_id = await started(client, ids[:1])
    clock.passes(2)
    (row,) = await client.jobs(request_id)
    assert (row["status"], row["error_code"], row["execute_msg"]) == (-1, "CPS.0042", "no luck")
    assert await client.shown_route(ids[0]) == "direct"


async def test_a_share_of_jobs_fails_and_the_same_ones_in_a_repeated_run(
    ids: list[str], cloud: Cloud, client: TokenClient, clock: HandClock
) -> None:
    cloud.set(job_failure_share=0.4)
    request_id = await started(client, ids[:100])
    clock.passes(2)
    failed = {r["phone_id"] for r in await client.jobs(request_id) if r["status"] == -1}
    assert 20 < len(failed) < 60
    for phone_id in ids[:100]:
        cloud.main.fleet.phones[phone_id].attempts = 0
    again = await started(client, list(reversed(ids[:100])))
    clock.passes(2)
    assert {r["phone_id"] for r in await client.jobs(again) if r["status"] == -1} == failed


async def test_a_jobs_code_may_be_written_without_its_dot(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(job_failure_share=1, job_failure_code="CPS.0005", code_without_dot=True)
    request_id = await started(client, ids[:1])
    clock.passes(2)
    assert (await client.jobs(request_id))[0]["error_code"] == "CPS0005"


LEFT_OUT = object()


@pytest.mark.parametrize(
    ("style", "listed", "shown"),
    [
        ("natural", "", None),
        ("absent", LEFT_OUT, LEFT_OUT),
        ("null", None, None),
        ("empty", "", ""),
    ],
)
async def test_no_error_is_written_in_each_of_three_ways(
    started_job: tuple[TokenClient, Cloud, str], style: str, listed: object, shown: object
) -> None:
    client, cloud, request_id = started_job
    cloud.set(no_error=style)
    (row,) = await client.jobs(request_id)
    single = (await client.get(f"/jobs/{row['job_id']}")).json()
    assert row.get("error_code", LEFT_OUT) == listed
    assert single.get("error_code", LEFT_OUT) == shown


@pytest.mark.parametrize(
    ("style", "end"), [("null", {"end_time": None}), ("empty", {"end_time": ""}), ("absent", {})]
)
async def test_a_running_jobs_end_is_written_in_each_of_three_ways(
    client: TokenClient, cloud: Cloud, ids: list[str], style: str, end: dict[str, str | None]
) -> None:
    cloud.set(end_time_while_running=style)
    (row,) = await client.jobs(await started(client, ids[:1]))
    assert {k: v for k, v in row.items() if k == "end_time"} == end


async def test_jobs_take_a_time_of_their_own_between_two_bounds(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(job_seconds=6, job_seconds_max=32)
    request_id = await started(client, ids[:100])
    clock.passes(5.9)
    assert set(await statuses(client, request_id)) == {1}
    clock.passes(13)
    assert 20 < (await statuses(client, request_id)).count(2) < 80
    clock.passes(13.2)
    assert set(await statuses(client, request_id)) == {2}


async def test_jobs_of_a_server_may_run_one_after_the_other_and_servers_in_parallel(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(serial_per_server=True, job_seconds=6)
    server = cloud.main.fleet.phones[ids[0]].server_id
    other = next(p for p in cloud.main.fleet.newest_first if p.server_id != server).phone_id
    request_id = await started(client, [*ids[:3], other])
    for done in ([2, 1, 1, 2], [2, 2, 1, 2], [2, 2, 2, 2]):
        clock.passes(6.01)
        assert await statuses(client, request_id) == done


async def test_a_job_may_never_end(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(job_hang_share=1)
    request_id = await started(client, ids[:1])
    clock.passes(86_000)
    await client.log_in()
    assert await statuses(client, request_id) == [1]


async def test_a_hanging_job_may_time_out(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(job_hang_share=1, job_hang_seconds=1800)
    request_id = await started(client, ids[:1])
    clock.passes(1799)
    assert await statuses(client, request_id) == [1]
    clock.passes(2)
    (row,) = await client.jobs(request_id)
    assert (row["status"], row["error_code"]) == (-1, "CPS.0054")
    assert await client.shown_route(ids[0]) == "direct"


async def test_finished_jobs_are_forgotten_after_their_retention(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(job_retention_seconds=60)
    request_id = await started(client, ids[:1])
    (row,) = await client.jobs(request_id)
    clock.passes(62)
    listed = await client.get("/jobs", request_id=request_id)
    shown = await client.get(f"/jobs/{row['job_id']}")
    assert (listed.status_code, listed.json()["error_code"]) == (400, "CPS.0050")
    assert (shown.status_code, shown.json()["error_code"]) == (404, "CPS.0011")
    await started(client, ids[1:2])
    assert list(cloud.main.jobs.by_id) != [row["job_id"]]
    assert len(cloud.main.jobs.by_request) == 1


async def test_rows_may_arrive_late(
    client: TokenClient, cloud: Cloud, ids: list[str], clock: HandClock
) -> None:
    cloud.set(list_jobs_late_seconds=10)
    request_id = await started(client, ids[:100])
    assert await client.jobs(request_id) == []
    clock.passes(5)
    assert 20 < len(await client.jobs(request_id)) < 80
    clock.passes(5)
    assert len(await client.jobs(request_id)) == 100


async def test_pages_are_cut_by_offset_and_limit_and_the_last_may_be_full(
    client: TokenClient, ids: list[str]
) -> None:
    request_id = await started(client, ids[:100])
    first = await client.jobs(request_id, limit=50)
    second = await client.jobs(request_id, limit=50, offset=50)
    third = await client.jobs(request_id, limit=50, offset=100)
    assert [row["phone_id"] for row in first + second] == ids[:100]
    assert third == []


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"limit": "x"}])
async def test_a_page_out_of_bounds_is_refused(
    client: TokenClient, ids: list[str], query: dict[str, int | str]
) -> None:
    request_id = await started(client, ids[:1])
    answer = await client.get("/jobs", request_id=request_id, **query)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "CPS.0002")


async def test_twenty_request_ids_may_be_asked_at_once_and_win_over_one(
    client: TokenClient, ids: list[str]
) -> None:
    request_ids = [await started(client, [phone_id]) for phone_id in ids[:20]]
    answer = await client.get(
        "/jobs", request_ids=",".join(request_ids[1:]), request_id=request_ids[0]
    )
    assert [row["phone_id"] for row in answer.json()["jobs"]] == ids[1:20]
    over = await client.get("/jobs", request_ids=",".join([*request_ids, "x"]))
    assert (over.status_code, over.json()["error_code"]) == (400, "CPS.0161")


async def test_no_request_id_is_refused(client: TokenClient) -> None:
    assert (await client.get("/jobs")).json()["error_code"] == "CPS.0049"
