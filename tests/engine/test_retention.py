"""Finished work goes, unfinished work stays."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dbos import DBOS, WorkflowHandleAsync
from sqlalchemy import create_engine

from bot.divert.transaction import Run, Start
from bot.engine.durable import Engine, Task
from bot.engine.retention import forget_finished


@dataclass
class Shop:
    """An engine that runs; work named `held` does not end before it is released."""

    url: str
    done: list[str] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.engine = Engine(self.url, "one", {Run.DECIDE: self._work})
        self._database = create_engine(self.url)

    async def _work(self, task: Task) -> None:
        if task.subject == "held":
            self.begun.set()
            await self.release.wait()
        self.done.append(task.key)

    def start(self, key: str, subject: str = "", delay: float = 0.0) -> None:
        with self._database.begin() as connection:
            self.engine.start(connection, Start(Run.DECIDE, subject, "", key, delay=delay))

    async def ended(self, *keys: str) -> None:
        async with asyncio.timeout(10):
            for key in keys:
                work: WorkflowHandleAsync[None] = await DBOS.retrieve_workflow_async(key)
                await work.get_result()

    async def close(self) -> None:
        self.release.set()
        await self.engine.destroy(2)
        self._database.dispose()


async def ids() -> set[str]:
    found = await DBOS.list_workflows_async()
    return {one.workflow_id for one in found}


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened = Shop(f"sqlite:///{tmp_path}/engine.sqlite")
    await opened.engine.launch()
    yield opened
    await opened.close()


async def test_finished_work_goes_in_portions_and_unfinished_work_stays(shop: Shop) -> None:
    shop.start("later", delay=600)
    shop.start("running", subject="held")
    for key in ("first", "second", "third"):
        shop.start(key)
    await shop.ended("first", "second", "third")
    await shop.begun.wait()
    now = datetime.now(UTC)
    assert [await forget_finished(now, 2) for _ in range(3)] == [2, 1, 0]
    assert await ids() == {"later", "running"}
    shop.release.set()
    await shop.ended("running")


async def test_work_that_ended_later_stays_and_its_key_starts_nothing(shop: Shop) -> None:
    shop.start("once")
    await shop.ended("once")
    began = datetime.fromtimestamp(0, UTC)
    assert await forget_finished(began) == 0
    shop.start("once")
    shop.start("other")
    await shop.ended("other")
    assert shop.done == ["once", "other"]
