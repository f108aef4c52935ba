"""Of several processes one tells what a thing has come to."""

import asyncio

import pytest

from bot.divert.transaction import Transaction
from bot.store.ledger import SqlLedger


async def announce(ledger: SqlLedger, thing: str, state: str) -> str | None:
    return await ledger.write(lambda tx: tx.announce(thing, state))


async def test_a_state_is_told_once_with_the_one_before_it(ledger: SqlLedger) -> None:
    told = [await announce(ledger, "policy", state) for state in "aabba"]
    assert told == ["", None, "a", None, "b"]
    assert await announce(ledger, "other", "a") == ""


async def test_of_many_at_once_one_tells(ledger: SqlLedger) -> None:
    for state, before in (("a", ""), ("b", "a")):
        told = await asyncio.gather(*(announce(ledger, "policy", state) for _ in range(12)))
        assert [one for one in told if one is not None] == [before]


async def test_what_is_undone_was_not_told(ledger: SqlLedger) -> None:
    def undo(tx: Transaction) -> None:
        tx.announce("policy", "a")
        raise LookupError

    with pytest.raises(LookupError):
        await ledger.write(undo)
    assert await announce(ledger, "policy", "a") == ""
