"""Work of a dead process goes on in a living one.

Each process has its own executor id at every start and beats in the roster. Whoever holds the
sweep's lease queues the work of executors that stopped beating.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

BEAT: Final = 2.0  # seconds between two beats
DEAD_AFTER: Final = timedelta(seconds=15)

_log = logging.getLogger(__name__)


class Roster(Protocol):
    """Who is alive, by beats kept in the database."""

    async def beat(self, executor_id: str) -> None: ...
    async def silent(self, since: timedelta) -> Sequence[str]:
        """Executors without a beat for so long."""

    async def forget(self, executor_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Takeover:
    """The heartbeat of this process and the sweep for others."""

    roster: Roster
    executor_id: str
    take_over: Callable[[str], Awaitable[int]]
    alone: bool  # a lock file proves that no other process is alive

    async def beat(self) -> None:
        await self.roster.beat(self.executor_id)

    async def sweep(self) -> None:
        """Take over from every silent executor; alone, from every other one at once."""
        silence = timedelta(0) if self.alone else DEAD_AFTER
        for executor_id in await self.roster.silent(silence):
            if executor_id == self.executor_id:
                continue
            taken = await self.take_over(executor_id)
            await self.roster.forget(executor_id)
            _log.info("took over %d pieces of work from executor %s", taken, executor_id)


async def every(seconds: float, work: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """Do something again and again until told to stop; a failure is logged and not the end."""
    while not stop.is_set():
        try:
            await work()
        except Exception:  # noqa: BLE001 - whatever it was, the next round may work
            _log.exception("%s failed; again in %s s", work, seconds)
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            continue
