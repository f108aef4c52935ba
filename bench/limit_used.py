"""How much of a stated limit the bot uses, and whether it ever passes it, as counted at the cloud.

    python -m bench.limit_used --phones 10000 --calls 10 --per second

The cloud refuses what is too much and says its limit; the share counts the sends that were let
through in the time from the first refusal to the last send. Once the calls that were under way
with the first refusal are back, no call may be refused any more.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from math import ceil
from pathlib import Path

from bench.whole_bot import settings, whole_bot
from sandbox.cloud.kinds import Kind
from sandbox.cloud.record import RecordedCall
from sandbox.cloud.tally import fullest
from sandbox.server import Wishes, serve_sandbox

REFUSED = 429
UNDER_WAY = 0.5  # seconds in which calls that began before the first refusal arrive


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--phones", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=10)
    parser.add_argument("--per", choices=["second", "minute"], default="second")
    print(asyncio.run(measure(parser.parse_args())))


async def measure(wish: argparse.Namespace) -> str:
    sandbox = await serve_sandbox(
        Wishes(phones=wish.phones, servers=ceil(wish.phones / 60), job_seconds=0.3)
    )
    limit = {"calls": wish.calls, "per": wish.per}
    sandbox.cloud.set(write_limit=limit, read_limit={"calls": 100, "per": "second"})
    ids = list(sandbox.cloud.main.fleet.phones)
    with tempfile.TemporaryDirectory() as folder:
        async with whole_bot(sandbox, Path(folder), settings(100, 16)) as bot:
            took = await bot.divert(ids)
    sends = [call for call in sandbox.cloud.record.calls if call.kind is Kind.IMPORT_TRAFFIC]
    await sandbox.close()
    return report(sends, wish.calls, 1.0 if wish.per == "second" else 60.0, took.whole)


def report(sends: Sequence[RecordedCall], calls: int, seconds: float, whole: float) -> str:
    refused = [call for call in sends if call.status == REFUSED]
    through = [call.at for call in sends if call.status != REFUSED]
    learned = refused[0].at if refused else through[0]
    again = [call for call in refused if call.at > learned + UNDER_WAY]
    later = sorted(at for at in through if at > learned)
    span = later[-1] - later[0] if len(later) > 1 else 0.0
    share = (len(later) - 1) / span / (calls / seconds) if span else 1.0
    return (
        f"{len(through)} sends, {len(refused)} refused, {len(again)} of them once it was known\n"
        f"fullest {seconds:.0f} s: {fullest(sorted(through), seconds)} of {calls} let through\n"
        f"after the limit was known {share:.1%} of it was used; {whole:.1f} s in all"
    )


if __name__ == "__main__":
    main()
