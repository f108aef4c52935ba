"""News of long work: first after a while, then now and then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.divert.world import World

FIRST_NEWS: Final = timedelta(seconds=10)
NEXT_NEWS: Final = timedelta(minutes=1)

Tell = Callable[[int, float], Awaitable[None]]  # share done in percent, seconds left


@dataclass(slots=True)
class Reported:
    """Tells how far a reading is, with the time left at the pace it had so far."""

    world: World
    tell: Tell
    _started: datetime = field(init=False)
    _due: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._started = self.world.clock.now()
        self._due = self._started + FIRST_NEWS

    async def told(self, done: int, of: int) -> None:
        now = self.world.clock.now()
        if not 0 < done < of or now < self._due:
            return
        self._due = now + NEXT_NEWS
        left = (now - self._started).total_seconds() * (of - done) / done
        await self.tell(100 * done // of, left)
