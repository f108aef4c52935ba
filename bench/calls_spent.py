"""How many calls one request costs, against what it must cost, as counted at the cloud.

    python -m bench.calls_spent --phones 10000 --fleet 20000 --scattered

The bound is plan pages + ⌈P/100⌉ sends + ⌈open jobs/100⌉ for each poll round that was due while
jobs ran + ⌈P/200⌉ pages of read-back. Open jobs are counted per send call, from the jobs' own
times, at its first poll and every poll after it until all have ended and were seen to have.
"""

import argparse
import asyncio
import random
import tempfile
from collections import Counter
from math import ceil
from pathlib import Path

from bench.whole_bot import settings, whole_bot
from sandbox.server import Sandbox, Wishes, serve_sandbox

FIRST_POLL, POLL = 1.0, 1.0  # seconds, as the demonstration has them


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--phones", type=int, default=10_000)
    parser.add_argument("--fleet", type=int, default=20_000)
    parser.add_argument("--job-seconds", type=float, default=0.3)
    parser.add_argument("--scattered", action="store_true", help="not one part of the list")
    print(asyncio.run(measure(parser.parse_args())))


async def measure(wish: argparse.Namespace) -> str:
    servers = max(wish.fleet // 100, 1)
    sandbox = await serve_sandbox(
        Wishes(phones=wish.fleet, servers=servers, job_seconds=wish.job_seconds)
    )
    await routed_to_direct(sandbox)
    ids = list(sandbox.cloud.main.fleet.phones)
    if wish.scattered:
        random.Random(1).shuffle(ids)  # noqa: S311 - the same phones each time
    ids = ids[: wish.phones]
    with tempfile.TemporaryDirectory() as folder:
        async with whole_bot(sandbox, Path(folder), settings(1000, 16)) as bot:
            await bot.divert(ids)
    calls = Counter(str(call.kind) for call in sandbox.cloud.record.calls)
    least = {
        "plan pages": ceil(wish.fleet / 200),
        "sends": ceil(wish.phones / 100),
        "job pages": job_pages(sandbox),
        "read-back pages": ceil(wish.phones / 200),
    }
    await sandbox.close()
    spent, bound = sum(calls.values()), sum(least.values())
    return f"spent {spent}: {dict(calls)}\nbound {bound}: {least}\n{spent / bound:.3f} × the bound"


async def routed_to_direct(sandbox: Sandbox) -> None:
    """Every phone begins on `direct`, so that P phones are P changes."""
    for phone in sandbox.cloud.main.fleet.newest_first:
        phone.settled = type(phone.settled).DIRECT


def job_pages(sandbox: Sandbox) -> int:
    """Pages of open jobs over all poll rounds that were due."""
    pages = 0
    for jobs in sandbox.cloud.main.jobs.by_request.values():
        at = jobs[0].accepted + FIRST_POLL
        while True:
            still = sum(job.ends is None or job.ends > at - POLL for job in jobs)
            if not still:
                break
            pages += ceil(still / 100)
            at += POLL
    return max(pages, len(sandbox.cloud.main.jobs.by_request))


if __name__ == "__main__":
    main()
