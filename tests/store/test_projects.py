import asyncio
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.store.ledger import SqlLedger


def beside(name: str, pace: Mapping[str, Any], _at: float) -> Mapping[str, Any]:
    return {**pace, name: 9.8}


async def test_a_pace_is_kept_as_is_made_of_what_is_there(ledger: SqlLedger) -> None:
    assert (await ledger.read(lambda tx: tx.pace("demo")))[0] == {}
    await ledger.write(lambda tx: tx.keep_pace("demo", lambda pace, _: {"rate": 9.8, "of": pace}))
    await ledger.write(lambda tx: tx.keep_pace("demo", lambda pace, _: {"of": pace}))
    assert (await ledger.read(lambda tx: tx.pace("demo")))[0] == {"of": {"rate": 9.8, "of": {}}}


async def test_of_many_that_keep_at_once_none_is_overwritten(ledger: SqlLedger) -> None:
    names = [f"process-{number}" for number in range(12)]
    keeping = (
        ledger.write(lambda tx, one=name: tx.keep_pace("demo", partial(beside, one)))  # type: ignore[misc]
        for name in names
    )
    await asyncio.gather(*keeping)
    assert (await ledger.read(lambda tx: tx.pace("demo")))[0].keys() == set(names)


async def test_the_time_that_comes_with_a_pace_is_the_databases_now(ledger: SqlLedger) -> None:
    told: list[float] = []

    def learned(pace: Mapping[str, Any], at: float) -> Mapping[str, Any]:
        told.append(at)
        return pace

    before = time.time()
    await ledger.write(lambda tx: tx.keep_pace("demo", learned))
    told.append((await ledger.read(lambda tx: tx.pace("demo")))[1])
    assert before - 0.01 <= told[0] <= told[1] <= time.time() + 0.01  # both are this machine's
