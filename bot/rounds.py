"""What is done again and again, each by whichever process holds its lease."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.divert import approval
from bot.divert.card import card, standing
from bot.divert.going_on import settle
from bot.divert.reminding import Reminder
from bot.divert.request import Request
from bot.divert.sentence import Card
from bot.divert.transaction import Transaction
from bot.divert.world import World
from bot.engine.retention import KEPT, forget_finished
from bot.engine.takeover import Takeover
from bot.slack.painter import Painter
from bot.store.database import Database
from bot.store.retention import forget_posts, forget_requests

PAINT: Final = 0.5  # seconds between two rounds
SWEEP: Final = 2.0
REMIND: Final = 3.0
FORGET: Final = 3600.0
LEASE: Final = 10.0  # seconds a lease lasts without being renewed


@dataclass(frozen=True, slots=True)
class Round:
    """Work that is done every so many seconds, under a lease of so many."""

    seconds: float
    work: Callable[[], Awaitable[None]]
    lease: float = LEASE


def rounds(world: World, takeover: Takeover, database: Database) -> Mapping[str, Round]:
    """The painter, the sweep and the retention, by the names of their leases."""

    async def sweep() -> None:
        await takeover.sweep()
        await settle(world)
        await world.ledger.write(partial(approval.expire, world))

    async def forget() -> None:
        await forget_old(world, database)

    return {
        "painter": Round(PAINT, _painter(world).round),
        "sweep": Round(SWEEP, sweep),
        "reminders": Round(REMIND, Reminder(world).round),
        # The lease lasts until the next round, so one process does it, once an hour.
        "retention": Round(FORGET, forget, lease=FORGET),
    }


def _painter(world: World) -> Painter:
    def draw(tx: Transaction, request: Request) -> Card:
        return card(world, standing(tx, tx.request(request.id) or request))

    return Painter(
        world.ledger, world.channel, draw, lambda name: world.projects[name].channel,
        time.monotonic,
    )  # fmt: skip


async def forget_old(world: World, database: Database) -> None:
    """Delete all that is over and was kept long enough."""
    closed, finished = _ago(world, world.times.keep), _ago(world, KEPT)
    await _portions(world, lambda: forget_finished(finished))
    await _portions(world, lambda: forget_requests(database, closed))
    await _portions(world, lambda: forget_posts(database, closed))


def _ago(world: World, span: timedelta) -> datetime:
    return world.clock.now() - span


async def _portions(world: World, portion: Callable[[], Awaitable[int]]) -> None:
    """One portion after the other until none is left, or the bot stops.

    In between, others have the database for as long as the portion took, so that any rate of
    requests is kept up with, and none is held up.
    """
    while not world.stopping():
        began = time.monotonic()
        if not await portion():
            return
        await world.clock.sleep(time.monotonic() - began)
