"""Who is written to while a request waits, in which round, and in which language."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.divert.click import Verdict
from bot.divert.policy import Approving, Person
from bot.divert.policy import Stage as ApprovalStage
from bot.divert.reminding import LOOK_AGAIN, Due, Reminder, _tell
from bot.divert.request import Event, State
from bot.divert.sentence import ToPerson
from bot.divert.transaction import Transaction
from tests.divert.asking_people import (
    Another,
    asks,
    card_lines,
    one_round,
    policy,
    waiting,
    written_to,
)
from tests.divert.state_machine.people import ALICE, BOB, CAROL, DAN, EVE
from tests.divert.state_machine.stage import Stage

ONE = ApprovalStage(1, ("approvers",))
UP = ApprovalStage(1, ("approvers",), timedelta(hours=2), ("leads",))
TWO = (ONE, ApprovalStage(1, ("leads",)))
DIRECT = Approving(direct=True)
REMIND = Approving(remind=timedelta(minutes=30))


def test_where_nobody_is_to_be_told_nobody_is(stage: Stage) -> None:
    asks(stage, policy(ONE))
    one_round(stage)
    assert written_to(stage) == []


def test_approvers_are_written_to_at_once_and_once(stage: Stage) -> None:
    asks(stage, policy(ONE, approving=DIRECT))
    reminder = one_round(stage)
    one_round(stage, reminder)
    assert written_to(stage) == [BOB, CAROL], "and no guest"
    assert waiting(stage).note.reminded == 1


def test_each_reminder_goes_to_those_whose_approval_is_still_needed(stage: Stage) -> None:
    asks(stage, policy(*TWO, approving=REMIND))
    stage.press(0, DAN, Verdict.APPROVE, 0)
    stage.work_on(4)
    stage.pass_time(1800)
    reminder = one_round(stage)
    assert written_to(stage) == [BOB, CAROL]
    stage.pass_time(1800)
    one_round(stage, reminder)
    assert written_to(stage) == [BOB, CAROL]
    stage.pass_time(1800)
    one_round(stage, reminder)
    assert written_to(stage) == [BOB, CAROL] * 2


def test_who_has_approved_is_not_reminded(stage: Stage) -> None:
    asks(stage, policy(ApprovalStage(2, ("approvers",)), approving=REMIND))
    stage.press(0, BOB, Verdict.APPROVE, 0)
    stage.work_on(4)
    stage.pass_time(1800)
    one_round(stage)
    assert written_to(stage) == [CAROL]


def test_a_stage_that_has_waited_is_told_to_more_people_once(stage: Stage) -> None:
    request = asks(stage, policy(UP))
    stage.pass_time(7200)
    reminder = one_round(stage)
    one_round(stage, reminder)
    assert written_to(stage) == [BOB, CAROL, DAN]
    assert waiting(stage).note.escalated == (0,)
    assert "approvers have not answered, so leads may approve as well." in card_lines(
        stage, request
    )


def test_it_is_seen_within_minutes_that_too_few_people_are_left(stage: Stage) -> None:
    request = asks(stage, policy(ONE))
    reminder = one_round(stage)
    for gone in (BOB, CAROL):
        stage.workspace.people[gone] = Person(gone, deactivated=True)
    stage.pass_time(LOOK_AGAIN.total_seconds() - 1)
    one_round(stage, reminder)
    assert waiting(stage).note.short == ()
    stage.pass_time(1)
    one_round(stage, reminder)
    assert waiting(stage).note.short == (0,)
    assert written_to(stage) == [EVE]
    assert "*Too few people are in approvers*, so oncall may approve as well." in card_lines(
        stage, request
    )
    stage.pass_time(LOOK_AGAIN.total_seconds())
    one_round(stage, reminder)
    assert written_to(stage) == [EVE], "nothing has changed"


def test_what_is_of_another_policy_is_not_told(stage: Stage) -> None:
    asks(stage, policy(ONE))
    stage.outside.policy.append(policy(ONE, approving=DIRECT))
    one_round(stage)
    stage.outside.policy.append(replace(policy(ONE, approving=DIRECT), rules=()))
    one_round(stage)
    assert written_to(stage) == []


def test_where_slack_does_not_answer_the_next_round_tells(stage: Stage) -> None:
    asks(stage, policy(ONE, approving=DIRECT))
    world = stage.life.world
    one_round(stage, Reminder(replace(world, directory=Another(world, is_deaf=True))))
    assert written_to(stage) == []
    one_round(stage)
    assert written_to(stage) == [BOB, CAROL]


def test_what_waits_no_more_is_forgotten(stage: Stage) -> None:
    asks(stage, policy(ONE, approving=DIRECT))
    reminder = one_round(stage)
    assert len(reminder.looked) == 1
    stage.press(0, ALICE, Verdict.WITHDRAW, 0)
    stage.work_on(2)
    one_round(stage, reminder)
    assert reminder.looked == {}


def due(stage: Stage) -> Due:
    request = waiting(stage)
    return Due(request, 1, (BOB,), 1, (), ())


def tell(stage: Stage, one: Due) -> None:
    world = stage.life.world
    stage.do(world.ledger.write(lambda tx: _tell(world, tx, one)))


@pytest.mark.parametrize("what", ["denied", "noted", "planned again", "gone", "endless"])
def test_what_was_decided_or_changed_between_look_and_word_is_not_told(
    stage: Stage, what: str
) -> None:
    asks(stage, policy(ONE, approving=DIRECT))
    seen, world = due(stage), stage.life.world

    def meanwhile(tx: Transaction) -> None:
        if what == "noted":
            tx.touch(seen.request.id, replace(seen.request.note, left=(7,)))

    stage.do(world.ledger.write(meanwhile))
    if what == "denied":
        stage.press(0, CAROL, Verdict.DENY, 0)
        stage.work_on(4)
        assert stage.truth().state(seen.request.id) is State.DENIED
    if what == "planned again":
        seen = replace(seen, request=replace(seen.request, plan_hash="0" * 64))
    if what == "gone":
        seen = replace(seen, request=replace(seen.request, id="D-NOWHERE"))
    if what == "endless":
        stage.do(world.ledger.write(lambda tx: _without_end(tx, seen)))
        seen = replace(seen, request=waiting(stage))
    tell(stage, seen)
    assert written_to(stage) == []


def _without_end(tx: Transaction, seen: Due) -> None:
    """As no plan is, since each has an end from its rule or from the configuration."""
    again = tx.move(seen.request, Event.REPLAN, "")
    tx.move(again, Event.PLANNED, "", expires_at=None, note=again.note)


def test_people_are_written_to_in_their_language_else_the_project_s(stage: Stage) -> None:
    asks(stage, policy(ONE, approving=DIRECT))
    seen, world = replace(due(stage), to=(BOB, CAROL)), stage.life.world
    german = replace(world, directory=Another(world))
    stage.do(world.ledger.write(lambda tx: _tell(german, tx, seen)))
    posts = [one.post for one in stage.truth().posts]
    told = {
        one.to.user: one.sentences[0].template
        for one in posts
        if isinstance(one.to, ToPerson) and one.to.user in (BOB, CAROL)
    }
    assert told[BOB].startswith("{request} wartet bis {until} auf deine Freigabe")
    assert told[CAROL].startswith("{request} waits for your approval until {until}")
