"""Durable work on DBOS: queues, the start of work inside a transaction, launch and end.

The bot's own database holds DBOS's tables too, so a change and the work that follows from it
commit together.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions

from bot.divert.failures import Away, is_ledger_away
from bot.divert.transaction import Run, Start
from bot.engine.dbos_config import dbos_config
from bot.engine.quiet import SPACED
from bot.engine.stranded import UnderWay, written_down

POLLING: Final = 0.2  # seconds; DBOS's default of 1 s caps throughput
POSTS: Final = 3  # in as many seconds: Slack takes one a second in a channel, and short bursts
CLICKS_AT_ONCE: Final = 8
THREADS: Final = 4  # of the loop, once DBOS has gone
_FIRST_PAUSE: Final = 0.5  # seconds before work that failed is done again
_LONGEST_PAUSE: Final = 30.0
_FAILURES: Final = "failures"  # the argument that counts them

CLOUD_QUEUE: Final = "cph"
QUEUES: Final[Mapping[Run, str]] = {
    Run.PLAN: CLOUD_QUEUE,
    Run.LOOK: CLOUD_QUEUE,
    Run.SEND: CLOUD_QUEUE,
    Run.FOLLOW: CLOUD_QUEUE,
    Run.POST: "slack",
    Run.DECIDE: "people",
    Run.OPERATE: "operators",  # what stops the rest waits for none of it
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of durable work as it is handed to a use-case."""

    key: str
    partition: str
    subject: str
    turn: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)


Work = Callable[[Task], Awaitable[None]]


