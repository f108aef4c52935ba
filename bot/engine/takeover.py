"""Work of a dead process goes on in a living one.

Each process has its own executor id at every start and beats in the roster, where those that are
gone are struck off. Whoever holds the sweep's lease queues all work again whose executor is not
alive.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.divert.failures import is_ledger_away

BEAT: Final = 2.0  # seconds between two beats

_log = logging.getLogger(__name__)


class Roster(Protocol):
    async def living(self) -> frozenset[str]:
        """The executors that are alive."""


class Pending(Protocol):
    """Work that has begun and not ended."""

    async def pending(self) -> Mapping[str, str]:
        """By its id, whose it is."""

    async def queue_again(self, ids: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Takeover:
    """The sweep for what the dead have left."""

    roster: Roster
    work: Pending

    async def sweep(self) -> None:
        """Queue again what belongs to nobody alive.

        Work is listed before the living are: who came in between is alive, and has begun none of
        it.
        """
        pending = await self.work.pending()
        living = await self.roster.living()
        left = [work for work, executor_id in pending.items() if executor_id not in living]
        if left:
            await self.work.queue_again(left)
            _log.info("took over %d pieces of work of the dead", len(left))


async def every(seconds: float, work: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """Do something again and again until told to stop; a failure is logged and not the end."""
    while not stop.is_set():
        try:
            await work()
        except Exception as failure:  # noqa: BLE001 - whatever it was, the next round may work
            if not is_ledger_away(failure):  # the watch tells of that, once
                _log.exception("%s failed; again in %s s", work, seconds)
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            continue
