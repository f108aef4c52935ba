"""How much slower the whole bot sends than the bare client, in the same run on the same machine.

    python -m bench.divert_throughput --phones 100000 --latency-ms 50 --concurrency 16

The bot's process is the real one, against the sandbox; the bare client makes the same calls with no
ledger behind it. Sends are timed at the cloud, from the first call's arrival to the last answer.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.cph.client import CphCloud
from bot.cph.connecting import open_http
from bot.cph.settings import AkSk, Limits, ProjectAccess
from bot.divert.phones import Route
from bot.divert.plan import cut_batches
from sandbox import demo
from sandbox.cloud.accounts import ACCESS_KEY, SECRET_KEY
from sandbox.cloud.kinds import Kind
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver

PATIENCE = 1800.0  # seconds
LOOK = 0.5


@dataclass(frozen=True)
class Figures:
    calls: int
    floor: float  # seconds: calls × latency ÷ concurrency
    bare: float
    bot: float
    planned: float  # from the form to the card
    whole: float  # from the approval to the last state of the card
    peak_mb: float

    def __str__(self) -> str:
        return (
            f"{self.calls} calls, floor {self.floor:.1f} s\n"
            f"bare client {self.bare:.1f} s = {self.bare / self.floor:.2f} × floor\n"
            f"bot sends   {self.bot:.1f} s = {self.bot / self.floor:.2f} × floor"
            f" = {self.bot / self.bare:.2f} × bare client\n"
            f"plan {self.planned:.1f} s, approval to done {self.whole:.1f} s, "
            f"peak memory {self.peak_mb:.0f} MB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--phones", type=int, default=10_000)
    parser.add_argument("--latency-ms", type=float, default=50)
    parser.add_argument("--concurrency", type=int, default=16)
    print(asyncio.run(measure(parser.parse_args())))


async def measure(wish: argparse.Namespace) -> Figures:
    sandbox = await serve_sandbox(
        Wishes(phones=wish.phones, servers=max(wish.phones // 60, 1), job_seconds=1)
    )
    sandbox.cloud.set(latency_ms=wish.latency_ms)
    ids = list(sandbox.cloud.main.fleet.phones)
    bare = await bare_client(sandbox, ids, wish.concurrency)
    with tempfile.TemporaryDirectory() as folder:
        planned, whole, peak = await whole_bot(sandbox, ids, wish.concurrency, Path(folder))
    calls, bot = sends(sandbox)
    floor = -(-len(ids) // 100) * wish.latency_ms / 1000 / wish.concurrency
    await sandbox.close()
    return Figures(calls, floor, bare, bot, planned, whole, peak)


def sends(sandbox: Sandbox) -> tuple[int, float]:
    """How many ImportTraffic calls came since the record began, and the seconds they took."""
    calls = [call for call in sandbox.cloud.record.calls if call.kind is Kind.IMPORT_TRAFFIC]
    return len(calls), max(call.at + call.took for call in calls) - min(call.at for call in calls)


async def bare_client(sandbox: Sandbox, ids: Sequence[str], concurrency: int) -> float:
    """Send to `direct` with the bot's own client and nothing else."""
    access = ProjectAccess(
        name="demo",
        project_id=sandbox.project_id,
        endpoint=sandbox.cloud_url,
        iam_endpoint=sandbox.cloud_url,
        region="cn-north-4",
        credentials=AkSk(ACCESS_KEY, SECRET_KEY),
    )
    limits = Limits(calls_per_second=10_000, concurrency=concurrency)
    cloud = CphCloud({"demo": access}, limits, open_http([access], limits))
    todo = iter(list(cut_batches(ids)))

    async def send() -> None:
        for batch in todo:
            await cloud.divert("demo", Route.DIRECT, batch)

    await asyncio.gather(*(send() for _ in range(concurrency)))
    await cloud.close()
    _, seconds = sends(sandbox)
    await asyncio.sleep(4)  # the jobs end
    sandbox.cloud.record.calls.clear()
    return seconds


async def whole_bot(
    sandbox: Sandbox, ids: Sequence[str], concurrency: int, folder: Path
) -> tuple[float, float, float]:
    """Ask by file, approve, wait for the end: seconds to the card, to the end, and peak MB."""
    async with (
        demo.running_bot(sandbox, folder, config=fast_settings(concurrency)) as bot,
        SlackDriver(sandbox.control_url) as slack,
    ):
        await bot.ready()
        alice, bob = slack.person("U0ALICE"), slack.person("U0BOB")
        begun = time.monotonic()
        await alice.command("C0OPS", "/cph divert")
        file = await alice.upload("ids.txt", "\n".join(ids).encode())
        values = {"route": {"value": "routing"}, "file": {"value": {"files": [file]}}}
        await alice.submit(values)
        card = await seen(slack, "waiting for approval")
        planned, begun = time.monotonic() - begun, time.monotonic()
        await bob.click("approve", message=card)
        await seen(slack, ", done")
        return planned, time.monotonic() - begun, peak_mb(bot.process.pid)


async def seen(slack: SlackDriver, text: str) -> dict[str, Any]:
    """The message of the operators' channel with this text, once it is there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for message in await slack.person("U0BOB").sees("C0OPS"):
            if text in message["text"]:
                return message
        await asyncio.sleep(LOOK)
    sys.exit(f"no {text!r} in {PATIENCE:.0f} s")


def fast_settings(concurrency: int) -> str:
    """The demonstration's settings without its gentle pace."""
    pace = f"calls_per_second = 10000\nconcurrency = {concurrency}"
    return demo.CONFIG.replace("calls_per_second = 10", pace).replace("5000", "1000000")


def peak_mb(pid: int) -> float:
    """The most memory the process has held (VmHWM of Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
