"""The clock of this machine."""

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """Implements `bot.divert.ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
