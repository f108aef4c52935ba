"""What a process holds, seen from outside every few seconds."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

from bench.ledger_view import LedgerView

EVERY = 5.0  # seconds


@dataclass(frozen=True)
class Sample:
    at: float  # seconds since the first
    rss_mb: float
    handles: int
    threads: int
    sandbox_mb: float  # it records every call, so it grows, in a process of its own
    database_mb: float
    open_requests: int
    cards_behind: int
    unsaid: int
    oldest_unsaid: float  # seconds

    def __str__(self) -> str:
        return (
            f"{self.at:6.0f} s  {self.rss_mb:6.1f} MB  {self.handles:3} handles  "
            f"{self.threads:2} threads  database {self.database_mb:5.1f} MB  "
            f"open {self.open_requests:3}  cards behind {self.cards_behind:3}  "
            f"posts {self.unsaid:3}, oldest {self.oldest_unsaid:4.0f} s  "
            f"(sandbox {self.sandbox_mb:.0f} MB)"
        )


@dataclass
class Sampler:
    pid: int
    ledger: LedgerView
    samples: list[Sample] = field(default_factory=list)

    async def run(self) -> None:
        begun = time.monotonic()
        while True:
            sample = self.take(time.monotonic() - begun)
            self.samples.append(sample)
            if len(self.samples) % 6 == 1:
                print(sample, flush=True)
            await asyncio.sleep(EVERY)

    def take(self, at: float) -> Sample:
        standing, unsaid = self.ledger.standing.values(), self.ledger.unsaid
        waiting = sum(unsaid.values())
        return Sample(
            at, rss_mb(self.pid), handles(self.pid), int(_status(self.pid, "Threads")),
            rss_mb("self"), self.ledger.megabytes, sum(not one.closed for one in standing),
            sum(one.behind for one in standing), waiting,
            self.ledger.oldest_unsaid if waiting else 0.0,
        )  # fmt: skip


def third(samples: Sequence[Sample], number: int) -> float:
    """Mean memory in the first, second or last third of the samples, in MB."""
    size = len(samples) // 3
    return mean(one.rss_mb for one in samples[size * (number - 1) : size * number])


def rss_mb(pid: int | str) -> float:
    return int(_status(pid, "VmRSS")) / 1024


def handles(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _status(pid: int | str, name: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(line for line in lines if line.startswith(f"{name}:")).split()[1]
