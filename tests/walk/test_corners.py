"""What happens rarely: late work, look-ups that fail, work that is done twice."""

from dataclasses import replace

from bot.divert import following, sending
from bot.divert.card import card as draw
from bot.divert.card import standing
from bot.divert.failures import Stop
from bot.divert.following import follow_round
from bot.divert.holdup import halt
from bot.divert.outcome import Change, PhoneState
from bot.divert.planning import make_plan
from bot.divert.policy import Policy
from bot.divert.request import State
from bot.divert.sending import send_slice
from sandbox.cloud.kinds import Kind
from tests.walk.requests_of import approve_without_start, request_of
from tests.walk.stage import Stage, request_id


async def test_work_on_what_is_closed_does_nothing(stage: Stage) -> None:
    card = await stage.runs("routing", await stage.phones(1))
    world, request = stage.bot.world, await request_of(stage, card)
    before = len(await stage.cloud.calls())
    await make_plan(world, request.id)
    await send_slice(world, request.id, "0.9")
    await follow_round(world, request.id, "0.9")
    await world.ledger.write(lambda tx: following._end(world, tx, request.id, "0.9", 0))
    await world.ledger.write(lambda tx: sending._end(world, tx, "D-NOWHERE", "0.9"))
    await world.ledger.write(lambda tx: halt(world, tx, request.id, Stop("CPS.0001")))
    late = await world.ledger.write(
        lambda tx: sending._start_or_refuse(world, tx, request.id, None)
    )
    assert late == await request_of(stage, card) == request
    assert len(await stage.cloud.calls()) == before


