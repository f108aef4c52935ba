"""A bot that is killed at one fault point after the other, and started again each time."""

import asyncio
import signal
import time
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sandbox.demo import BotFailed, last_lines
from tests.crash.home import SIGKILL_CODE, Home
from tests.crash.nursery import Child, Nursery

NEVER = "nothing#1"


@dataclass
class Lives:
    """`points` are the points to be killed at, one a life; once there is none it may live.

    `died_at` holds the names of those that were reached, `unreached` the one that was not.
    """

    home: Home
    nursery: Nursery
    points: Iterator[str]
    died_at: list[str] = field(default_factory=list)
    unreached: str = ""
    began: float = 0.0  # of the last life, by the monotonic clock
    _bot: Child | None = None
    _keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._keeper is not None
        self._keeper.cancel()
        with suppress(asyncio.CancelledError, BotFailed):
            await self._keeper
        if self._bot is not None:
            await self._bot.kill(signal.SIGKILL)

    @property
    def deaths(self) -> int:
        return len(self.died_at)

    async def survive(self, play: Coroutine[None, None, None]) -> None:
        """Let people play their part to its end.

        Raises:
            BotFailed: the bot ended by itself.
        """
        assert self._keeper is not None
        playing = asyncio.create_task(play)
        await asyncio.wait({playing, self._keeper}, return_when=asyncio.FIRST_COMPLETED)
        if self._keeper.done():
            playing.cancel()
            self._keeper.result()
        await playing

    async def _keep(self) -> None:
        while True:
            point = self.unreached = next(self.points, NEVER)
            self.began = time.monotonic()
            more = {"CPH_BOT_KILL_AT": point, "CPH_BOT_FAULT_LOG": str(self._passed_file())}
            environment = {**self.home.environment, **more}
            self._bot = await self.nursery.birth(environment, self.home.log)
            code = await self._bot.wait()
            if code != SIGKILL_CODE:
                raise BotFailed(f"ended with {code} before {point}\n{last_lines(self.home.log)}")
            self.died_at.append(self.passed()[-1])

    def passed(self) -> list[str]:
        """The names of all points that the present life has passed."""
        return self._passed_file().read_text(encoding="utf-8").split()

    def _passed_file(self) -> Path:
        return self.home.folder / f"points.{self.deaths}"
