from collections.abc import Sequence

from bot.divert.outcome import Change, PhoneState
from bot.divert.request import Event, Request
from bot.divert.transaction import Transaction
from bot.store.ledger import SqlLedger
from tests.store.making import BOB, change, draft, phone_ids, planned, put_up, sending


async def moved(ledger: SqlLedger, ids: Sequence[str], moving: Sequence[str] = ()) -> Request:
    """A request that has started and moved some of its phones, or all."""
    request = await sending(ledger, planned(ids))
    await succeed(ledger, request, moving or ids)
    return request


async def succeed(ledger: SqlLedger, request: Request, ids: Sequence[str]) -> None:
    await change(ledger, request, *(Change(one, PhoneState.SUCCEEDED) for one in ids))


async def later(ledger: SqlLedger, request: Request, ids: Sequence[str]) -> dict[str, str]:
    return await ledger.read(lambda tx: tx.moved_later(request.id, ids))


async def test_phones_are_told_with_the_latest_request_that_moved_them(ledger: SqlLedger) -> None:
    ids = phone_ids(4)
    first = await moved(ledger, ids)
    second = await moved(ledger, ids[:2])
    third = await moved(ledger, ids[1:3])
    assert await later(ledger, first, ids) == {
        ids[0]: second.id, ids[1]: third.id, ids[2]: third.id,
    }  # fmt: skip
    assert await later(ledger, second, ids[:1]) == {}
    assert await later(ledger, third, ids) == {}


async def test_only_phones_that_were_asked_about_are_told(ledger: SqlLedger) -> None:
    ids = phone_ids(3)
    first = await moved(ledger, ids)
    second = await moved(ledger, ids)
    assert await later(ledger, first, ids[1:2]) == {ids[1]: second.id}
    assert await later(ledger, first, []) == {}


async def test_what_a_later_request_did_not_move_is_not_its_doing(ledger: SqlLedger) -> None:
    ids = phone_ids(4)
    first = await moved(ledger, ids)
    second = await moved(ledger, ids, moving=ids[:2])
    await change(ledger, second, Change(ids[2], PhoneState.FAILED))
    assert await later(ledger, first, ids) == dict.fromkeys(ids[:2], second.id)
    assert await later(ledger, first, ids[2:3]) == {}


async def test_a_request_asked_for_earlier_may_move_a_phone_later(ledger: SqlLedger) -> None:
    """Its plan was still being made while the other ran."""
    ids = phone_ids(1)
    early, _ = await ledger.write(lambda tx: tx.ask(draft()))
    late = await moved(ledger, ids)

    def start(tx: Transaction) -> None:
        tx.add_phones(early.id, planned(ids))
        approved = tx.move(put_up(tx, early), Event.APPROVE, BOB)
        tx.move(approved, Event.START, "", started_at=tx.now())

    await ledger.write(start)
    await succeed(ledger, early, ids)
    assert await later(ledger, late, ids) == {ids[0]: early.id}
    assert await later(ledger, early, ids) == {}


async def test_another_projects_requests_moved_nothing_here(ledger: SqlLedger) -> None:
    ids = phone_ids(1)
    first = await moved(ledger, ids)
    elsewhere = await sending(ledger, planned(ids), project="elsewhere")
    await succeed(ledger, elsewhere, ids)
    assert await later(ledger, first, ids) == {}


async def test_of_very_many_phones_all_that_moved_are_found(ledger: SqlLedger) -> None:
    ids = phone_ids(6_000)
    first = await moved(ledger, ids[:5_500])
    second = await moved(ledger, ids)
    third = await moved(ledger, ids[:3])
    found = await later(ledger, first, ids[:5_500])
    assert found == dict.fromkeys(ids[:5_500], second.id) | dict.fromkeys(ids[:3], third.id)
