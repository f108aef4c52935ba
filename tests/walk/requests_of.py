"""A request as the ledger has it, and one whose process died right after its approval."""

from datetime import UTC, datetime

from bot.divert.request import Event, Request
from bot.divert.transaction import Decided, Transaction
from tests.walk.stage import Json, Stage, request_id


async def request_of(stage: Stage, card: Json) -> Request:
    found = await stage.bot.world.ledger.read(lambda tx: tx.request(request_id(card["text"])))
    assert found is not None
    return found


async def approve_without_start(stage: Stage, card: Json, who: str = "U0BOB") -> Request:
    """As if the process died right after the decision: the chain is yet to be begun."""
    request = await request_of(stage, card)
    decided = Decided(who, "approve", "", datetime.now(UTC))

    def write(tx: Transaction) -> Request:
        tx.decide(request, decided)
        return tx.move(request, Event.APPROVE, who)

    return await stage.bot.world.ledger.write(write)
