"""Which use-case does which durable work."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Final

from bot.divert import approval, looking, pausing, reporting
from bot.divert.click import Click, Verdict
from bot.divert.following import follow_round
from bot.divert.look import Look
from bot.divert.order import Order
from bot.divert.pacing import paced
from bot.divert.planning import make_plan
from bot.divert.sending import send_slice
from bot.divert.transaction import Run
from bot.divert.turns import project_of
from bot.divert.world import World
from bot.engine.durable import Task, Work

POST_WAITS: Final = 0.3  # seconds a post waits for its card


def work_of(world: World) -> Mapping[Run, Work]:
    """Which use-case does which durable work."""

    def pacing(task: Task) -> AbstractAsyncContextManager[None]:
        return paced(world.cloud, world.ledger, project_of(task.partition))

    async def plan(task: Task) -> None:
        async with pacing(task):
            await make_plan(world, task.subject)

    async def look(task: Task) -> None:
        asked = {name: task.arguments[name] for name in ("person", "text", "channel", "reply_url")}
        async with pacing(task):
            await looking.look(world, Look(task.key, project=task.subject, **asked))

    async def decide(task: Task) -> None:
        arguments = dict(task.arguments)
        verdict = Verdict(arguments.pop("verdict"))
        await approval.decide(world, Click("", task.subject, verdict=verdict, **arguments))

    async def send(task: Task) -> None:
        held_since = task.arguments.get("held_since", "")
        async with pacing(task):
            await send_slice(world, task.subject, task.turn, held_since)

    async def follow(task: Task) -> None:
        async with pacing(task):
            await follow_round(world, task.subject, task.turn)

    async def post(task: Task) -> None:
        while not await reporting.post_one(world, task.subject):
            await world.clock.sleep(POST_WAITS)

    async def operate(task: Task) -> None:
        arguments = dict(task.arguments)
        pauses, key = bool(arguments.pop("pauses")), task.key
        await pausing.operate(world, Order(key, project=task.subject, pauses=pauses, **arguments))

    return {
        Run.PLAN: plan,
        Run.LOOK: look,
        Run.DECIDE: decide,
        Run.SEND: send,
        Run.FOLLOW: follow,
        Run.POST: post,
        Run.OPERATE: operate,
    }
