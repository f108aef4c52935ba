"""Which use-case does which durable work."""

from collections.abc import Mapping
from typing import Final

from bot.divert import approval, reporting
from bot.divert.click import Click, Verdict
from bot.divert.following import follow_round
from bot.divert.planning import make_plan
from bot.divert.ports import Run
from bot.divert.sending import send_slice
from bot.divert.world import World
from bot.engine.durable import Task, Work

POST_WAITS: Final = 0.3  # seconds a post waits for its card


def work_of(world: World) -> Mapping[Run, Work]:
    """Which use-case does which durable work."""

    async def plan(task: Task) -> None:
        await make_plan(world, task.subject)

    async def decide(task: Task) -> None:
        arguments = dict(task.arguments)
        verdict = Verdict(arguments.pop("verdict"))
        await approval.decide(world, Click("", task.subject, verdict=verdict, **arguments))

    async def send(task: Task) -> None:
        await send_slice(world, task.subject, task.turn)

    async def follow(task: Task) -> None:
        await follow_round(world, task.subject, task.turn)

    async def post(task: Task) -> None:
        while not await reporting.post_one(world, task.subject):
            await world.clock.sleep(POST_WAITS)

    return {Run.PLAN: plan, Run.DECIDE: decide, Run.SEND: send, Run.FOLLOW: follow, Run.POST: post}
