"""Work of this living process that the database let down: written down later, or begun anew.

DBOS waits by itself while a lock is held or a connection is broken. On a full disk, and where no
file handle is left, it gives up instead: what it could not write of a step would end the chain,
and work whose beginning or end it could not write would belong to this process for ever.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from dbos import DBOS, error

STRANDED: Final = 5.0  # seconds between two looks
_PAUSE: Final = 1.0  # seconds before a step is written down again

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The work that runs in this process now, by its id."""

    ids: set[str] = field(default_factory=set)

    @contextmanager
    def holding(self, work: str) -> Iterator[None]:
        self.ids.add(work)
        try:
            yield
        finally:
            self.ids.discard(work)


async def written_down(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work as a step; what cannot be written of it is written again, and not done again."""
    is_done = False

    async def once() -> None:
        nonlocal is_done
        if not is_done:
            await work()
            is_done = True

    while True:
        try:
            await DBOS.run_step_async({"name": name}, once)
        except error.DBOSException:
            raise
        except Exception as failure:  # noqa: BLE001 - the driver's; the work itself raises none
            _log.info("a step is not written down yet: %s", type(failure).__name__)
            await asyncio.sleep(_PAUSE)
        else:
            return


class Pending(Protocol):
    """As in `takeover.py`."""

    async def pending(self) -> Mapping[str, str]: ...
    async def queue_again(self, ids: Sequence[str]) -> None: ...


@dataclass(slots=True)
class Stranded:
    """What belongs to the executor `me` and yet does not run in it, twice in a row."""

    work: Pending
    me: str
    under_way: UnderWay
    _seen: frozenset[str] = frozenset()

    async def queue_again(self) -> None:
        """Twice, for what has just been taken does not run yet, and what ends no longer does."""
        pending = await self.work.pending()
        idle = {work for work, whose in pending.items() if whose == self.me} - self.under_way.ids
        stranded = idle & self._seen
        self._seen = frozenset(idle - stranded)
        if stranded:
            await self.work.queue_again(sorted(stranded))
            _log.info("queued %d stranded pieces of work again", len(stranded))
