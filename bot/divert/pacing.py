"""What is known of the cloud's limits goes with the work, whichever process does it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.divert.ports import Cloud
from bot.divert.transaction import Learned, Ledger, Transaction


@asynccontextmanager
async def paced(cloud: Cloud, ledger: Ledger, project: str) -> AsyncIterator[None]:
    """Call the cloud inside: with what other processes kept until now, and keeping what it taught.

    Nothing is written where it taught nothing.
    """
    await take_over(cloud, ledger, project)
    try:
        yield
    finally:
        if learned := cloud.learned(project):
            await ledger.write(lambda tx: keep(tx, cloud, project, learned))


async def take_over(cloud: Cloud, ledger: Ledger, project: str) -> None:
    """Know what was kept of this project's caller."""
    pace, at = await ledger.read(lambda tx: tx.pace(cloud.caller(project)))
    cloud.restore(project, pace, at)


def keep(tx: Transaction, cloud: Cloud, project: str, learned: Learned | None) -> None:
    """Keep what the caller has learned, if it has."""
    if learned is not None:
        tx.keep_pace(cloud.caller(project), learned)
