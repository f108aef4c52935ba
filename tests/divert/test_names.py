"""Names are read once in a while, and by one reader at a time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bot.divert.names import LIFE, Names
from bot.divert.ports import Cloud
from bot.divert.progress import FIRST_NEWS, NEXT_NEWS, Reported
from bot.divert.selection import Server
from bot.divert.world import World


class Hand:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Counting:
    """The two lists that names come from, with a count of how often they were read."""

    reads = 0

    async def servers(self, project: str) -> list[Server]:
        self.reads += 1
        await asyncio.sleep(0)
        return [Server(f"id-{project}", f"edge-{self.reads}")]

    async def tags(self, project: str) -> dict[str, tuple[str, ...]]:
        self.reads += 1
        return {"env": (project,)}


def names() -> tuple[Names, Counting, Hand]:
    cloud, clock = Counting(), Hand()
    return Names(cast("Cloud", cloud), clock), cloud, clock


async def test_names_are_read_once_for_all_who_ask_at_the_same_time() -> None:
    kept, cloud, _ = names()
    found = await asyncio.gather(*(kept.servers("demo") for _ in range(10)))
    assert cloud.reads == 1
    assert found == [[Server("id-demo", "edge-1")]] * 10


async def test_a_fleet_that_was_counted_too_long_ago_is_not_known() -> None:
    kept, _, clock = names()
    assert kept.fleet("demo") == 0
    kept.counted("demo", 20_000)
    clock.at += LIFE
    assert (kept.fleet("demo"), kept.fleet("other")) == (20_000, 0)
    clock.at += timedelta(seconds=1)
    assert kept.fleet("demo") == 0


async def test_names_are_read_anew_when_they_are_old_or_must_be_fresh() -> None:
    kept, cloud, clock = names()
    await kept.servers("demo")
    clock.at += LIFE
    await kept.servers("demo")
    assert cloud.reads == 1
    clock.at += timedelta(seconds=1)
    await kept.servers("demo")
    await kept.servers("demo", fresh=True)
    assert cloud.reads == 3


async def test_each_project_and_each_kind_is_kept_apart() -> None:
    kept, cloud, _ = names()
    assert await kept.tags("demo") == {"env": ("demo",)}
    assert await kept.tags("beta") == {"env": ("beta",)}
    await kept.servers("demo")
    assert cloud.reads == 3


async def test_long_work_is_told_after_a_while_and_then_now_and_then() -> None:
    clock, told = Hand(), list[tuple[int, float]]()

    async def tell(share: int, left: float) -> None:
        told.append((share, left))

    world: Any = type("World", (), {"clock": clock})
    reported = Reported(cast("World", world), tell)
    await reported.told(1, 10)
    clock.at += FIRST_NEWS
    await reported.told(2, 10)
    clock.at += NEXT_NEWS - timedelta(seconds=1)
    await reported.told(5, 10)
    assert told == [(20, 40.0)]
    clock.at += timedelta(seconds=1)
    await reported.told(7, 10)
    await reported.told(10, 10)
    assert told == [(20, 40.0), (70, 30.0)]
