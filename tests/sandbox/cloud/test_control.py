"""The control port, through its own client."""

import pytest

from sandbox.cloud.cloud import EMPTY_PROJECT_ID, Cloud
from sandbox.cloud.driver import CloudDriver, ControlError
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Container, Route
from sandbox.cloud.switches import Switches
from tests.sandbox.cloud.clients import HandClock, TokenClient


async def test_switches_are_set_patched_and_read(driver: CloudDriver, cloud: Cloud) -> None:
    await driver.put_switches(Switches(job_seconds=3, shuffle=True))
    await driver.set(job_seconds=4)
    found = await driver.switches()
    assert (found.job_seconds, found.shuffle) == (4, True)
    assert cloud.switches == found


async def test_a_wrong_switch_is_refused_with_its_name_and_changes_nothing(
    driver: CloudDriver, cloud: Cloud
) -> None:
    with pytest.raises(ControlError, match="job_seconds"):
        await driver.set(job_seconds=-1, shuffle=True)
    assert cloud.switches == Switches()


async def test_an_override_is_added(driver: CloudDriver, client: TokenClient) -> None:
    await driver.override(Kind.LIST_PHONES, calls=1, throttle=True)
    answers = [(await client.get("/phones", limit=1)).status_code for _ in range(2)]
    assert answers == [429, 200]


