"""Who comes too late hears who was first, and nothing that is not so."""

from bot.divert.click import Verdict
from bot.divert.request import State
from bot.divert.sentence import Mention, ToPerson
from tests.divert.state_machine.judge import hold
from tests.divert.state_machine.life import HOME
from tests.divert.state_machine.people import ALICE, BOB, CAROL, FREE
from tests.divert.state_machine.stage import Stage


def asks(stage: Stage, channel: str) -> None:
    stage.ask(ALICE, f"divert routing {stage.phones[1].phone_id}", channel, 1)
    stage.work_on(4)


def heard(stage: Stage, person: str) -> tuple[str, str]:
    """What the person was told last, and of whom."""
    posts = [one.post for one in stage.truth().posts if isinstance(one.post.to, ToPerson)]
    sentence = next(one.sentences[0] for one in reversed(posts) if one.to == _last(stage, person))
    by = sentence.values["by"]
    return sentence.template, by.id if isinstance(by, Mention) else str(by)


def _last(stage: Stage, person: str) -> ToPerson:
    """Where the answer to the person's last click goes."""
    click = next(one for one in reversed(stage.clicks) if one.person == person)
    return ToPerson(person, click.channel, click.reply_url)


def test_who_withdrew_is_named_though_somebody_else_had_approved(stage: Stage) -> None:
    asks(stage, HOME)
    stage.press(0, BOB, Verdict.APPROVE, 0)  # one of two
    stage.work_on(1)
    stage.press(0, ALICE, Verdict.WITHDRAW, 0)
    stage.work_on(1)
    stage.press(0, CAROL, Verdict.APPROVE, 0)
    stage.work_on(1)
    assert heard(stage, CAROL) == ("{request} was withdrawn by {by}.", ALICE)
    hold(stage)


def test_nobody_is_said_to_have_approved_where_nobody_had_to(stage: Stage) -> None:
    asks(stage, FREE)
    stage.press(0, BOB, Verdict.WITHDRAW, 0)
    stage.press(0, ALICE, Verdict.WITHDRAW, 0)
    stage.work_on(1)
    template, by = heard(stage, ALICE)
    assert (template.startswith("{request} was approved by {by}"), by) == (True, "nobody")
    assert {one.state for one in stage.truth().requests.values()} == {State.SENDING}
