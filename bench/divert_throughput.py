"""How much slower the whole bot sends than the bare client, in the same run on the same machine.

    python -m bench.divert_throughput --phones 100000 --latency-ms 50 --concurrency 16

The bot's process is the real one, against the sandbox; the bare client makes the same calls with no
ledger behind it. Sends are timed at the cloud, from the first call's arrival to the last answer.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.whole_bot import settings, whole_bot
from bot.cph.client import CphCloud
from bot.cph.connecting import open_http
from bot.cph.settings import AkSk, Limits, ProjectAccess
from bot.divert.phones import Route
from bot.divert.plan import BATCH_LIMIT
from sandbox.cloud.accounts import ACCESS_KEY, SECRET_KEY
from sandbox.cloud.kinds import Kind
from sandbox.server import Sandbox, Wishes, serve_sandbox


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
        config = settings(10_000, wish.concurrency)
        async with whole_bot(sandbox, Path(folder), config) as bot:
            took = await bot.divert(ids)
    calls, sent = sends(sandbox)
    floor = -(-len(ids) // 100) * wish.latency_ms / 1000 / wish.concurrency
    await sandbox.close()
    return Figures(calls, floor, bare, sent, took.planned, took.whole, took.peak_mb)


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
    todo = iter([ids[n : n + BATCH_LIMIT] for n in range(0, len(ids), BATCH_LIMIT)])

    async def send() -> None:
        for batch in todo:
            await cloud.divert("demo", Route.DIRECT, batch)

    await asyncio.gather(*(send() for _ in range(concurrency)))
    await cloud.close()
    _, seconds = sends(sandbox)
    await asyncio.sleep(4)  # the jobs end
    sandbox.cloud.record.calls.clear()
    return seconds


if __name__ == "__main__":
    main()
