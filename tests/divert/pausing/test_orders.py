"""Operators pause and resume; others are told who may, and what cannot be done is answered."""

from dataclasses import replace

import pytest

from bot.divert.halt_lines import all_standing
from bot.divert.pause import EVERY
from bot.divert.request import State
from bot.divert.sentence import ToChannel
from bot.divert.wording import words_in
from bot.work import work_of
from tests.cph.opening import DEMO
from tests.divert.pausing.deeds import obey, runs, told
from tests.divert.state_machine.judge import hold
from tests.divert.state_machine.life import HOME
from tests.divert.state_machine.people import DAN, EVE, GUS
from tests.divert.state_machine.stage import Stage


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
