"""What is kept of the projects as last read: servers, tags, and how many phones there are."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.divert.ports import Clock, Cloud
from bot.divert.selection import Server

LIFE: Final = timedelta(minutes=5)  # of a name that is only shown

Paced = Callable[[str], AbstractAsyncContextManager[None]]  # around the calls for a project


def _unpaced(_project: str) -> AbstractAsyncContextManager[None]:
    return nullcontext()


@dataclass(slots=True)
class _Kept:
    read_at: datetime
    found: Any


@dataclass(frozen=True, slots=True)
class Names:
    """Kept for a while, since they change seldom; whoever plans by a name reads it `fresh`.

    Suggestions are read outside of durable work, by each process: one list of a project at a time
    and once in 5 minutes, under the limits that are known when it begins. What holds: only while
    several processes read the same kind of list at once may its calls be as many times the limit
    as processes, for as long as one list takes (100 servers a call); what is refused is asked
    again, and the sends have a limit of their own.
    """

    cloud: Cloud
    clock: Clock
    paced: Paced = _unpaced
    _kept: dict[tuple[str, str], _Kept] = field(default_factory=dict)
    _locks: dict[tuple[str, str], asyncio.Lock] = field(default_factory=dict)

    def counted(self, project: str, phones: int) -> None:
        """Keep how many phones the whole list of a project has."""
        self._kept["phones", project] = _Kept(self.clock.now(), phones)

    def fleet(self, project: str) -> int:
        """How many phones a project had; 0 where they were not counted of late."""
        kept = self._kept.get(("phones", project))
        return kept.found if kept is not None and self._is_young(kept) else 0

    async def servers(self, project: str, *, fresh: bool = False) -> list[Server]:
        """Every server of the project.

        Raises:
            CloudFailure: they cannot be read.
        """
        found: list[Server] = await self._read(
            ("servers", project), lambda: self.cloud.servers(project), fresh=fresh
        )
        return found

    async def tags(self, project: str, *, fresh: bool = False) -> dict[str, tuple[str, ...]]:
        """Every tag of the project's servers: key to its values.

        Raises:
            CloudFailure: they cannot be read.
        """
        found: dict[str, tuple[str, ...]] = await self._read(
            ("tags", project), lambda: self.cloud.tags(project), fresh=fresh
        )
        return found

    async def _read(
        self, what: tuple[str, str], read: Callable[[], Awaitable[Any]], *, fresh: bool
    ) -> Any:  # noqa: ANN401 - servers or tags, as the caller says
        """By one reader at a time, so that ten who type at once cost one call."""
        async with self._locks.setdefault(what, asyncio.Lock()):
            kept = self._kept.get(what)
            if kept is None or fresh or not self._is_young(kept):
                async with self.paced(what[1]):
                    kept = self._kept[what] = _Kept(self.clock.now(), await read())
            return kept.found

    def _is_young(self, kept: _Kept) -> bool:
        return self.clock.now() - kept.read_at <= LIFE
