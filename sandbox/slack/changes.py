"""A counter that moves whenever the workspace does, and a way to wait for it."""

import asyncio


class Changes:
    def __init__(self) -> None:
        self.seq = 0
        self._moved = asyncio.Event()

    def mark(self) -> None:
        self.seq += 1
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def after(self, seq: int, timeout: float) -> int:  # noqa: ASYNC109 - a long poll has one
        """Wait at most `timeout` seconds for the counter to pass `seq`; return where it stands."""
        if self.seq <= seq:
            try:
                async with asyncio.timeout(timeout):
                    await self._moved.wait()
            except TimeoutError:
                pass
        return self.seq
