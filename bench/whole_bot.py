"""One request of many phones through the real bot, against the sandbox, with its times."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import demo
from sandbox.server import Sandbox
from sandbox.slack.driver import SlackDriver

PATIENCE = 1800.0  # seconds
LOOK = 0.5


@dataclass(frozen=True)
class Took:
    planned: float  # seconds from the form to the card
    whole: float  # seconds from the approval to the last state of the card
    peak_mb: float


@dataclass(frozen=True)
class Running:
    """A bot that is ready, and Alice and Bob at their keyboards."""

    slack: SlackDriver
    pid: int

    async def divert(self, ids: Sequence[str]) -> Took:
        """Ask by file for `routing`, approve, wait for the end."""
        alice, bob = self.slack.person("U0ALICE"), self.slack.person("U0BOB")
        begun = time.monotonic()
        await alice.command("C0OPS", "/cph divert")
        file = await alice.upload("ids.txt", "\n".join(ids).encode())
        values = {"route": {"value": "routing"}, "file": {"value": {"files": [file]}}}
        await alice.submit(values)
        card = await self._seen("waiting for approval")
        planned, begun = time.monotonic() - begun, time.monotonic()
        await bob.click("approve", message=card)
        await self._seen(", done")
        return Took(planned, time.monotonic() - begun, peak_mb(self.pid))

    async def _seen(self, text: str) -> dict[str, Any]:
        """The message of the operators' channel with this text, once it is there."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for message in await self.slack.person("U0BOB").sees("C0OPS"):
                if text in message["text"]:
                    return message
            await asyncio.sleep(LOOK)
        sys.exit(f"no {text!r} in {PATIENCE:.0f} s")


@asynccontextmanager
async def whole_bot(sandbox: Sandbox, folder: Path, config: str) -> AsyncIterator[Running]:
    async with (
        demo.running_bot(sandbox, folder, config=config) as bot,
        SlackDriver(sandbox.control_url) as slack,
    ):
        await bot.ready()
        yield Running(slack, bot.process.pid)


def settings(calls_per_second: float, concurrency: int) -> str:
    """The demonstration's settings at another pace, for any number of phones."""
    pace = f"calls_per_second = {calls_per_second}\nconcurrency = {concurrency}"
    return demo.CONFIG.replace("calls_per_second = 10", pace).replace("5000", "1000000")


def peak_mb(pid: int) -> float:
    """The most memory the process has held (VmHWM of Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
