"""Where durable work runs, and what it is kept through."""

import asyncio
import gc
from pathlib import Path

from bot.divert.transaction import Run
from bot.engine.dbos_config import PAGES, SmallCache, engine_arguments
from bot.engine.durable import Engine, Task


async def test_work_runs_on_the_engines_own_loop_whichever_loop_takes_it(tmp_path: Path) -> None:
    loops = []

    async def work(_: Task) -> None:
        loops.append(asyncio.get_running_loop())

    engine = Engine(f"sqlite:///{tmp_path}/engine.sqlite", "one", {Run.POST: work})
    task = Task("key", "U0ALICE", "post")
    await engine._at_home(Run.POST, task)
    await asyncio.to_thread(lambda: asyncio.run(engine._at_home(Run.POST, task)))
    assert loops == [asyncio.get_running_loop()] * 2
    await engine.destroy(0)


async def test_each_connection_to_sqlite_keeps_few_pages(tmp_path: Path) -> None:
    engine = Engine(f"sqlite:///{tmp_path}/engine.sqlite", "one", {})
    await engine.launch()
    await engine.pending()
    opened = [one for one in gc.get_objects() if isinstance(one, SmallCache)]
    kept = {one.execute("PRAGMA cache_size").fetchone()[0] for one in opened}
    await engine.destroy(0)
    assert kept == {PAGES}
    assert engine_arguments("postgresql://bot@database/bot") == {}
