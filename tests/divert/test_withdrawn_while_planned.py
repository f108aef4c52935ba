"""A request may be withdrawn while its plan is being made again."""

import pytest

from bot.divert import approval
from bot.divert.click import Click, Verdict
from bot.divert.planning import make_plan
from bot.divert.request import State
from tests.divert.state_machine.life import HOME
from tests.divert.state_machine.people import ALICE, BOB
from tests.divert.state_machine.stage import Stage


@pytest.mark.parametrize("nothing_to_change", [False, True])
def test_a_plan_that_comes_too_late_changes_nothing(
    stage: Stage, *, nothing_to_change: bool
) -> None:
    phone = stage.phones[1]
    stage.ask(ALICE, f"divert routing {phone.phone_id}", HOME, 1)
    stage.work_on(4)
    stage.pass_time(3700.0)
    stage.press(0, BOB, Verdict.APPROVE, 0)
    stage.work([0])  # the plan is too old
    if nothing_to_change:
        stage.move_phone(1, stage.phones[0].settled)
    (request_id,) = stage.truth().requests
    world = stage.life.world

    async def withdraw() -> None:
        await world.clock.sleep(0.005)  # the cloud is being asked
        await approval.decide(world, Click("", request_id, ALICE, Verdict.WITHDRAW))

    stage.act(make_plan(world, request_id), withdraw())
    assert stage.truth().state(request_id) is State.WITHDRAWN
