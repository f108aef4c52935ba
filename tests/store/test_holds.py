import asyncio

from bot.divert.outcome import Change, PhoneRow, PhoneState
from bot.divert.request import Event, Request
from bot.divert.transaction import Transaction
from bot.store.ledger import SqlLedger
from tests.store.making import (
    ALICE,
    BOB,
    change,
    draft,
    pending,
    phone_ids,
    planned,
    put_up,
    sending,
)


async def asked(ledger: SqlLedger, given: list[PhoneRow], project: str = "demo") -> Request:
    """A request whose phones are written and whose plan is not yet up."""

    def work(tx: Transaction) -> Request:
        request, _ = tx.ask(draft(project=project))
        tx.add_phones(request.id, given)
        return request

    return await ledger.write(work)


async def test_a_phone_of_an_open_request_is_held(ledger: SqlLedger) -> None:
    shared, own = phone_ids(2), phone_ids(1)
    first = await pending(ledger, planned(shared))
    second = await asked(ledger, planned([*own, shared[1]]))
    assert await ledger.write(lambda tx: tx.held(second.id)) == [(shared[1], first.id)]


async def test_a_plan_that_is_still_being_made_holds_nothing(ledger: SqlLedger) -> None:
    shared = phone_ids(2)
    first, second = await asked(ledger, planned(shared)), await asked(ledger, planned(shared))
    assert await ledger.write(lambda tx: tx.held(second.id)) == []
    await ledger.write(lambda tx: put_up(tx, second))
    assert len(await ledger.write(lambda tx: tx.held(first.id))) == 2


async def test_a_plan_made_again_keeps_its_hold(ledger: SqlLedger) -> None:
    shared = phone_ids(1)
    first = await pending(ledger, planned(shared))
    await ledger.write(lambda tx: tx.move(first, Event.REPLAN, ALICE))
    second = await asked(ledger, planned(shared))
    assert await ledger.write(lambda tx: tx.held(second.id)) == [(shared[0], first.id)]
    assert await ledger.write(lambda tx: tx.held(first.id)) == []


async def test_a_closed_request_and_an_ended_phone_hold_nothing(ledger: SqlLedger) -> None:
    closed, ended, left_out = phone_ids(1), phone_ids(1), phone_ids(1)
    denied = await pending(ledger, planned(closed))
    await ledger.write(lambda tx: tx.move(denied, Event.DENY, BOB))
    running = await sending(ledger, planned(ended))
    await change(ledger, running, Change(ended[0], PhoneState.SUCCEEDED))
    await pending(ledger, [PhoneRow(left_out[0], 1, PhoneState.UNCHANGED)])
    mine = await asked(ledger, planned([*closed, *ended, *left_out]))
    assert await ledger.write(lambda tx: tx.held(mine.id)) == []


async def test_phones_held_by_others_are_named_in_the_order_of_the_input(
    ledger: SqlLedger,
) -> None:
    ids = phone_ids(6_000)
    first, second = (
        await pending(ledger, planned(ids[:3])),
        await pending(ledger, planned(ids[-3:])),
    )
    mine = await asked(ledger, planned(ids[::-1]))
    assert await ledger.write(lambda tx: tx.held(mine.id)) == [
        *((phone_id, second.id) for phone_id in ids[:-4:-1]),
        *((phone_id, first.id) for phone_id in ids[2::-1]),
    ]


async def test_another_projects_requests_hold_nothing_here(ledger: SqlLedger) -> None:
    shared = phone_ids(1)
    await pending(ledger, planned(shared), project="elsewhere")
    mine = await asked(ledger, planned(shared))
    assert await ledger.write(lambda tx: tx.held(mine.id)) == []


async def test_of_two_plans_put_up_at_once_with_one_phone_only_one_passes(
    ledger: SqlLedger,
) -> None:
    def attempt(tx: Transaction, request: Request) -> bool:
        if tx.held(request.id):
            return False
        put_up(tx, request)
        return True

    for _ in range(5):
        shared = phone_ids(1)
        plans = [await asked(ledger, planned(shared)) for _ in range(4)]
        passed = await asyncio.gather(
            *(ledger.write(lambda tx, plan=plan: attempt(tx, plan)) for plan in plans)  # type: ignore[misc]
        )
        assert sum(passed) == 1


async def test_what_a_request_leaves_out_it_does_not_need_to_hold(ledger: SqlLedger) -> None:
    shared = phone_ids(1)
    await pending(ledger, planned(shared))
    mine = await asked(ledger, [PhoneRow(shared[0], 1, PhoneState.UNCHANGED)])
    assert await ledger.write(lambda tx: tx.held(mine.id)) == []
