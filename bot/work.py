"""Which use-case does which durable work."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
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
    """The use-case of each kind of durable work."""
    does = _UseCases(world)
    return {
        Run.PLAN: does.plan,
        Run.LOOK: does.look,
        Run.DECIDE: does.decide,
        Run.SEND: does.send,
        Run.FOLLOW: does.follow,
        Run.POST: does.post,
        Run.OPERATE: does.operate,
    }


@dataclass(frozen=True, slots=True)
class _UseCases:
    """Each is handed what its task says."""

    world: World

    async def plan(self, task: Task) -> None:
        async with self._pacing(task):
            await make_plan(self.world, task.subject)

    async def look(self, task: Task) -> None:
        asked = {name: task.arguments[name] for name in ("person", "text", "channel", "reply_url")}
        async with self._pacing(task):
            await looking.look(self.world, Look(task.key, project=task.subject, **asked))

    async def decide(self, task: Task) -> None:
        arguments = dict(task.arguments)
        verdict = Verdict(arguments.pop("verdict"))
        await approval.decide(self.world, Click("", task.subject, verdict=verdict, **arguments))

    async def send(self, task: Task) -> None:
        held_since = task.arguments.get("held_since", "")
        async with self._pacing(task):
            await send_slice(self.world, task.subject, task.turn, held_since)

    async def follow(self, task: Task) -> None:
        async with self._pacing(task):
            await follow_round(self.world, task.subject, task.turn)

    async def post(self, task: Task) -> None:
        while not await reporting.post_one(self.world, task.subject):
            await self.world.clock.sleep(POST_WAITS)

    async def operate(self, task: Task) -> None:
        arguments = dict(task.arguments)
        pauses = bool(arguments.pop("pauses"))
        order = Order(task.key, project=task.subject, pauses=pauses, **arguments)
        await pausing.operate(self.world, order)

    def _pacing(self, task: Task) -> AbstractAsyncContextManager[None]:
        return paced(self.world.cloud, self.world.ledger, project_of(task.partition))
