"""Who may stop a run or let it go on, who reviews a broken glass, and who hears of a decision."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.divert.approval import decide
from bot.divert.click import Verdict
from bot.divert.policy import Effect, Freeze, Person, Policy, Rule
from bot.divert.policy import Stage as ApprovalStage
from bot.divert.request import State
from bot.divert.sentence import InThread, Post, ToChannel, ToPerson
from bot.slack.mrkdwn import mrkdwn
from sandbox.cloud.kinds import Kind
from tests.divert.asking_people import Another, asks, policy, waiting
from tests.divert.state_machine.people import ALICE, BOB, CAROL, DAN, EVE, FREE, GUS
from tests.divert.state_machine.stage import Stage
from tests.divert.state_machine.weather import strike

ONE = ApprovalStage(1, ("approvers",))


def breakable() -> Policy:
    """One approval, and a glass that Eve and Bob may break."""
    plain = policy(ONE)
    glass = Rule("g", who=("oncall", "boss"), effect=Effect.BREAK_GLASS)
    return replace(plain, rules=(*plain.rules, glass))


def clicks(stage: Stage, person: str, verdict: Verdict) -> list[str]:
    """Press a button of the only request; what the person alone is told."""
    stage.press(0, person, verdict, 0)
    url = stage.clicks[-1].reply_url
    stage.work_on_clicks()
    return [text(one.post) for one in stage.truth().posts if _to(one.post).reply_url == url]


def _to(post: Post) -> ToPerson:
    return post.to if isinstance(post.to, ToPerson) else ToPerson("")


def text(post: Post) -> str:
    return " ".join(mrkdwn(one) for one in post.sentences)


def directly(stage: Stage, person: str) -> list[str]:
    """What somebody was told in direct messages."""
    posts = [one.post for one in stage.truth().posts]
    return [text(one) for one in posts if one.to == ToPerson(person)]


def state(stage: Stage) -> State:
    (request_id,) = stage.truth().requests
    return stage.truth().state(request_id)


def halted(stage: Stage) -> None:
    """A run that the cloud has stopped."""
    asks(stage, breakable(), direct=True)
    strike(stage.sky, "in arrears", 1, [Kind.IMPORT_TRAFFIC])
    clicks(stage, BOB, Verdict.APPROVE)
    stage.work_on(6)
    assert state(stage) is State.HALTED


@pytest.mark.parametrize("person", [ALICE, BOB, CAROL])
def test_who_asked_and_who_may_approve_stop_a_run(stage: Stage, person: str) -> None:
    halted(stage)
    assert clicks(stage, person, Verdict.CANCEL) == []
    assert state(stage) is State.CANCELLING


@pytest.mark.parametrize("person", [DAN, EVE, GUS])
@pytest.mark.parametrize("verdict", [Verdict.CANCEL, Verdict.RESUME])
def test_nobody_else_does(stage: Stage, person: str, verdict: Verdict) -> None:
    halted(stage)
    (told,) = clicks(stage, person, verdict)
    assert told.startswith("Only who asked for this, or who may approve it")
    assert state(stage) is State.HALTED


def test_who_asked_and_is_a_guest_by_now_stops_nothing(stage: Stage) -> None:
    halted(stage)
    stage.workspace.people[ALICE] = Person(ALICE, guest=True)
    (told,) = clicks(stage, ALICE, Verdict.CANCEL)
    assert told.startswith("Only who asked for this")


def test_a_run_whose_asker_is_gone_is_stopped_and_not_let_go_on(stage: Stage) -> None:
    halted(stage)
    stage.workspace.people[ALICE] = Person(ALICE, deactivated=True)
    (told,) = clicks(stage, BOB, Verdict.RESUME)
    assert told.endswith("To them it says: This account is deactivated.")
    assert clicks(stage, BOB, Verdict.CANCEL) == []
    assert state(stage) is State.CANCELLING


@pytest.mark.parametrize(("person", "may"), [(DAN, False), (EVE, True), (CAROL, True)])
def test_where_its_rule_is_gone_operators_and_who_approves_in_the_project_stop_it(
    stage: Stage, person: str, *, may: bool
) -> None:
    halted(stage)
    other = Rule("other", who=("leads",), approvals=(ONE,))
    stage.outside.policy.append(replace(breakable(), rules=(other,)))
    assert (clicks(stage, person, Verdict.CANCEL) == []) is may


@pytest.mark.parametrize("person", [ALICE, BOB, CAROL])
def test_the_same_people_let_it_go_on(stage: Stage, person: str) -> None:
    halted(stage)
    assert clicks(stage, person, Verdict.RESUME) == []
    stage.work_on(12)
    assert state(stage) is State.DONE
    posts = [one.post for one in stage.truth().posts if isinstance(one.post.to, InThread)]
    assert "Going on where it was halted." in map(text, posts)


def test_what_has_not_begun_is_cancelled_at_once(stage: Stage) -> None:
    asks(stage, breakable(), direct=True)
    clicks(stage, BOB, Verdict.APPROVE)
    assert state(stage) is State.APPROVED
    assert clicks(stage, ALICE, Verdict.CANCEL) == []
    assert state(stage) is State.CANCELLED


def test_what_another_policy_let_be_approved_is_planned_again_and_asked_for_anew(
    stage: Stage,
) -> None:
    before = asks(stage, policy(ApprovalStage(2, ("approvers",))))
    clicks(stage, BOB, Verdict.APPROVE)
    stage.outside.policy.append(policy(ApprovalStage(2, ("approvers", "leads"))))
    (told,) = clicks(stage, CAROL, Verdict.APPROVE)
    assert "so approvals of it are void" in told
    posts = [one.post for one in stage.truth().posts if isinstance(one.post.to, InThread)]
    assert any("approvals are void" in text(one) for one in posts)
    stage.work_on(6)
    after = waiting(stage)
    assert (after.note.voided, after.note.left) == (before.note.voided + 1, (2,))
    assert stage.truth().decided(after.id, Verdict.APPROVE) == []


def test_what_is_over_is_stopped_by_nobody(stage: Stage) -> None:
    halted(stage)
    clicks(stage, BOB, Verdict.CANCEL)
    (told,) = clicks(stage, CAROL, Verdict.CANCEL)
    assert f"was cancelled by <@{BOB}>" in told


def test_who_asked_and_may_no_longer_hears_it_as_said_to_them(stage: Stage) -> None:
    asks(stage, policy(ONE), BOB)
    stage.outside.policy.append(replace(policy(ONE), rules=()))
    (told,) = clicks(stage, BOB, Verdict.APPROVE)
    assert told.startswith("No rule of the policy lets you")
    (told,) = clicks(stage, CAROL, Verdict.APPROVE)
    assert told.startswith(f"<@{BOB}>, who asked for this, may no longer ask for it")


def test_who_comes_too_late_hears_who_was_first_though_the_asker_is_gone(stage: Stage) -> None:
    asks(stage, policy(ONE), direct=True)
    clicks(stage, BOB, Verdict.APPROVE)
    stage.workspace.people[ALICE] = Person(ALICE, deactivated=True)
    (told,) = clicks(stage, CAROL, Verdict.APPROVE)
    assert f"was approved by <@{BOB}> before you" in told


def test_nothing_goes_on_in_a_freeze(stage: Stage) -> None:
    halted(stage)
    freeze = Freeze("year end", start=stage.now, until=stage.now + timedelta(hours=1))
    stage.outside.policy.append(replace(breakable(), freezes=(freeze,)))
    (told,) = clicks(stage, BOB, Verdict.RESUME)
    assert "year end" in told
    assert state(stage) is State.HALTED


def broken(stage: Stage, person: str) -> None:
    asks(stage, breakable(), channel=FREE)
    assert clicks(stage, person, Verdict.BREAK_GLASS) == []
    stage.work_on(8)
    assert state(stage) in {State.SENDING, State.DONE}


def test_everybody_hears_of_a_broken_glass(stage: Stage) -> None:
    broken(stage, BOB)
    assert directly(stage, ALICE)[0].startswith(f"<@{BOB}> broke the glass and runs your request")
    posts = [one.post for one in stage.truth().posts]
    (desk,) = [text(one) for one in posts if isinstance(one.to, ToChannel)]
    assert desk.endswith(f"To be reviewed on its card by <@{CAROL}>, <@{EVE}>, <@{GUS}>.")
    thread = [text(one) for one in posts if isinstance(one.to, InThread)]
    assert "Started without approval, by breaking the glass: “”" in thread


def test_who_runs_their_own_request_is_not_told_so(stage: Stage) -> None:
    asks(stage, breakable(), BOB, channel=FREE)
    clicks(stage, BOB, Verdict.BREAK_GLASS)
    assert directly(stage, BOB) == []


@pytest.mark.parametrize("person", [EVE, CAROL])
def test_operators_and_approvers_review_it_once(stage: Stage, person: str) -> None:
    broken(stage, BOB)
    assert clicks(stage, person, Verdict.REVIEW) == []
    other = CAROL if person == EVE else EVE
    (told,) = clicks(stage, other, Verdict.REVIEW)
    assert f"was reviewed by <@{person}> already" in told


def test_nobody_reviews_what_they_did_nor_does_a_guest_or_a_stranger(stage: Stage) -> None:
    broken(stage, BOB)
    others = f"This is for somebody else to review: <@{CAROL}>, <@{EVE}>, <@{GUS}>."
    assert clicks(stage, BOB, Verdict.REVIEW) == [others]
    assert clicks(stage, DAN, Verdict.REVIEW) == [others]
    assert clicks(stage, GUS, Verdict.REVIEW) == ["Guests may not do this."]
    (request_id,) = stage.truth().requests
    assert stage.truth().decided(request_id, Verdict.REVIEW) == []


def test_there_is_nothing_to_review_where_no_glass_was_broken(stage: Stage) -> None:
    asks(stage, breakable())
    (told,) = clicks(stage, EVE, Verdict.REVIEW)
    assert told.startswith("I know no request for this button")


def test_who_asked_hears_of_it_in_their_language(stage: Stage) -> None:
    asks(stage, policy(ONE), BOB)
    world = stage.life.world
    stage.press(0, CAROL, Verdict.DENY, 0)
    stage.do(decide(replace(world, directory=Another(world)), stage.clicks[-1]))
    assert directly(stage, BOB)[0].startswith(f"<@{CAROL}> hat deine Anfrage")
