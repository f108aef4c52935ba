"""Pauses: nothing begins while one stands, and all of it goes on afterwards."""

from bot.divert.click import Verdict
from bot.divert.outcome import PhoneState
from bot.divert.request import State
from bot.divert.standstill import stand_still
from bot.divert.transaction import Transaction
from sandbox.cloud.kinds import Kind
from tests.divert.pausing.deeds import (
    approve,
    heard,
    lines,
    newest,
    obey,
    runs,
    sends,
    thread,
    told,
    wait,
    waits,
)
from tests.divert.state_machine.judge import come_to_rest, hold
from tests.divert.state_machine.people import ALICE, BOB, CAROL, DAN, FREE
from tests.divert.state_machine.stage import Stage
from tests.divert.state_machine.weather import strike


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


def test_a_pause_halts_what_is_approved_and_has_not_begun(stage: Stage) -> None:
    request_id = waits(stage)
    approve(stage)
    assert "request stops between two calls" in obey(stage)
    assert stage.truth().state(request_id) is State.HALTED
    wait(stage, 100.0)
    assert sends(stage) == 0
    come_to_rest(stage)
    assert stage.truth().state(request_id) is State.DONE


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
