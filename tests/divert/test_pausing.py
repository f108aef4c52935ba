"""Pauses and freezes: nothing begins while one stands, and all of it goes on afterwards."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row

from bot.divert import going_on
from bot.divert.card import card, standing
from bot.divert.click import Verdict
from bot.divert.halt_lines import all_standing
from bot.divert.outcome import PhoneState
from bot.divert.pause import EVERY, Frozen, Pause
from bot.divert.policy import Freeze
from bot.divert.request import State
from bot.divert.sentence import Card, Mention, ToChannel
from bot.divert.standstill import keeping, stand_still
from bot.divert.transaction import Decided, Run, Transaction
from bot.divert.wording import words_in
from bot.store.ledger import SqlLedger
from bot.work import work_of
from sandbox.cloud.kinds import Kind
from tests.cph.opening import DEMO
from tests.divert.state_machine.judge import come_to_rest, hold
from tests.divert.state_machine.life import HOME
from tests.divert.state_machine.people import ALICE, BOB, CAROL, DAN, EVE, FREE, GUS
from tests.divert.state_machine.stage import Stage, make_database
from tests.divert.state_machine.tells import replies
from tests.divert.state_machine.weather import strike
from tests.store.making import phone_ids, planned, sending

MANY = "name:mobile-*"  # two batches


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    make_database(tmp_path / "ledger.sqlite")
    played = Stage(tmp_path / "ledger.sqlite")
    yield played
    played.close()


def runs(stage: Stage, phones: str = MANY) -> str:
    """A request that has sent a part, and waits to send the rest; its id."""
    strike(stage.sky, "busy", 1, [Kind.IMPORT_TRAFFIC])
    stage.ask(ALICE, f"divert routing {phones}", FREE, 1)
    while not sends(stage):
        stage.go_on()
    return newest(stage)


def newest(stage: Stage) -> str:
    return list(stage.truth().requests)[-1]


def waits(stage: Stage) -> str:
    """A request that waits for two approvals; its id."""
    stage.ask(ALICE, f"divert routing {stage.phones[1].phone_id}", HOME, 1)
    stage.work_on(6)
    return newest(stage)


def sends(stage: Stage) -> int:
    return len(list(stage.sky.cloud.record.found(Kind.IMPORT_TRAFFIC, 0, 0)))


def obey(stage: Stage, person: str = DAN, project: str = EVERY, *, pauses: bool = True) -> str:
    """Give an order and see it carried out; what the person is told."""
    order = stage.order(person, pauses=pauses, project=project)
    stage.work_on_orders()
    return told(stage, order.reply_url)


def told(stage: Stage, reply_url: str) -> str:
    """All that was answered there, each sentence with who is named in it."""
    posts = replies(stage.truth()).get(reply_url, [])
    return " ".join(
        f"{one.template} {[v.id for v in one.values.values() if isinstance(v, Mention)]}"
        for post in posts
        for one in post.post.sentences
    )


def heard(stage: Stage) -> str:
    """What the last click was answered."""
    return told(stage, stage.clicks[-1].reply_url)


def thread(stage: Stage, request_id: str) -> list[str]:
    return [one.post.sentences[0].template for one in stage.truth().thread(request_id)]


def lines(stage: Stage, request_id: str) -> str:
    """The card of a request as it hangs in Slack."""
    stage.act(stage.life.round())
    while any(one.planned_at and one.version > one.shown_version for one in rows(stage)):
        stage.pass_time(11.0)
        stage.work_on(1)
    card = next(card for card in reversed(stage.cards) if card.request_id == request_id)
    return " ".join(one.template for one in card.lines)


def drawn(stage: Stage, request_id: str) -> str:
    """The card as it is to be, whether Slack has it or not."""
    world = stage.life.world

    def draw(tx: Transaction) -> Card:
        request = tx.request(request_id)
        assert request is not None
        return card(world, standing(tx, request))

    return " ".join(one.template for one in stage.do(world.ledger.read(draw)).lines)


def rows(stage: Stage) -> Sequence[Row[Any]]:
    return list(stage.truth().requests.values())


def approve(stage: Stage) -> None:
    for person in (BOB, CAROL):
        stage.press(0, person, Verdict.APPROVE, 0)
        stage.work_on_clicks()


def wait(stage: Stage, seconds: float) -> None:
    """So long, with all that is done meanwhile."""
    until = stage.loop.time() + seconds
    while stage.loop.time() < until:
        stage.work_on(2)
        stage.pass_time(min(10.0, until - stage.loop.time()))
    stage.work_on(1)


def test_a_pause_halts_what_runs_and_it_is_let_go_on(stage: Stage) -> None:
    request_id = runs(stage)
    answer = obey(stage)
    assert "*All projects are paused* by {operator} since {at}: “{reason}”." in answer
    assert stage.truth().state(request_id) is State.HALTED
    before = sends(stage)
    wait(stage, 600.0)
    assert sends(stage) == before
    assert "*Halted:* all projects are paused since {at}: “{reason}”." in thread(stage, request_id)
    assert "*All projects are paused* by {operator}" in lines(stage, request_id)
    counts = stage.truth().counts(request_id)
    assert (counts[PhoneState.SUCCEEDED], counts[PhoneState.PLANNED]) == (6, 100)
    assert "has ended the pause of all projects" in obey(stage, pauses=False)
    assert stage.truth().state(request_id) is State.SENDING
    assert "*The pause is over:* going on where it was halted." in thread(stage, request_id)
    come_to_rest(stage)
    assert stage.truth().state(request_id) is State.DONE


def test_what_has_nothing_left_to_send_is_followed_to_its_end(stage: Stage) -> None:
    stage.ask(ALICE, f"divert routing {stage.phones[1].phone_id}", FREE, 1)
    while not sends(stage):
        stage.go_on()
    obey(stage)
    world, request_id = stage.life.world, newest(stage)

    def asks_to_send(tx: Transaction) -> bool:
        request = tx.request(request_id)
        return request is not None and stand_still(world, tx, request)

    assert stage.do(world.ledger.write(asks_to_send))
    assert stage.truth().state(request_id) is State.SENDING
    wait(stage, 100.0)
    assert stage.truth().state(request_id) is State.DONE


def test_what_is_approved_halts_at_its_start_and_begins_when_it_is_let_go_on(stage: Stage) -> None:
    request_id = waits(stage)
    approve(stage)
    assert stage.truth().state(request_id) is State.APPROVED
    stage.freeze(100.0)
    stage.act(stage.life.run([one for one in stage.due() if one.run == Run.SEND]))
    assert stage.truth().state(request_id) is State.HALTED
    assert stage.truth().requests[request_id].started_at is None
    assert thread(stage, request_id)[-1] == "*Halted by the freeze “{name}”* until {until}."
    wait(stage, 200.0)
    assert stage.truth().state(request_id) is State.DONE
    assert stage.truth().requests[request_id].started_at is not None
    hold(stage)


def test_a_pause_halts_what_is_approved_and_has_not_begun(stage: Stage) -> None:
    request_id = waits(stage)
    approve(stage)
    assert "request stops between two calls" in obey(stage)
    assert stage.truth().state(request_id) is State.HALTED
    wait(stage, 100.0)
    assert sends(stage) == 0
    come_to_rest(stage)
    assert stage.truth().state(request_id) is State.DONE


@pytest.mark.parametrize("kind", ["pause", "freeze"])
def test_nothing_is_approved_meanwhile_and_the_card_says_why(stage: Stage, kind: str) -> None:
    begins = stage.now + timedelta(minutes=2)
    if kind == "freeze":
        stage.set_freezes(Freeze("a freeze", start=begins, until=begins + timedelta(minutes=10)))
    request_id = waits(stage)
    stands = {"pause": "*All projects are paused*", "freeze": "*Freeze “{name}”:*"}[kind]
    assert stands not in lines(stage, request_id)
    if kind == "pause":
        obey(stage)
    wait(stage, 120.0)
    assert stands in lines(stage, request_id)
    approve(stage)
    assert stands in heard(stage)
    assert "Until then no approval counts; the button stays where it is." in heard(stage)
    assert stage.truth().state(request_id) is State.PENDING
    assert "approve" in [one.action for one in stage.cards[-1].buttons]
    if kind == "pause":
        obey(stage, pauses=False)
    wait(stage, 620.0)
    assert stands not in lines(stage, request_id)
    approve(stage)
    assert stage.truth().state(request_id) is State.APPROVED
    hold(stage)


def test_it_may_be_denied_meanwhile(stage: Stage) -> None:
    request_id = waits(stage)
    obey(stage)
    stage.press(0, BOB, Verdict.DENY, 0)
    stage.work_on(1)
    assert stage.truth().state(request_id) is State.DENIED


def test_what_needs_no_approval_is_refused_meanwhile_and_the_rest_may_be_asked_for(
    stage: Stage,
) -> None:
    obey(stage)
    stage.ask(ALICE, f"divert routing {stage.phones[1].phone_id}", FREE, 1)
    stage.work_on(6)
    refused = newest(stage)
    assert stage.truth().state(refused) is State.REFUSED
    answer = told(stage, stage.truth().requests[refused].draft["reply_url"])
    assert "*All projects are paused*" in answer
    assert "would start at once, so nothing was asked for." in answer
    assert "*All projects are paused*" in lines(stage, waits(stage))


def test_go_on_is_refused_while_a_pause_stands(stage: Stage) -> None:
    request_id = runs(stage)
    obey(stage)
    stage.work_on(1)
    stage.press(0, ALICE, Verdict.RESUME, 0)
    stage.work_on_clicks()
    assert "*All projects are paused* by {operator} since {at}" in heard(stage)
    assert "Until then nothing goes on. ['U0DAN']" in heard(stage)
    assert stage.truth().state(request_id) is State.HALTED
    stage.press(0, ALICE, Verdict.CANCEL, 0)
    stage.work_on_clicks()
    assert stage.truth().state(request_id) is State.CANCELLING


def test_what_the_cloud_has_halted_stays_so_and_its_card_tells_of_both(stage: Stage) -> None:
    strike(stage.sky, "in arrears", None, [Kind.IMPORT_TRAFFIC])
    stage.ask(ALICE, f"divert routing {stage.phones[1].phone_id}", FREE, 1)
    stage.work_on(10)
    request_id = newest(stage)
    obey(stage)
    assert "*Halted by {code}:*" in lines(stage, request_id)
    assert "*All projects are paused*" in lines(stage, request_id)
    obey(stage, pauses=False)
    wait(stage, 60.0)
    assert stage.truth().state(request_id) is State.HALTED
    assert "*All projects are paused*" not in lines(stage, request_id)


def test_who_may_no_longer_have_it_stays_halted_until_that_is_mended(stage: Stage) -> None:
    request_id = waits(stage)
    approve(stage)
    obey(stage)
    stage.set_approvers(frozenset({CAROL, DAN}))
    obey(stage, pauses=False)
    lost = "*Still halted:* an approval no longer counts under today's policy. Go on once that is "
    assert stage.truth().state(request_id) is State.HALTED
    assert lost + "mended, or cancel the rest." in thread(stage, request_id)
    assert lost in lines(stage, request_id)
    stage.press(0, CAROL, Verdict.RESUME, 0)
    stage.work_on_clicks()
    assert lost in heard(stage)
    stage.set_approvers(frozenset({BOB, CAROL}))
    stage.press(0, CAROL, Verdict.RESUME, 0)
    stage.work_on_clicks()
    assert stage.truth().state(request_id) is State.SENDING
    hold(stage)


def test_it_goes_on_once_slack_says_who_asked(stage: Stage) -> None:
    request_id = runs(stage)
    stage.work_on(1)
    stage.freeze(60.0)
    wait(stage, 30.0)
    assert stage.truth().state(request_id) is State.HALTED
    stage.workspace.away = True
    wait(stage, 60.0)
    assert stage.truth().state(request_id) is State.HALTED
    assert "it goes on as soon as Slack has said" in drawn(stage, request_id)
    stage.workspace.away = False
    stage.work_on(2)
    assert stage.truth().state(request_id) is State.SENDING


def test_an_operator_is_looked_up_again_where_slack_does_not_answer(stage: Stage) -> None:
    stage.workspace.away = True
    order = stage.order(DAN, pauses=True)
    begun = stage.loop.time()
    stage.act(stage.life.run(stage.due()), _back(stage, 5.0))
    assert "*All projects are paused*" in told(stage, order.reply_url)
    assert stage.loop.time() - begun >= 5.0


async def _back(stage: Stage, seconds: float) -> None:
    await stage.life.world.clock.sleep(seconds)
    stage.workspace.away = False


def test_where_slack_says_nothing_at_all_nothing_is_paused(stage: Stage) -> None:
    stage.workspace.away = True
    answer = obey(stage)
    assert answer == (
        "Slack could not tell me who you are, so nothing was paused or resumed. Please try "
        "again. []"
    )
    assert stage.truth().pauses == []


@pytest.mark.parametrize("person", [EVE, GUS])
def test_others_are_told_who_may(stage: Stage, person: str) -> None:
    answer = obey(stage, person)
    assert answer.startswith("Only operators may pause and resume, and you are none of them")
    assert stage.truth().pauses == []


def test_where_nobody_is_an_operator_that_is_said(stage: Stage) -> None:
    stage.outside.policy.append(replace(stage.outside.policy[-1], operators=()))
    assert "names no operators" in obey(stage)


def test_the_operators_and_where_it_was_typed_hear_of_it(stage: Stage) -> None:
    stage.life.world = replace(stage.life.world, operators_channel="C0NOC")
    stage.life.runner.work = {**work_of(stage.life.world)}
    obey(stage)
    obey(stage, pauses=False)
    posts = [one.post for one in stage.truth().posts if isinstance(one.post.to, ToChannel)]
    assert [one.to.id for one in posts if isinstance(one.to, ToChannel)] == ["C0NOC", HOME] * 2


@pytest.mark.parametrize(
    ("before", "pauses", "project", "answer"),
    [
        ((EVERY,), True, EVERY, "*All projects are paused* by {operator} since {at}: “{reason}”."),
        ((EVERY,), True, DEMO, "*All projects are paused* by {operator} since {at}: “{reason}”."),
        (
            (DEMO,),
            True,
            DEMO,
            "*Project {project} is paused* by {operator} since {at}: “{reason}”.",
        ),
        ((), False, EVERY, "Nothing is paused, so nothing was changed."),
        ((), False, DEMO, "Project {project} is not paused, so nothing was changed."),
        ((EVERY,), False, DEMO, "No project goes on alone meanwhile, so nothing was changed."),
    ],
)
def test_what_cannot_be_done_is_answered(
    stage: Stage, before: tuple[str, ...], pauses: bool, project: str, answer: str
) -> None:
    for one in before:
        obey(stage, project=one)
    stood = len(stage.truth().pauses)
    said = obey(stage, pauses=pauses, project=project)
    assert answer in said
    assert "nothing was changed" in said
    assert len(stage.truth().pauses) == stood
    hold(stage)


def test_to_resume_everything_ends_every_pause(stage: Stage) -> None:
    request_id = runs(stage)
    assert "*Project {project} is paused*" in obey(stage, project=DEMO)
    assert "*All projects are paused*" in obey(stage)
    answer = obey(stage, pauses=False)
    assert "has ended the pause of project {project}" in answer
    assert "has ended the pause of all projects" in answer
    assert stage.truth().state(request_id) is State.SENDING


def test_of_two_operators_at_once_one_pauses_and_the_other_is_told(stage: Stage) -> None:
    orders = [stage.order(DAN, pauses=True, deliveries=2) for _ in range(2)]
    stage.work_on_orders()
    answers = [told(stage, one.reply_url) for one in orders]
    assert sum("It stays so; nothing was changed." in one for one in answers) == 1
    assert len(stage.truth().pauses) == 1


def test_a_freeze_is_seen_before_each_call_and_not_by_the_sweep_alone(stage: Stage) -> None:
    request_id, before = runs(stage), sends(stage)
    stage.freeze(3600.0)
    for _ in range(20):
        stage.pass_time(5.0)
        stage.act(stage.life.run(stage.due()))
    assert sends(stage) == before
    assert stage.truth().state(request_id) is State.HALTED
    hold(stage)


def test_a_freeze_that_the_policy_drops_ends_at_once(stage: Stage) -> None:
    request_id = runs(stage)
    stage.freeze(36_000.0)
    wait(stage, 60.0)
    assert "*Freeze “{name}”:*" in lines(stage, request_id)
    stage.set_freezes()
    stage.work_on(2)
    assert stage.truth().state(request_id) is State.SENDING
    assert "*The freeze is over:* going on where it was halted." in thread(stage, request_id)


def test_a_freeze_without_an_end_lasts_until_the_policy_is_another(stage: Stage) -> None:
    request_id = runs(stage)
    stage.set_freezes(Freeze("for ever", start=stage.now))
    wait(stage, 60.0)
    assert "*Halted by the freeze “{name}”*, which has no end." in thread(stage, request_id)
    assert "without an end." in obey(stage, pauses=False)
    come_to_rest(stage)


def test_a_pause_that_ends_within_a_freeze_leaves_it_to_the_freeze(stage: Stage) -> None:
    request_id = runs(stage)
    obey(stage)
    stage.freeze(600.0)
    wait(stage, 60.0)
    assert "*Freeze “{name}”:*" in obey(stage, pauses=False)
    assert stage.truth().state(request_id) is State.HALTED
    assert "*Halted by the freeze “{name}”* until {until}." in thread(stage, request_id)
    wait(stage, 700.0)
    assert stage.truth().state(request_id) is State.DONE


def test_a_freeze_that_ends_within_a_pause_leaves_it_to_the_pause(stage: Stage) -> None:
    request_id = runs(stage)
    stage.freeze(300.0)
    wait(stage, 60.0)
    obey(stage)
    wait(stage, 400.0)
    assert stage.truth().state(request_id) is State.HALTED
    told_in_thread = thread(stage, request_id)
    assert told_in_thread.count("*Halted by the freeze “{name}”* until {until}.") == 1
    assert any(one.startswith("*Halted:* all projects are paused") for one in told_in_thread)
    come_to_rest(stage)


def test_to_break_the_glass_is_a_way_through_a_freeze_and_not_through_a_pause() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    pause, freeze = Pause(EVERY, DAN, now), Frozen(DEMO, "a freeze", None)
    broken = [Decided(BOB, Verdict.BREAK_GLASS, "fire", now)]
    assert keeping([pause, freeze], broken) == [pause]
    assert keeping([pause, freeze], []) == [pause, freeze]


def test_status_tells_all_that_stands(stage: Stage) -> None:
    obey(stage, project=DEMO)
    stage.pass_time(1.0)
    obey(stage)
    stage.freeze(100.0)
    world, words = stage.life.world, words_in("en")
    told = stage.do(world.ledger.read(lambda tx: all_standing(world, tx, words)))
    assert [one.template.split("*")[1] for one in told] == [
        "Project {project} is paused", "All projects are paused", "Freeze “{name}”:",
    ]  # fmt: skip


def test_an_operator_is_answered_in_their_language(stage: Stage) -> None:
    stage.workspace.people[DAN] = replace(stage.workspace.people[DAN], locale="de-DE")
    assert "*Alle Projekte sind angehalten*" in obey(stage)


def test_what_somebody_has_done_meanwhile_stays_done(stage: Stage) -> None:
    """Each step looks at the request once more, however late it comes."""
    request_id, world = runs(stage), stage.life.world

    def late(work: Callable[[Transaction], None]) -> None:
        before = stage.truth().entries
        stage.act(world.ledger.write(work))
        assert stage.truth().entries == before

    late(lambda tx: going_on._go_on(world, tx, request_id, None))
    late(lambda tx: going_on._wait_on(world, tx, request_id))
    late(lambda tx: going_on._halt(world, tx, [request_id, "D-0000"]))
    obey(stage)
    late(lambda tx: going_on._go_on(world, tx, request_id, None))
    late(lambda tx: going_on._wait_on(world, tx, request_id))
    late(lambda tx: going_on._halt(world, tx, [request_id, "D-0000"]))
    stage.act(going_on._bring_on(world, "D-0000"))
    hold(stage)


def test_what_a_killed_process_has_not_halted_the_sweep_halts(stage: Stage) -> None:
    ledger = stage.life.world.ledger
    assert isinstance(ledger, SqlLedger)
    many = [stage.do(sending(ledger, planned(phone_ids(1)), DEMO)).id for _ in range(40)]

    def states() -> Counter[State]:
        return Counter(stage.truth().state(one) for one in many)

    stage.order(DAN, pauses=True)
    stage.life.fuse.left = 8  # after the first portion
    stage.work_on_orders()
    assert states().keys() == {State.SENDING, State.HALTED}
    stage.act(stage.life.round())
    assert states() == {State.HALTED: 40}
    stage.work_on_orders()
    stage.order(DAN, pauses=False)  # nobody has approved any of them
    stage.life.fuse.left = 50
    stage.work_on_orders()
    stage.act(stage.life.round())
    stage.work_on_orders()
    assert states() == {State.HALTED: 40}
    for one in many:
        first, second = thread(stage, one)
        assert first.startswith("*Halted:* all projects are paused")
        assert second.startswith("*Still halted:* an approval no longer counts")


@pytest.mark.parametrize("points", range(1, 22))
def test_whenever_the_bot_is_killed_the_order_is_carried_out_once(
    stage: Stage, points: int
) -> None:
    request_id = runs(stage)
    for pauses, state in ((True, State.HALTED), (False, State.SENDING)):
        order = stage.order(DAN, pauses=pauses)
        stage.life.fuse.left = points
        stage.work_on_orders()
        stage.kill()
        hold(stage)
        stage.work_on_orders()
        stage.work_on(1)
        assert stage.truth().state(request_id) is state
        assert len(replies(stage.truth())[order.reply_url]) == 1
        hold(stage)
