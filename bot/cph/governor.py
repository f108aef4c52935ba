"""Who may call now: turns of one credential and kind of call, in the order they were asked for."""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from bot.cph.clock import Clock
from bot.cph.errors import Stated
from bot.cph.kept import Kept, News
from bot.cph.pace import Pace
from bot.cph.settings import Limits
from bot.cph.window import Turn


class Kind(StrEnum):
    """Each is one API, and the gateway limits each API by itself."""

    SEND = "send"
    JOBS = "jobs"
    PHONES = "phones"
    PHONE = "phone"
    SERVERS = "servers"
    CONTAINERS = "containers"
    TAGGED = "tagged"
    TAGS = "tags"


class Budget:
    """Turns for one kind of call. A turn that was taken must be used or dropped."""

    def __init__(self, limits: Limits, clock: Clock, me: str = "") -> None:
        self._pace = Pace(limits.calls_per_second, me)
        self._clock = clock
        self._room = asyncio.Semaphore(limits.concurrency)
        self._queue = asyncio.Lock()

    async def take(self) -> Turn:
        """Wait until one more call may start."""
        await self._room.acquire()
        try:
            async with self._queue:
                return await self._wait()
        except BaseException:
            self._room.release()
            raise

    async def take_within(self, seconds: float) -> Turn | None:
        try:
            async with asyncio.timeout(seconds):
                return await self.take()
        except TimeoutError:
            return None

    def begin(self, turn: Turn) -> None:
        """Note that the call starts now."""
        self._pace.begin(turn, self._clock.monotonic())

    @contextmanager
    def using(self, turn: Turn) -> Iterator[None]:
        """Hold a turn around its call, and end it if nothing inside did."""
        try:
            yield
        finally:
            if turn.begun is None:
                self.drop(turn)
            elif turn.took is None:
                self.lost(turn)

    def drop(self, turn: Turn) -> None:
        """End a turn in which no call was made."""
        self._pace.drop(turn)
        self._room.release()

    def answered(self, turn: Turn) -> None:
        """End a turn whose call was let through."""
        self._pace.answered(turn, self._clock.monotonic())
        self._room.release()

    def lost(self, turn: Turn) -> None:
        """End a turn whose call got no answer."""
        self._pace.lost(turn)
        self._room.release()

    def refused(self, turn: Turn, stated: Stated | None, retry_after: float | None) -> float:
        """End a turn whose call was one too many; seconds until the next may start."""
        now = self._clock.monotonic()
        self._pace.refused(turn, now, stated, retry_after)
        self._room.release()
        return self._pace.delay(now)

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self._pace.rate

    @property
    def limit(self) -> Stated | None:
        """What the gateway said it takes, while that holds."""
        return self._pace.limit(self._clock.monotonic())

    def news(self) -> News | None:
        """What others do not know yet."""
        return self._pace.news(self._clock.monotonic())

    def restore(self, kept: Kept, at: float) -> None:
        self._pace.restore(kept, self._clock.monotonic(), at)

    async def _wait(self) -> Turn:
        while (delay := self._pace.delay(self._clock.monotonic())) > 0:
            await self._clock.sleep(delay)
        return self._pace.grant(self._clock.monotonic())


class Permissions:
    """Turns that were given ahead of their calls, and lapse if no call is made."""

    def __init__(self, budget: Budget, life: float) -> None:
        self._budget = budget
        self._life = life  # seconds
        self._given: deque[tuple[Turn, asyncio.TimerHandle]] = deque()

    async def give(self, within: float) -> bool:
        turn = await self._budget.take_within(within)
        if turn is not None:
            lapse = asyncio.get_running_loop().call_later(self._life, self._lapse)
            self._given.append((turn, lapse))
        return turn is not None

    async def use(self) -> Turn:
        """Return the oldest turn given, or wait for one."""
        if not self._given:
            return await self._budget.take()
        turn, lapse = self._given.popleft()
        lapse.cancel()
        return turn

    def drop(self) -> None:
        """Take back the oldest turn given, if there is one."""
        if self._given:
            self._given[0][1].cancel()
            self._lapse()

    def drop_all(self) -> None:
        while self._given:
            self.drop()

    def _lapse(self) -> None:
        """All live equally long, so the oldest lapses first."""
        turn, _ = self._given.popleft()
        self._budget.drop(turn)


class Governor:
    """The budgets of one credential in one process, which is called `me` among several."""

    def __init__(self, limits: Limits, clock: Clock, me: str = "") -> None:
        self._budgets = {kind: Budget(limits, clock, me) for kind in Kind}
        self.sends = Permissions(self[Kind.SEND], limits.deadline)

    def __getitem__(self, kind: Kind) -> Budget:
        return self._budgets[kind]

    def news(self) -> dict[str, News]:
        """What was learned or called since this was asked last, by kind of call."""
        found = {str(kind): budget.news() for kind, budget in self._budgets.items()}
        return {kind: news for kind, news in found.items() if news is not None}

    def restore(self, kept: Mapping[str, Any], at: float) -> None:
        """Take over what processes kept; `at` is the database's time when it was read."""
        for kind, budget in self._budgets.items():
            if (found := Kept.read(kept.get(kind))) is not None:
                budget.restore(found, at)
