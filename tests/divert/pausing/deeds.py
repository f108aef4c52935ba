"""What is done with requests that a pause or a freeze keeps, and how they are looked at."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from bot.divert.card import card, standing
from bot.divert.click import Verdict
from bot.divert.pause import EVERY
from bot.divert.sentence import Card, Mention
from bot.divert.transaction import Transaction
from sandbox.cloud.kinds import Kind
from tests.divert.state_machine.life import HOME
from tests.divert.state_machine.people import ALICE, BOB, CAROL, DAN, FREE
from tests.divert.state_machine.stage import Stage
from tests.divert.state_machine.tells import replies
from tests.divert.state_machine.weather import strike

MANY = "name:mobile-*"  # two batches


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
