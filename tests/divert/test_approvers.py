"""Who may approve, and whether there are enough of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.divert.approvers import at_first, people, short
from bot.divert.click import Verdict
from bot.divert.planning import make_plan
from bot.divert.policy import Extent, Place, Rule
from bot.divert.policy import Stage as ApprovalStage
from bot.divert.request import State
from tests.divert.asking_people import Another, asked_of, asks, policy, waiting
from tests.divert.state_machine.life import HOME
from tests.divert.state_machine.people import ALICE, BOB, CAROL, DAN
from tests.divert.state_machine.stage import Stage

ONE = ApprovalStage(1, ("approvers",))
TWO = ApprovalStage(2, ("approvers",))
BOSS = ApprovalStage(1, ("boss",))
NOBODY = ApprovalStage(1, ("nobody",), timedelta(hours=2), ("leads",))


@pytest.mark.parametrize(
    ("stages", "person", "few"),
    [
        ((ONE,), ALICE, ()),
        ((TWO,), ALICE, ()),
        ((TWO,), BOB, (0,)),  # nobody counts for their own request, and a guest for none
        ((ApprovalStage(3, ("approvers",)),), ALICE, (0,)),
        ((NOBODY,), ALICE, (0,)),
        ((ONE, NOBODY), ALICE, (1,)),
        ((BOSS, ONE), ALICE, ()),
        ((BOSS, BOSS), ALICE, (1,)),  # one person counts for one stage
        ((ONE, BOSS, TWO), ALICE, (2,)),  # two people, whom others have taken
    ],
)
def test_a_stage_is_short_that_stays_open_though_everybody_approves(
    stage: Stage, stages: tuple[ApprovalStage, ...], person: str, few: tuple[int, ...]
) -> None:
    request = asks(stage, policy(*stages), person)
    assert request.note.short == few
    assert request.note.left == tuple(one.count for one in stages)
    asked = asked_of(stage, request)
    assert stage.do(short(stage.life.world, asked)) == few, "whoever may approve by now"


def test_who_asked_counts_where_the_rule_lets_them(stage: Stage) -> None:
    assert asks(stage, policy(BOSS, self_approval=True), BOB).note.short == ()


def test_a_stage_that_is_short_is_open_to_others_and_only_to_them_at_first(stage: Stage) -> None:
    request = asks(stage, policy(NOBODY))
    asked = asked_of(stage, request)
    assert asked.roles == ("nobody", "leads")
    assert at_first(asked).roles == ("nobody",)


def test_so_many_people_are_looked_up_as_are_wanted(stage: Stage) -> None:
    request = asks(stage, policy(ONE))
    world, asked = stage.life.world, asked_of(stage, request)
    assert stage.do(people(world, asked, ("approvers", "leads"), 9)) == [BOB, CAROL, DAN]
    assert stage.do(people(world, asked, ("approvers", "leads"), 1)) == [BOB]


def test_a_wait_is_counted_from_the_asking_on(stage: Stage) -> None:
    late = ApprovalStage(1, ("approvers",), timedelta(hours=2), ("leads",))
    request = asks(stage, policy(late))
    again = replace(request, planned_at=stage.now + timedelta(hours=2))
    stage.pass_time(2 * 3600 - 60)
    assert asked_of(stage, again).roles == ("approvers",)
    stage.pass_time(60)
    assert asked_of(stage, again).roles == ("approvers", "leads")


def test_a_plan_is_up_though_slack_does_not_say_who_is_in_a_group(stage: Stage) -> None:
    stage.outside.policy.append(policy(NOBODY))
    stage.ask(ALICE, f"divert routing {stage.phones[1].phone_id}", HOME, 1)
    (request_id,) = stage.truth().requests
    world = replace(stage.life.world, directory=Another(stage.life.world, is_deaf=True))
    stage.do(make_plan(world, request_id))
    assert waiting(stage).note.short == ()


def plan_again(stage: Stage) -> None:
    """Somebody presses Approve on a plan that is too old."""
    stage.pass_time(3700)
    stage.press(0, CAROL, Verdict.APPROVE, 0)
    stage.work_on(8)


def test_the_very_plan_that_was_up_before_keeps_its_approvals(stage: Stage) -> None:
    before = asks(stage, policy(TWO))
    stage.press(0, BOB, Verdict.APPROVE, 0)
    stage.work_on(4)
    plan_again(stage)
    after = waiting(stage)
    assert after.planned_at != before.planned_at
    assert (after.plan_hash, after.note.left) == (before.plan_hash, (1,))
    stage.press(0, CAROL, Verdict.APPROVE, 0)
    stage.work_on(4)
    assert stage.truth().state(after.id) in {State.APPROVED, State.SENDING, State.DONE}


def test_a_plan_on_other_servers_by_name_or_tag_is_another_one_to_approve(stage: Stage) -> None:
    before = asks(stage, policy(TWO))
    stage.press(0, BOB, Verdict.APPROVE, 0)
    stage.work_on(4)
    world, noted = stage.life.world, waiting(stage)
    elsewhere = replace(noted.note, extent=Extent(places=(Place("s", "core-1"),)))
    stage.do(world.ledger.write(lambda tx: tx.touch(noted.id, elsewhere)))
    plan_again(stage)
    after = waiting(stage)
    assert (after.note.voided, after.note.left) == (before.note.voided + 1, (2,))
    assert after.plan_hash != before.plan_hash
    assert stage.truth().decided(after.id, Verdict.APPROVE) == []


def test_what_another_rule_lets_be_asked_for_is_another_one_to_approve(stage: Stage) -> None:
    before = asks(stage, policy(ONE))
    world, noted = stage.life.world, waiting(stage)
    other = replace(noted.note, rule="another")
    stage.do(world.ledger.write(lambda tx: tx.touch(noted.id, other)))
    plan_again(stage)
    assert waiting(stage).note.voided == before.note.voided + 1
    assert waiting(stage).note.rule == Rule("r").name
