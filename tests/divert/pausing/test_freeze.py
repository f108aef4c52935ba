"""Freezes of the policy: nothing begins while one lasts, and it goes on by itself afterwards."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.divert.click import Verdict
from bot.divert.pause import EVERY, Frozen, Pause
from bot.divert.policy import Freeze
from bot.divert.request import State
from bot.divert.standstill import keeping
from bot.divert.transaction import Decided, Run
from tests.cph.opening import DEMO
from tests.divert.pausing.deeds import (
    approve,
    drawn,
    heard,
    lines,
    obey,
    runs,
    sends,
    thread,
    wait,
    waits,
)
from tests.divert.state_machine.judge import come_to_rest, hold
from tests.divert.state_machine.people import BOB, DAN
from tests.divert.state_machine.stage import Stage


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