async def test_a_fleet_is_replaced_and_its_jobs_go_with_it(
    driver: CloudDriver, client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    await client.divert(ids[:1])
    await driver.put_fleet(phones=40, servers=2, seed=9, routing_share=0.5)
    found = await driver.phones()
    assert found.count == 40
    assert sum(phone.route is Route.ROUTING for phone in found.phones) == 20
    assert not cloud.main.jobs.by_id
    assert (await client.get("/phones")).json()["count"] == 40


async def test_phones_are_shown_as_they_really_are(
    driver: CloudDriver, client: TokenClient, clock: HandClock, ids: list[str]
) -> None:
    await driver.set(readback_lag_seconds=60)
    await client.divert(ids[:1])
    clock.passes(2)
    phone = (await driver.phones_by_id(ids[:1]))[ids[0]]
    assert (phone.name, phone.server, phone.status) == ("mobile-0300", "edge-05", 2)
    assert (phone.route, phone.shown_route) == (Route.ROUTING, Route.DIRECT)


async def test_phones_are_paged_and_found_by_any_number_of_ids(
    driver: CloudDriver, ids: list[str]
) -> None:
    assert [p.id for p in (await driver.phones(offset=290, limit=100)).phones] == ids[290:]
    assert list(await driver.routes([*ids, "f" * 32])) == ids


async def test_a_phone_is_edited(driver: CloudDriver, client: TokenClient, ids: list[str]) -> None:
    await driver.edit_phones(ids[:2], status=8, route="routing")
    found = await driver.phones_by_id(ids[:3])
    assert [found[i].status for i in ids[:3]] == [8, 8, 2]
    assert await client.shown_route(ids[1]) == "routing"


async def test_an_edit_of_a_phone_not_there_changes_none(
    driver: CloudDriver, ids: list[str]
) -> None:
    with pytest.raises(ControlError, match="not here"):
        await driver.edit_phones([ids[0], "f" * 32], status=8)
    assert (await driver.phones_by_id(ids[:1]))[ids[0]].status == 2


async def test_a_phone_is_refused_by_order_until_the_order_is_undone(
    driver: CloudDriver, client: TokenClient, ids: list[str]
) -> None:
    await driver.edit_phones(ids[:1], refuse_code="CPS.0003")
    refused, taken = (await client.divert(ids[:2])).json()["jobs"]
    assert (refused["error_code"], "job_id" in taken) == ("CPS.0003", True)
    await driver.edit_phones(ids[:1], refuse_code=None)
    assert "job_id" in (await client.divert(ids[:1])).json()["jobs"][0]


async def test_a_phones_job_fails_hangs_or_takes_long_by_order(
    driver: CloudDriver, client: TokenClient, clock: HandClock, ids: list[str]
) -> None:
    await driver.edit_phones(ids[:1], job_failure_code="CPS.0141")
    await driver.edit_phones(ids[1:2], hangs=True)
    await driver.edit_phones(ids[2:3], job_seconds=100)
    request_id = (await client.divert(ids[:4])).json()["request_id"]
    clock.passes(50)
    assert [row["status"] for row in await client.jobs(request_id)] == [-1, 1, 1, 2]
    clock.passes(51)
    assert [row["status"] for row in await client.jobs(request_id)] == [-1, 1, 2, 2]


async def test_a_phone_is_missing_lies_or_lags_by_order(
    driver: CloudDriver, client: TokenClient, clock: HandClock, ids: list[str]
) -> None:
    await driver.edit_phones(ids[:1], missing=True)
    await driver.edit_phones(ids[1:2], lies=True)
    await driver.edit_phones(ids[2:3], readback_lag_seconds=100)
    answered = [entry["phone_id"] for entry in (await client.divert(ids[:3])).json()["jobs"]]
    clock.passes(50)
    assert answered == ids[1:3]
    assert [await client.shown_route(i) for i in ids[:3]] == ["routing", "direct", "direct"]
    assert list((await driver.routes(ids[:3])).values()) == ["routing", "direct", "routing"]


@pytest.mark.parametrize(("switch", "route"), [(True, "direct"), (False, "routing")])
async def test_a_restart_may_put_a_phone_back_on_direct(
    driver: CloudDriver, client: TokenClient, clock: HandClock, *, switch: bool, route: str
) -> None:
    await driver.set(restart_resets_route=switch)
    phone_id = (await driver.phones(limit=1)).phones[0].id
    await client.divert([phone_id])
    clock.passes(2)
    await driver.edit_phones([phone_id], status=4)
    await driver.edit_phones([phone_id], status=2)
    assert await client.shown_route(phone_id) == route


async def test_a_phone_removed_is_not_found_any_more(
    driver: CloudDriver, client: TokenClient, ids: list[str]
) -> None:
    await driver.remove_phones(ids[:1])
    assert (await client.divert(ids[:1])).json()["jobs"][0]["error_code"] == "CPS.0005"
    assert (await client.get("/phones")).json()["count"] == 299


async def test_a_server_changed_over_gives_its_phones_new_ids(
    driver: CloudDriver, client: TokenClient, ids: list[str]
) -> None:
    made = await driver.edit_servers(["edge-05"], recreate=True)
    assert len(made) == 60
    assert not set(made) & set(ids)
    assert (await client.divert(ids[:1])).json()["jobs"][0]["error_code"] == "CPS.0005"
    assert "job_id" in (await client.divert(made[:1])).json()["jobs"][0]
    assert (await client.get("/phones", limit=1)).json()["phones"][0]["phone_id"] == made[-1]


async def test_servers_are_shown_and_edited(driver: CloudDriver) -> None:
    await driver.edit_servers(["edge-01"], container="frozen", status=8, tags={"env": "lab"})
    first, second = (await driver.servers())[:2]
    assert (first.container, first.status, first.tags) == (Container.FROZEN, 8, {"env": "lab"})
    assert (second.container, second.status, second.phones) == (Container.RUNNING, 5, 60)


async def test_a_phone_and_a_server_are_renamed(
    driver: CloudDriver, client: TokenClient, ids: list[str]
) -> None:
    assert (await client.get("/phones", phone_name="kiosk")).json()["count"] == 0
    await driver.edit_phones(ids[:1], name="kiosk <1>")
    found = (await client.get("/phones", phone_name="kiosk")).json()["phones"]
    assert [row["phone_id"] for row in found] == ids[:1]
    await driver.edit_servers(["edge-01", "edge-02"], name="lab")
    assert [server.name for server in await driver.servers()][:3] == ["lab", "lab", "edge-03"]


@pytest.mark.parametrize("name", ["", "x" * 66, "two\nlines"])
async def test_a_name_that_no_phone_can_have_is_refused(
    driver: CloudDriver, ids: list[str], name: str
) -> None:
    with pytest.raises(ValueError, match="name"):
        await driver.edit_phones(ids[:1], name=name)


async def test_all_phones_of_a_server_are_stopped_at_once(
    driver: CloudDriver, client: TokenClient
) -> None:
    await driver.edit_servers(["edge-02"], phone_status=8)
    stopped = (await client.get("/phones", status=8)).json()
    server = {server.name: server.id for server in await driver.servers()}["edge-02"]
    assert stopped["count"] == 60
    assert {row["server_id"] for row in stopped["phones"]} == {server}


async def test_calls_are_recorded_with_who_what_and_how_it_ended(
    driver: CloudDriver, client: TokenClient, clock: HandClock, ids: list[str]
) -> None:
    await client.divert(ids[:3])
    clock.passes(10)
    await client.get("/phones/nothing")
    (divert,) = await driver.calls(Kind.IMPORT_TRAFFIC)
    assert (divert.status, divert.phone_ids, divert.route) == (200, ids[:3], Route.ROUTING)
    assert (divert.user, divert.access, divert.method) == ("sandbox-user", None, "POST")
    (late,) = await driver.calls(since=clock() - 5)
    assert (late.status, late.error_code) == (404, "CPS.0005")
    assert await driver.calls(after=divert.number) == [late]


async def test_no_credential_is_in_the_record(driver: CloudDriver, client: TokenClient) -> None:
    await client.get("/phones", limit=1)
    text = repr(await driver.calls())
    assert client.http.headers["X-Auth-Token"] not in text
    assert "made-up" not in text


async def test_the_summary_counts_calls_and_phones(
    driver: CloudDriver, client: TokenClient, clock: HandClock, ids: list[str]
) -> None:
    for first in (0, 100):
        await client.divert(ids[first : first + 100])
    clock.passes(5)
    await client.get("/phones", limit=0)
    found = await driver.summary()
    assert found.calls_by_kind["ImportTraffic"] == {"200": 2}
    assert found.calls_by_kind["ListCloudPhones"] == {"400": 1}
    assert found.error_codes == {"CPS.0002": 1}
    assert found.max_phones_a_call == 100
    assert found.peak_by_kind["ImportTraffic"] == 2
    assert found.peak_by_kind["ListCloudPhones"] == 1
    assert found.peak_calls_per_second == 3  # the log-in came first
    assert found.phones_by_route == {Route.DIRECT: 100, Route.ROUTING: 200}
    assert found.phones == 300


async def test_tokens_and_temporary_keys_can_be_ended_in_mid_run(
    driver: CloudDriver, client: TokenClient
) -> None:
    await driver.expire_tokens()
    answer = await client.get("/phones")
    assert (answer.status_code, "token expires" in answer.json()["error_msg"]) == (401, True)
    await client.log_in()
    assert (await client.get("/phones")).status_code == 200


async def test_a_reset_brings_back_the_quiet_day_and_the_first_fleet(
    driver: CloudDriver, client: TokenClient, cloud: Cloud, ids: list[str]
) -> None:
    await driver.set(throttle=True)
    await driver.remove_phones(ids[:10])
    await driver.reset()
    assert cloud.switches == Switches()
    assert [p.id for p in (await driver.phones()).phones] == ids
    assert (await driver.summary()).calls == 0
    assert (await client.get("/phones")).status_code == 200


async def test_the_empty_project_can_be_given_phones(driver: CloudDriver, cloud: Cloud) -> None:
    await driver.put_fleet(project_id=EMPTY_PROJECT_ID, phones=3, servers=1)
    assert len(cloud.projects[EMPTY_PROJECT_ID].fleet.phones) == 3
    assert (await driver.phones()).count == 300


@pytest.mark.parametrize("recipe", [{"phones": -1}, {"routing_share": 2}])
async def test_a_fleet_that_cannot_be_is_refused(
    driver: CloudDriver, recipe: dict[str, float]
) -> None:
    with pytest.raises(ValueError, match="validation error"):
        await driver.put_fleet(**recipe)


async def test_a_question_that_cannot_be_read_is_refused(driver: CloudDriver) -> None:
    with pytest.raises(ControlError, match="not here"):
        await driver.edit_servers(["edge-99"], status=8)
    with pytest.raises(ControlError, match="body: Input should be an object"):
        await driver._ask("PATCH", "/switches", [])
