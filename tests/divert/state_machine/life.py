"""One process of the bot: everything that is lost when it is killed."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final, Self

import httpx
from sqlalchemy import Row

from bot.cph.client import CphCloud
from bot.divert import approval, reporting
from bot.divert.card import card, standing
from bot.divert.going_on import settle
from bot.divert.names import Names
from bot.divert.pacing import take_over
from bot.divert.policy import Policy
from bot.divert.transaction import Run
from bot.divert.wording import words_in
from bot.divert.world import Project, Times, World
from bot.engine.durable import Task
from bot.slack.painter import Painter
from bot.work import POST_WAITS, work_of
from tests.cph.opening import DEMO, FAST, access
from tests.cph.virtual import VirtualClock
from tests.divert.state_machine.fuse import Fuse
from tests.divert.state_machine.gateway import Gateway, OnSend, Sky
from tests.divert.state_machine.slack import Channel, Directory, NoFiles, Workspace
from tests.divert.state_machine.store import Inline, Timed
from tests.divert.state_machine.works import Again, Runner, begin, place_of

HOME: Final = "C0OPS"
CLOUD: Final = "http://cloud"
# Jobs that hang are given up after fewer rounds than usual, and nothing else changes by it.
TIMES: Final = Times(poll=timedelta(seconds=20), job_deadline=timedelta(minutes=8))


@dataclass(frozen=True, slots=True)
class Outside:
    """What outlives a process."""

    url: str
    sky: Sky
    workspace: Workspace
    policy: "list[Policy]"  # the one in force is the last


@dataclass(slots=True)
class Life:
    fuse: Fuse
    database: Inline
    world: World
    painter: Painter
    runner: Runner

    @classmethod
    async def begin(cls, outside: Outside, on_send: OnSend) -> Self:
        fuse = Fuse()
        database = Inline(outside.url, fuse)
        world = _world(outside, fuse, database, on_send)
        await take_over(world.cloud, world.ledger, DEMO)
        painter = Painter(
            world.ledger,
            world.channel,
            lambda tx, request: card(world, standing(tx, tx.request(request.id) or request)),
            lambda name: world.projects[name].channel,
            VirtualClock().monotonic,
        )
        return cls(fuse, database, world, painter, Runner(database, _works(world)))

    async def run(self, rows: Sequence[Row[Any]]) -> None:
        """Do these side by side, without those whose partition is taken by one before."""
        taken: dict[tuple[str, str], Row[Any]] = {}
        for row in rows:
            taken.setdefault(place_of(row), row)
        await self.live(*(self.runner.do(row) for row in taken.values()))

    async def round(self) -> None:
        """What is done again and again: the cards, and the sweep."""
        expire = self.world.ledger.write(partial(approval.expire, self.world))
        await self.live(self.painter.round(), expire, settle(self.world))

    async def live(self, *works: Coroutine[Any, Any, object]) -> None:
        """Do all of it, or as much as a process does that is killed in the middle."""
        tasks = [asyncio.create_task(work) for work in works]
        for ended in asyncio.as_completed(tasks):
            try:
                await ended
            except BaseException:
                if not self.fuse.dead:
                    raise
                await _bury(tasks)
                return


async def _bury(tasks: Sequence[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _works(world: World) -> dict[Run, Any]:
    """The bot's own, but a post that waits for its card gives way."""

    async def post(task: Task) -> None:
        if not await reporting.post_one(world, task.subject):
            raise Again(POST_WAITS)

    return {**work_of(world), Run.POST: post}


def _world(outside: Outside, fuse: Fuse, database: Inline, on_send: OnSend) -> World:
    clock = VirtualClock()
    http = httpx.AsyncClient(transport=Gateway(outside.sky, fuse, on_send), trust_env=False)
    cloud = CphCloud({DEMO: access(CLOUD)}, FAST, http, clock)
    return World(
        ledger=Timed(database, begin),
        cloud=cloud,
        names=Names(cloud, clock),
        directory=Directory(outside.workspace),
        files=NoFiles(),
        channel=Channel(outside.workspace, fuse),
        clock=clock,
        policy=lambda: outside.policy[-1],
        projects={DEMO: Project(DEMO, HOME)},
        words=words_in,
        times=TIMES,
        concurrency=3,
    )
