"""One piece of durable work in a process of its own, on a disk that is full for a while.

Arguments: the database's file, the table of the engine before whose writing the disk is full.
"""

import asyncio
import logging
import resource
import sys
import threading
from typing import Final

from dbos import DBOS
from sqlalchemy import Engine as SqlEngine
from sqlalchemy import event

from bot.divert.transaction import Run, Start
from bot.engine.durable import Engine, Task
from bot.engine.stranded import Stranded
from bot.engine.takeover import every
from bot.store.database import open_database

FULL_FOR: Final = 2.0  # seconds
LOOK: Final = 0.5  # seconds between two looks for what is stranded
NO_ROOM: Final = 4096  # bytes a file may have; the database has more already


class Disk:
    """Full for a while, once, from the first row of a table on."""

    def __init__(self, table: str) -> None:
        self._begin = f"INSERT INTO main.{table} "
        event.listen(SqlEngine, "before_cursor_execute", self._executes)

    def _executes(self, _: object, __: object, statement: str, *___: object) -> None:
        if self._begin and statement.startswith(self._begin):
            self._begin = ""
            self._limit(NO_ROOM)
            threading.Timer(FULL_FOR, self._limit, [resource.RLIM_INFINITY]).start()

    def _limit(self, size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


async def main(file: str, table: str) -> None:
    done: list[str] = []

    async def work(task: Task) -> None:
        done.append(task.key)

    url = f"sqlite:///{file}"
    engine, database = Engine(url, "me", {Run.LOOK: work}), open_database(url)
    await engine.launch()
    Disk(table)
    await database.write(lambda c: engine.start(c, Start(Run.LOOK, "demo", "demo/look", "one")))
    stranded, stop = Stranded(engine, "me", engine.under_way), asyncio.Event()
    looking = asyncio.create_task(every(LOOK, stranded.queue_again, stop))
    while (status := await DBOS.get_workflow_status_async("one")) is None or (  # noqa: ASYNC110 - the engine sets no event
        status.status in ("ENQUEUED", "PENDING")
    ):
        await asyncio.sleep(LOOK)
    stop.set()
    await looking
    sys.stdout.write(f"{status.status} {len(done)}\n")
    await engine.destroy(0)
    await database.close()


if __name__ == "__main__":
    logging.disable()
    asyncio.run(main(*sys.argv[1:]))
