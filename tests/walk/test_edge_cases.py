"""The walk with each edge case of the cloud switched on in turn, and each fault of Slack."""

import asyncio
import time
from typing import Any

import pytest

from bot.cph.settings import Limits
from bot.divert.outcome import PhoneRow
from sandbox.cloud.kinds import Kind
from tests.walk.stage import Stage, request_id

KEY_REST = Limits().key_rest + 0.5  # seconds in which a refused key is not used again
SEND, JOBS = Kind.IMPORT_TRAFFIC, Kind.LIST_JOBS


async def known_rows(stage: Stage, request: str) -> list[PhoneRow]:
    return await stage.bot.world.ledger.read(lambda tx: tx.rows(request, 0, 10))


async def test_every_phone_refused_and_no_job_at_all(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.edit_phones(ids, refuse_code="CPS.0005")
    card = await stage.runs("routing", ids)
    assert "2 refused" in card["text"]


@pytest.mark.parametrize(
    ("status", "code"),
    [(1, "CPS.0165"), (3, "CPS.0165"), (4, "CPS.0165"), (6, "CPS.0053"), (7, "CPS.0165"),
     (8, "CPS.0141"), (-5, "CPS.0165"), (-6, "CPS.0165"), (-7, "CPS.0165"), (-9, "CPS.0165")],
)  # fmt: skip
async def test_a_phone_in_a_state_that_takes_no_change_is_refused_with_its_code(
    stage: Stage, status: int, code: str
) -> None:
    ids = await stage.phones(2)
    await stage.cloud.edit_phones(ids[:1], status=status)
    card = await stage.runs("routing", ids)
    assert "1 proven · 1 refused" in card["text"]
    assert code in (await stage.posted(card, "*Proven:*"))["text"]


@pytest.mark.parametrize(
    "again",
    [{"refuse_call_code": "CPS.0004"}, {"job_failure_share": 1.0, "job_failure_code": "CPS.0141"}],
    ids=["refused", "failed"],
)
async def test_a_lost_call_that_worked_counts_though_the_next_one_did_not(
    stage: Stage, again: dict[str, Any]
) -> None:
    ids, since = await stage.phones(1), time.time()
    card = await stage.asks("routing", ids)
    await stage.cloud.override(SEND, calls=1, outage="html_504")
    await stage.cloud.override(SEND, calls=1, skip=1, **again)
    await stage.approve(card)
    while len(await stage.cloud.calls(SEND, since)) < 2:  # noqa: ASYNC110 - the cloud has no bell
        await asyncio.sleep(0.02)
    await stage.cloud.edit_phones(ids, route="routing")  # what was lost is carried out at last
    assert "*Proven:* all 1" in (await stage.ends(card))["text"].replace("1 phone", "all 1")
    [row] = await known_rows(stage, request_id(card["text"]))
    assert row.history.startswith("1: no answer, 2: ")


async def test_a_phone_that_takes_no_change_may_fail_in_its_job_instead(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.edit_phones(ids[:1], status=8)
    await stage.cloud.override(SEND, calls=1, not_running="fail_job")
    card = await stage.runs("routing", ids)
    assert "1 proven · 1 failed" in card["text"]


@pytest.mark.parametrize(
    ("container", "code"), [("none", "CPS.0123"), ("creating", "CPS.0124"), ("frozen", "CPS.0195")]
)
async def test_without_a_container_routing_is_refused_and_direct_works(
    stage: Stage, container: str, code: str
) -> None:
    (there,), (back,) = await stage.phones(1), await stage.phones(1, "routing")
    seen = await stage.cloud.phones_by_id([there, back])
    servers = list({phone.server for phone in seen.values()})
    await stage.cloud.edit_servers(servers, container=container)
    try:
        card = await stage.runs("routing", [there])
        assert code in (await stage.posted(card, "*Proven:*"))["text"]
        assert "all 1" in (await stage.runs("direct", [back]))["text"].replace("1 phone", "all 1")
    finally:
        await stage.cloud.edit_servers(servers, container="running")


async def test_a_call_lost_while_its_jobs_make_the_phones_busy_comes_right(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.edit_phones(ids, job_seconds=1.5)
    await stage.cloud.set(overlap="busy")
    await stage.cloud.override(SEND, calls=1, outage="reset", outage_after_accepting=True)
    try:
        assert "all 2 phones" in (await stage.runs("routing", ids))["text"]
    finally:
        await stage.cloud.set(overlap="both")


async def test_a_job_that_hangs_and_times_out_is_sent_again(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.override(SEND, calls=1, job_hang_share=1.0, job_hang_seconds=0.5)
    assert "all 2 phones" in (await stage.runs("routing", ids))["text"]


async def test_a_full_last_page_of_jobs_is_read_to_its_end(stage: Stage) -> None:
    ids = await stage.phones(100)
    await stage.gives_file("ids.txt", "\n".join(ids).encode())
    card = await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")
    await stage.approve(card)
    assert "all 100 phones" in (await stage.ends(card))["text"]


@pytest.mark.parametrize(
    ("kinds", "switches"),
    [
        pytest.param([SEND], {"serial_per_server": True}, id="jobs one after the other"),
        pytest.param([JOBS], {"list_jobs_late_seconds": 0.6}, id="rows that come late"),
        pytest.param([], {"no_error": "absent"}, id="no error said by nothing"),
        pytest.param([], {"no_error": "null"}, id="no error said by null"),
        pytest.param([], {"no_error": "empty"}, id="no error said by an empty text"),
        pytest.param([], {"end_time_while_running": "absent"}, id="no end time while running"),
        pytest.param([], {"unknown_fields": True}, id="fields that no page describes"),
        pytest.param([], {"count_absent": True}, id="lists without a count"),
        pytest.param([], {"list_shift": 1}, id="phones made between two pages"),
        pytest.param([SEND], {"success_status": 201}, id="201 for 200"),
        pytest.param([SEND], {"throttle": True, "gateway_prefix": "APIG"}, id="429 of APIG"),
        pytest.param(
            [SEND], {"throttle": True, "throttle_text": "error_message"}, id="429 as error_message"
        ),
        pytest.param([SEND], {"throttle": True, "retry_after_seconds": 1}, id="429, Retry-After"),
        pytest.param([SEND], {"outage": "html_503"}, id="503 in HTML"),
        pytest.param([SEND], {"outage": "html_504"}, id="504 in HTML"),
        pytest.param([SEND], {"outage": "gateway_502"}, id="502 of the gateway"),
        pytest.param([SEND], {"answer_delay_seconds": 0.5}, id="a slow answer"),
        pytest.param([SEND], {"status_table": "old"}, id="400 for every code"),
        pytest.param([Kind.LIST_PHONES], {"outage": "html_502"}, id="a list that fails once"),
        pytest.param([JOBS], {"outage": "truncated"}, id="jobs cut off"),
        pytest.param([JOBS], {"throttle": True}, id="jobs throttled"),
    ],
)
async def test_the_run_ends_proven_in_spite_of(
    stage: Stage, kinds: list[Kind], switches: dict[str, Any]
) -> None:
    ids = await stage.phones(3)
    await stage.cloud.override(*kinds, calls=1 if kinds else 12, **switches)
    assert "all 3 phones" in (await stage.runs("routing", ids))["text"]


async def test_a_code_without_its_dot_is_the_same_code(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.cloud.edit_phones(ids, job_failure_code="CPS.0141")
    await stage.cloud.override(JOBS, calls=3, code_without_dot=True)
    card = await stage.runs("routing", ids)
    await stage.posted(card, "CPS.0141")


async def test_a_limit_of_ten_calls_a_second_is_never_passed_twice(stage: Stage) -> None:
    ids = await stage.phones(1500)
    await stage.cloud.set(write_limit={"calls": 10, "per": "second"})
    before = len(await stage.cloud.calls(SEND))
    try:
        await stage.gives_file("ids.txt", "\n".join(ids).encode())
        heard = await stage.hears("I am reading")
        card = await stage.card(request_id(heard), "waiting for approval")
        await stage.approve(card)
        await stage.ends(card)
    finally:
        await stage.cloud.set(write_limit=None)
    calls = (await stage.cloud.calls(SEND))[before:]
    refused = [n for n, call in enumerate(calls) if call.status == 429]
    assert len(calls) - len(refused) == 15
    # Once the limit is known it is kept: refusals are only of calls that were under way then.
    assert not refused or refused[-1] - refused[0] <= 8


async def test_a_bad_signature_halts_at_the_first_call(stage: Stage) -> None:
    ids = await stage.phones(1)
    card = await stage.asks("routing", ids)
    before = len(await stage.cloud.calls(SEND))
    await stage.cloud.override(SEND, calls=1, unauthorized="signature")
    await stage.approve(card)
    halted = await stage.card(request_id(card["text"]), "halted")
    assert len(await stage.cloud.calls(SEND)) == before + 1
    await stage.bob.click("cancel", message=halted)
    await stage.card(request_id(card["text"]), "cancelled")
    await asyncio.sleep(KEY_REST)


async def test_a_token_that_ends_in_the_middle_is_made_anew(stage: Stage) -> None:
    ids = await stage.phones(1)
    card = await stage.asks("routing", ids, "project:token")
    await stage.cloud.expire_tokens()
    await stage.approve(card, stage.bob)
    await stage.hears("One more is needed", stage.bob)
    await stage.approve(card, stage.carol)
    await stage.ends(card)


async def test_a_gateway_that_forbids_the_call_halts_the_run(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.cloud.override(SEND, calls=1, read_only="APIGW.0302")
    await stage.approve(card)
    halted = await stage.card(request_id(card["text"]), "halted")
    assert "APIGW.0302" in halted["text"]
    await stage.bob.click("cancel", message=halted)


async def test_arrears_in_the_middle_stop_everything_until_they_are_paid(stage: Stage) -> None:
    ids = await stage.phones(300)
    await stage.cloud.override(SEND, calls=9, skip=1, refuse_call_code="CPS.0006")
    await stage.gives_file("ids.txt", "\n".join(ids).encode())
    card = await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")
    await stage.approve(card)
    halted = await stage.card(request_id(card["text"]), "halted")
    assert "CPS.0006" in halted["text"]
    await stage.cloud.put_switches(
        (await stage.cloud.switches()).model_copy(update={"overrides": []})
    )
    await stage.bob.click("resume", message=halted)
    assert "all 300 phones" in (await stage.ends(card))["text"]


async def test_a_phone_that_vanished_after_the_plan_is_refused(stage: Stage) -> None:
    ids = await stage.phones(2)
    card = await stage.asks("routing", ids)
    await stage.cloud.remove_phones(ids[:1])
    await stage.approve(card)
    assert "1 proven · 1 refused" in (await stage.ends(card))["text"]
    await stage.posted(card, "CPS.0005")


async def test_a_restart_that_puts_the_phone_back_leaves_it_unclear(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.set(restart_resets_route=True)
    await stage.cloud.edit_phones(ids[:1], readback_lag_seconds=1.5)
    try:
        card = await stage.asks("routing", ids)
        await stage.approve(card)
        await stage.posted(card, "Jobs are under way")
        await stage.cloud.edit_phones(ids[:1], status=4)
        assert "1 proven · 1 unclear" in (await stage.ends(card))["text"]
    finally:
        await stage.cloud.set(restart_resets_route=False)


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("latency", {"method": "chat.postMessage", "times": 2, "seconds_late": 1}),
        ("latency", {"method": "chat.update", "times": 2, "seconds_late": 1}),
        ("late", {"delivery": "interactive", "seconds_late": 1}),
        ("duplicate", {"delivery": "*", "times": 3}),
        ("drop_ack", {"delivery": "interactive"}),
        ("disconnect", {"reason": "refresh_requested"}),
        ("socket_drop", {"count": 1}),
        ("outage", {"seconds": 2}),
    ],
)
async def test_the_run_ends_proven_whatever_slack_does(
    stage: Stage, kind: str, how: dict[str, object]
) -> None:
    card = await stage.asks("routing", await stage.phones(2))
    before = len(await stage.cloud.calls(SEND))
    await stage.slack.fault(kind, **how)
    if kind == "outage":
        await asyncio.sleep(2.5)
    await stage.slack.wait_for("connected", 20, count=1)
    await stage.bob.click("approve", message=card)
    assert "all 2 phones" in (await stage.ends(card))["text"]
    assert len(await stage.cloud.calls(SEND)) == before + 1