class Engine:
    """One process's share of the durable work. There is one in a process."""

    def __init__(self, url: str, executor_id: str, work: Mapping[Run, Work]) -> None:
        self._work = work
        self.under_way = UnderWay()
        self._home = asyncio.get_running_loop()
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()
        logging.getLogger("dbos").addFilter(SPACED)
        DBOS(config=dbos_config(url, executor_id))
        for run in work:
            self._register(run)
        self._client = DBOSClient(
            system_database_url=url, serializer=DBOSPortableJSONSerializer(), lazy=True
        )

    def _register(self, run: Run) -> None:
        async def body(
            key: str, partition: str, subject: str, turn: str, arguments: dict[str, str]
        ) -> None:
            task = Task(key, partition, subject, turn, arguments)
            with self.under_way.holding(DBOS.workflow_id or ""):
                await written_down(run, partial(self._at_home, run, task))

        body.__qualname__ = run
        DBOS.workflow(name=run, max_recovery_attempts=None)(body)

    async def _at_home(self, run: Run, task: Task) -> None:
        """On the loop the engine was made in: its clients belong to that one.

        DBOS takes a loop of its own for work that comes while ours does not turn.
        """
        work = self._endure(run, task)
        if asyncio.get_running_loop() is self._home:
            await work
        else:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._home))

    async def rest(self, seconds: float) -> bool:
        """Wait until no slice or round is in flight; False where that takes longer."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _do(self, run: Run, task: Task) -> None:
        """Do the work once, counted while it talks to the cloud."""
        counted = int(QUEUES[run] == CLOUD_QUEUE)
        self._busy += counted
        if counted:
            self._idle.clear()
        try:
            await self._work[run](task)
        finally:
            self._busy -= counted
            if not self._busy:
                self._idle.set()

    async def _endure(self, run: Run, task: Task) -> None:
        """Do the work; what fails is done again, for a chain must not break.

        Work on the cloud goes to the end of its queue, so that others have their turn. While the
        process stops, unfinished work stays pending and is taken over later.
        """
        pause = 0.0
        while (wait := await self._failed(run, task)) is not None:
            pause = min(max(wait, 2 * pause), _LONGEST_PAUSE)
            if QUEUES[run] == CLOUD_QUEUE and await self._is_put_off(run, task, pause):
                return
            await asyncio.sleep(pause)

    async def _is_put_off(self, run: Run, task: Task, pause: float) -> bool:
        """False where the queue cannot be written either: then the work waits here."""
        try:
            await asyncio.to_thread(self._put_off, run, task, pause)
        except Exception as failure:  # noqa: BLE001 - whatever it was, the chain must not break
            _log.info("%s %s is not queued again: %s", run, task.subject, type(failure).__name__)
            return False
        return True

    async def _failed(self, run: Run, task: Task) -> float | None:
        """Do the work once; None if it is done, else the least seconds before it is done again."""
        try:
            await self._do(run, task)
        except Away as away:
            _log.info("%s %s waits for Slack: %s", run, task.subject, away)
            return max(away.wait, _FIRST_PAUSE)
        except Exception as failure:  # noqa: BLE001 - whatever it was, the chain must not break
            if is_ledger_away(failure):  # the watch tells of it, once
                _log.info("%s %s waits for the ledger", run, task.subject)
            else:
                _log.exception("%s %s failed and is done again", run, task.subject)
            return _FIRST_PAUSE
        return None

    def _put_off(self, run: Run, task: Task, pause: float) -> None:
        failures = int(task.arguments.get(_FAILURES, "0")) + 1
        delay = min(pause * 2**failures, _LONGEST_PAUSE)
        options = EnqueueOptions(
            workflow_name=run,
            queue_name=QUEUES[run],
            queue_partition_key=task.partition,
            workflow_id=f"{task.key}!{failures}",
            delay_seconds=delay,
        )
        arguments = {**task.arguments, _FAILURES: str(failures)}
        self._client.enqueue(options, task.key, task.partition, task.subject, task.turn, arguments)

    async def launch(self) -> None:
        """Start running queued work on the loop that runs now."""
        DBOS.launch()  # in the loop: DBOS then runs async work on it
        await DBOS.register_queue_async(
            CLOUD_QUEUE, partition_concurrency=1, polling_interval_sec=POLLING
        )
        await DBOS.register_queue_async(
            "slack",
            partition_concurrency=1,
            partition_limiter={"limit": POSTS, "period": float(POSTS)},
            polling_interval_sec=POLLING,
        )
        await DBOS.register_queue_async("operators", polling_interval_sec=POLLING)
        await DBOS.register_queue_async(
            "people", worker_concurrency=CLICKS_AT_ONCE, polling_interval_sec=POLLING
        )

    def start(self, connection: Any, start: Start) -> None:  # noqa: ANN401 - opaque by design
        """Begin work when the transaction of `connection` commits; a known key begins nothing."""
        options = EnqueueOptions(
            workflow_name=start.run, queue_name=QUEUES[start.run], workflow_id=start.key
        )
        if start.partition:
            options["queue_partition_key"] = start.partition
        if start.delay > 0:
            options["delay_seconds"] = start.delay
        self._client.enqueue_in_transaction(
            connection,
            options,
            start.key,
            start.partition,
            start.subject,
            start.turn,
            dict(start.arguments),
        )

    async def pending(self) -> dict[str, str]:
        """The work that has begun and not ended: by its id, whose it is."""
        found = await DBOS.list_workflows_async(
            status="PENDING", load_input=False, load_output=False
        )
        return {work.workflow_id: work.executor_id or "" for work in found}

    async def queue_again(self, ids: Sequence[str]) -> None:
        """Let pending work of the dead begin anew, each in its queue."""
        found = await DBOS.list_workflows_async(
            workflow_ids=list(ids), load_input=False, load_output=False
        )
        for work in found:
            await DBOS.resume_workflow_async(work.workflow_id, queue_name=work.queue_name)

    async def destroy(self, seconds: int) -> None:
        """Stop running work, once what has just ended is written down or these seconds are over.

        In a thread: in the loop it would freeze everything for seconds.
        """
        await asyncio.to_thread(
            DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=seconds
        )
        # DBOS took the loop's default executor with it.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        await asyncio.to_thread(self._client.destroy)
