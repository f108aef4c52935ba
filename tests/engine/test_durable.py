"""Where durable work runs."""

import asyncio
from pathlib import Path

from bot.divert.transaction import Run
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
