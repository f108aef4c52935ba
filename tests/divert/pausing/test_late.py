"""A pause that comes late, or again after a kill, is carried out once."""

from collections import Counter
from collections.abc import Callable

import pytest

from bot.divert import going_on
from bot.divert.request import State
from bot.divert.transaction import Transaction
from bot.store.ledger import SqlLedger
from tests.cph.opening import DEMO
from tests.divert.pausing.deeds import obey, runs, thread
from tests.divert.state_machine.judge import hold
from tests.divert.state_machine.people import DAN
from tests.divert.state_machine.stage import Stage
from tests.divert.state_machine.tells import replies
from tests.store.making import phone_ids, planned, sending


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
