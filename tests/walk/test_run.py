"""What the cloud does to a run, row by row, and how people steer it."""

import pytest

from sandbox.cloud.kinds import Kind
from tests.walk.stage import Stage, request_id

SEND = Kind.IMPORT_TRAFFIC


async def sends(stage: Stage) -> list[list[str]]:
    return [call.phone_ids or [] for call in await stage.cloud.calls(SEND)]


@pytest.mark.parametrize("code", ["CPS.0003", "CPS.0042"])
async def test_a_busy_cloud_is_asked_again_later(stage: Stage, code: str) -> None:
    ids = await stage.phones(2)
    before = len(await sends(stage))
    await stage.cloud.override(SEND, calls=1, refuse_call_code=code, refuse_call_status=400)
    card = await stage.runs("routing", ids)
    assert "all 2 phones" in card["text"]
    assert len(await sends(stage)) == before + 2


async def test_a_busy_phone_is_sent_again_alone(stage: Stage) -> None:
    ids = await stage.phones(3)
    await stage.cloud.edit_phones(ids[:1], refuse_code="CPS.0042")
    card = await stage.asks("routing", ids)
    await stage.approve(card)
    await stage.posted(card, "Approved")
    await stage.cloud.edit_phones(ids[:1], refuse_code=None)
    assert "all 3 phones" in (await stage.ends(card))["text"]
    assert [ids[0]] in await sends(stage)


async def test_a_429_is_no_failed_try_and_the_limit_it_states_is_kept(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.override(SEND, calls=2, throttle=True)
    card = await stage.runs("routing", ids)
    assert "all 2 phones" in card["text"]
    rows = await stage.table(card, "outcome") if "outcome" in str(await stage.thread(card)) else []
    assert all(row["tries"] == "1" for row in rows)


@pytest.mark.parametrize("outage", ["gateway_timeout", "html_502", "truncated", "reset"])
async def test_an_answer_that_was_lost_after_the_cloud_accepted_is_read_back(
    stage: Stage, outage: str
) -> None:
    ids = await stage.phones(2)
    await stage.cloud.override(SEND, calls=1, outage=outage, outage_after_accepting=True)
    card = await stage.runs("routing", ids)
    assert "all 2 phones" in card["text"]


async def test_a_call_that_was_lost_before_the_cloud_accepted_is_sent_again(stage: Stage) -> None:
    ids = await stage.phones(2)
    before = len(await sends(stage))
    await stage.cloud.override(SEND, calls=1, outage="html_502")
    card = await stage.runs("routing", ids)
    assert "all 2 phones" in card["text"]
    assert len(await sends(stage)) == before + 2


async def test_missing_rights_halt_the_run_until_a_person_lets_it_go_on(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.override(SEND, calls=1, read_only="CPS.0001")
    card = await stage.asks("routing", ids)
    await stage.approve(card)
    halted = await stage.card(request_id(card["text"]), "halted")
    assert "*Halted by" in halted["text"]
    assert await stage.buttons(card) == ["resume", "cancel"]
    await stage.dave.click("resume", message=halted)
    assert "who may approve" in await stage.hears("Only who asked", stage.dave)
    await stage.bob.click("resume", message=halted)
    assert "all 2 phones" in (await stage.ends(card))["text"]


async def test_a_halted_run_can_be_cancelled_by_who_asked(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.cloud.override(SEND, calls=1, read_only="CPS.0001")
    card = await stage.asks("routing", ids)
    await stage.approve(card)
    halted = await stage.card(request_id(card["text"]), "halted")
    await stage.alice.click("cancel", message=halted)
    ended = await stage.ends(card, "cancelled")
    assert "2 cancelled" in ended["text"]
    assert set((await stage.cloud.routes(ids)).values()) == {"direct"}


async def test_a_cancel_stops_between_calls_and_follows_what_is_sent(stage: Stage) -> None:
    ids = await stage.phones(2900)
    await stage.cloud.override(SEND, calls=29, latency_ms=1500)
    await stage.gives_file("ids.txt", "\n".join(ids).encode())
    heard = await stage.hears("I am reading")
    card = await stage.card(request_id(heard), "waiting for approval")
    await stage.approve(card)
    running = await stage.card(request_id(heard), "running")
    await stage.alice.click("cancel", message=running)
    ended = await stage.ends(card, "cancelled")
    rows = await stage.table(card, "outcome")
    states = {row["state"] for row in rows}
    assert len(rows) == 2900
    assert states <= {"succeeded", "cancelled"}
    assert "cancelled" in states
    routes = await stage.cloud.routes(ids)
    assert all(
        (routes[row["phone_id"]] == "routing") == (row["state"] == "succeeded") for row in rows
    )
    assert "cancelled" in ended["text"]


async def test_servers_without_a_running_container_are_named_on_the_card(stage: Stage) -> None:
    ids = await stage.phones(2)
    server = (await stage.cloud.phones_by_id(ids))[ids[0]].server
    await stage.cloud.edit_servers([server], container="none")
    try:
        card = await stage.asks("routing", ids)
    finally:
        await stage.cloud.edit_servers([server], container="running")
    assert "without a running encoding container" in card["text"]


async def test_a_cloud_that_cannot_be_read_refuses_the_plan(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.cloud.override(Kind.SHOW_PHONE, calls=1, refuse_call_code="CPS.0006")
    await stage.says(f"/cph divert routing {ids[0]}")
    heard = await stage.hears("could not read the phones")
    assert "CPS.0006" in heard


async def test_of_many_kinds_of_errors_the_thread_names_the_most_frequent(stage: Stage) -> None:
    ids = await stage.phones(9)
    codes = [f"CPS.{n:04}" for n in (4, 5, 53, 123, 124, 141, 165, 195)]
    await stage.cloud.edit_phones(ids[8:], refuse_code=codes[7])
    for phone, code in zip(ids, codes, strict=False):
        await stage.cloud.edit_phones([phone], refuse_code=code)
    card = await stage.runs("routing", ids)
    told = (await stage.posted(card, "*Proven:*"))["text"]
    assert told.startswith("`CPS.0195` · 2 phones")
    assert "2 more kinds of errors stand in the file." in told
    assert told.splitlines()[-1].startswith("*Proven:* 0 of 9 phones")
    assert {row["code"] for row in await stage.table(card, "outcome")} == set(codes)
