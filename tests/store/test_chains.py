"""Phones that are found to be sent again are sent, however often a round is done."""

from bot.divert.following import _write
from bot.divert.outcome import NO_ANSWER, Change, PhoneState
from bot.divert.request import Request
from tests.store.making import Desk, answer, phone_ids, planned, send, sending

TURN = "0.7"


async def find_lost(desk: Desk, request: Request, *ids: str) -> None:
    again = [Change(one, PhoneState.PLANNED, again=True, why=NO_ANSWER) for one in ids]
    await desk.ledger.write(lambda tx: _write(tx, request.id, TURN, again))


async def test_a_round_that_is_done_again_begins_a_chain_for_what_it_finds_then(
    desk: Desk,
) -> None:
    """The first chain has been through: a second one by its key would begin nothing."""
    first, second = ids = phone_ids(2)
    request = await sending(desk.ledger, planned(ids))
    await send(desk.ledger, request, 1)
    await answer(desk.ledger, request, 1, "")
    await find_lost(desk, request, first)
    await send(desk.ledger, request, 2)
    await answer(desk.ledger, request, 2, "")
    await find_lost(desk, request, second)
    one, two = [start.key for start in desk.started]
    assert one != two


async def test_what_is_found_while_a_chain_goes_on_is_left_to_it(desk: Desk) -> None:
    first, second = ids = phone_ids(2)
    request = await sending(desk.ledger, planned(ids))
    await send(desk.ledger, request, 1)
    await answer(desk.ledger, request, 1, "")
    await find_lost(desk, request, first)
    await find_lost(desk, request, second)
    assert len(desk.started) == 1