async def test_a_start_that_cannot_look_people_up_waits_and_says_so(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    request = await approve_without_start(stage, card)
    await stage.slack.fault("status", method="users.info", times=20)
    await send_slice(stage.bot.world, request.id, "0.1")
    await stage.slack.clear_faults()
    assert (await request_of(stage, card)).state is State.APPROVED
    await stage.posted(card, "I try again until it can")
    await send_slice(stage.bot.world, request.id, "9.1")
    await stage.ends(card)


async def test_a_slice_that_begins_while_the_bot_stops_leaves_all_to_the_next(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    request = await approve_without_start(stage, card)
    stopping = replace(stage.bot.world, stopping=lambda: True)
    await send_slice(stopping, request.id, "0.1")
    counts = await stage.bot.world.ledger.read(lambda tx: tx.counts(request.id))
    assert counts[PhoneState.PLANNED] == 1
    await stage.ends(card)


async def test_a_round_that_begins_while_the_bot_stops_asks_for_no_job(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.cloud.edit_phones(ids, job_seconds=2)
    card = await stage.asks("routing", ids)
    await stage.approve(card)
    await stage.posted(card, "One job is under way")
    stopping = replace(stage.bot.world, stopping=lambda: True)
    await follow_round(stopping, request_id(card["text"]), "9.1")
    counts = await stage.bot.world.ledger.read(lambda tx: tx.counts(request_id(card["text"])))
    assert counts[PhoneState.ACCEPTED] == 1
    await stage.ends(card)


async def test_a_phone_to_be_sent_again_goes_with_the_slices_that_are_under_way(
    stage: Stage,
) -> None:
    ids = await stage.phones(3)
    card = await stage.asks("routing", ids)
    world, request = stage.bot.world, await approve_without_start(stage, card)
    again = Change(ids[0], PhoneState.PLANNED, again=True)
    await world.ledger.write(lambda tx: following._write(tx, request.id, "9.1", [again]))
    await send_slice(world, request.id, "9.1")
    assert "all 3 phones" in (await stage.ends(card))["text"]


async def test_a_person_who_cannot_be_looked_up_asks_for_nothing(stage: Stage) -> None:
    await stage.slack.put("people", users=[{"id": "U0FAY", "name": "fay"}])
    room = {"id": stage.channel, "members": ["U0FAY"], "bot_in": True}
    await stage.slack.put("channels", channels=[room])
    await stage.slack.fault("status", method="users.info", times=20)
    fay = stage.slack.person("U0FAY")
    await stage.says(f"/cph divert routing {'a' * 32}", fay)
    await stage.hears("could not tell me who you are", fay)


async def test_phones_go_back_to_direct(stage: Stage) -> None:
    ids = await stage.phones(2, "routing")
    card = await stage.runs("direct", ids)
    assert "all 2 phones" in card["text"]
    assert set((await stage.cloud.routes(ids)).values()) == {"direct"}


async def test_containers_that_cannot_be_read_are_no_reason_to_refuse(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.cloud.override(Kind.LIST_ENCODE_SERVERS, calls=1, refuse_call_code="CPS.0001")
    card = await stage.asks("routing", ids)
    assert "*Look:*" not in card["text"]


async def test_where_no_channel_takes_a_card_nothing_is_asked(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.alice.command("C0GENERAL", f"/cph divert routing {ids[0]} project:nowhere")
    told = await stage.alice.wait_for("ephemeral", channel="C0GENERAL", text="Invite me")
    assert "<#C0GENERAL>" in told["text"]


async def test_a_rule_without_approvals_runs_at_once_and_many_unknown_ids_are_a_file(
    stage: Stage,
) -> None:
    ids, unknown = await stage.phones(2), [f"{n:032x}" for n in range(5500)]
    await stage.says("/cph divert")
    file = await stage.alice.upload("ids.txt", "\n".join([*unknown, *ids, "?"]).encode())
    values = {
        "route": {"value": "routing"},
        "project": {"project": {"option": "quick"}},
        "file": {"value": {"files": [file]}},
    }
    await stage.alice.submit(values)
    card = await stage.card(request_id(await stage.hears("I am reading")), "done")
    await stage.posted(card, "5,500 phones are unknown")
    rows = await stage.table(card, "left-out")
    assert [row["phone_id"] for row in rows] == [*unknown, "line 5503: ?"]
    assert {row["state"] for row in rows} == {"unknown", "unreadable"}


async def test_jobs_that_cannot_be_read_for_want_of_rights_halt_the_run(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.cloud.override(Kind.LIST_JOBS, calls=1, refuse_call_code="CPS.0001")
    await stage.approve(card)
    halted = await stage.card(request_id(card["text"]), "halted")
    await stage.bob.click("resume", message=halted)
    await stage.ends(card)


async def test_jobs_that_cannot_be_read_for_a_while_are_read_later(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await stage.cloud.override(Kind.LIST_JOBS, calls=5, outage="html_502")
    await stage.approve(card)
    await stage.ends(card)


async def test_a_job_that_times_out_again_and_again_has_failed(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.cloud.edit_phones(ids, job_failure_code="CPS.0054")
    card = await stage.runs("routing", ids)
    assert "1 failed" in card["text"]
    assert ids[0] in (await stage.posted(card, "CPS.0054"))["text"]


async def test_a_phone_that_vanished_after_a_lost_call_is_unclear(stage: Stage) -> None:
    ids = await stage.phones(2)
    card = await stage.asks("routing", ids)
    await stage.cloud.override(Kind.IMPORT_TRAFFIC, calls=1, outage="html_502")
    await stage.cloud.remove_phones(ids[:1])
    await stage.approve(card)
    ended = await stage.ends(card)
    assert "1 proven · 1 unclear" in ended["text"]
    assert "no answer from the cloud" in (await stage.posted(card, "1 phone"))["text"]


async def test_a_card_under_a_policy_that_allows_nothing_names_no_approver(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    request = await request_of(stage, card)
    now = await stage.bot.world.ledger.read(lambda tx: standing(tx, request))
    strict = replace(stage.bot.world, policy=Policy)
    assert len(draw(strict, now).lines) == len(draw(stage.bot.world, now).lines) - 1
    again = replace(now, request=replace(request, state=State.PLANNING))
    assert not draw(stage.bot.world, again).buttons
