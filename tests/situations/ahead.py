"""Rows that change nothing for others are played side by side, since most of a row is waiting."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.situations.play import play
from tests.situations.scene import Scene
from tests.situations.situation import Situation

SIDE_BY_SIDE: Final = 4


@dataclass
class Ahead:
    """Plays each of these rows, and while one is waited for, some of those behind it."""

    rows: Sequence[Situation]
    fresh: Callable[[], Awaitable[Scene]]
    _under_way: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def play(self, row: Situation) -> None:
        first = self.rows.index(row)
        for one in self.rows[first : first + SIDE_BY_SIDE]:
            if one.sentence not in self._under_way:
                self._under_way[one.sentence] = asyncio.create_task(self._play(one))
        await self._under_way[row.sentence]

    async def _play(self, row: Situation) -> None:
        scene = await self.fresh()
        try:
            await play(scene, row)
        finally:
            await scene.end()

    async def end(self) -> None:
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
