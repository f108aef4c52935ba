import asyncio
from datetime import timedelta

import pytest

from bot.divert.outcome import LEFT_OUT, Batch, Change, PhoneRow, PhoneState
from bot.divert.plan import BATCH_LIMIT
from bot.divert.request import Request
from bot.divert.transaction import Transaction
from bot.store.ledger import SqlLedger
from tests.store.making import accepted, answer, pending, phone_ids, planned, rows, send, sending

NO_TIME = timedelta(0)


async def due(ledger: SqlLedger, request: Request, limit: int = 100) -> list[Batch]:
    return await ledger.write(lambda tx: tx.due_batches(request.id, limit))


async def by_id(ledger: SqlLedger, request: Request) -> dict[str, PhoneRow]:
    return {row.id: row for row in await rows(ledger, request)}


async def test_phones_are_cut_into_batches_of_a_hundred_in_their_order(ledger: SqlLedger) -> None:
    ids = phone_ids(250)
    request = await sending(ledger, planned(ids))
    batches = await due(ledger, request)
    assert [batch.number for batch in batches] == [1, 2, 3]
    assert [batch.phone_ids for batch in batches] == [
        tuple(ids[:100]), tuple(ids[100:200]), tuple(ids[200:]),
    ]  # fmt: skip


@pytest.mark.parametrize("phones", [1, 99, 100, 101, 200, 1005])
async def test_batches_hold_every_phone_once_in_order_and_only_the_last_is_not_full(
    ledger: SqlLedger, phones: int
) -> None:
    ids = phone_ids(phones)
    batches = await due(ledger, await sending(ledger, planned(ids)))
    assert [one for batch in batches for one in batch.phone_ids] == ids
    assert 1 <= len(batches[-1].phone_ids) <= BATCH_LIMIT == 100
    assert all(len(batch.phone_ids) == BATCH_LIMIT for batch in batches[:-1])


async def test_only_phones_to_be_changed_get_into_batches(ledger: SqlLedger) -> None:
    mine, *left_out = phone_ids(1 + len(LEFT_OUT))
    given = [
        PhoneRow(phone_id, number, state)
        for number, (phone_id, state) in enumerate(zip(left_out, LEFT_OUT, strict=True), 2)
    ]
    request = await sending(ledger, [*planned([mine]), *given])
    assert [batch.phone_ids for batch in await due(ledger, request)] == [(mine,)]


async def test_a_batch_is_due_at_its_time_and_not_before(ledger: SqlLedger) -> None:
    def later(tx: Transaction) -> None:
        tx.clear_phones(request.id)
        tx.add_phones(request.id, planned(phone_ids(1)))
        tx.add_batches(request.id, tx.now() + timedelta(hours=1))

    request = await sending(ledger, [])
    assert await ledger.read(lambda tx: tx.next_due(request.id)) is None
    await ledger.write(later)
    assert await due(ledger, request) == []
    left = await ledger.read(lambda tx: (tx.next_due(request.id) or tx.now()) - tx.now())
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


async def test_a_batch_that_is_sent_is_not_taken_again(ledger: SqlLedger) -> None:
    ids = phone_ids(150)
    request = await sending(ledger, planned(ids))
    await send(ledger, request, 1)
    assert [batch.number for batch in await due(ledger, request)] == [2]
    found = await by_id(ledger, request)
    assert {found[one].state for one in ids[:100]} == {PhoneState.SENT}
    assert {found[one].state for one in ids[100:]} == {PhoneState.PLANNED}


async def test_senders_side_by_side_never_take_the_same_batch(ledger: SqlLedger) -> None:
    request = await sending(ledger, planned(phone_ids(20 * BATCH_LIMIT)))

    def take(tx: Transaction) -> int:
        assert tx.request(request.id) is not None
        [batch] = tx.due_batches(request.id, 1)
        tx.batch_sent(request.id, batch.number)
        return batch.number

    taken = await asyncio.gather(*(ledger.write(take) for _ in range(20)))
    assert sorted(taken) == list(range(1, 21))


async def test_a_call_that_never_arrived_counts_as_no_try(ledger: SqlLedger) -> None:
    ids = phone_ids(2)
    request = await sending(ledger, planned(ids))
    before = await due(ledger, request)
    await send(ledger, request, 1)
    await ledger.write(lambda tx: tx.batch_unsent(request.id, 1, tx.now()))
    assert await due(ledger, request) == before
    assert {row.state for row in await rows(ledger, request)} == {PhoneState.PLANNED}


async def test_a_batch_put_back_is_due_when_it_is_told_to(ledger: SqlLedger) -> None:
    request = await sending(ledger, planned(phone_ids(1)))
    await send(ledger, request, 1)
    await ledger.write(lambda tx: tx.batch_unsent(request.id, 1, tx.now() + timedelta(minutes=5)))
    assert await due(ledger, request) == []
    assert await ledger.read(lambda tx: tx.next_due(request.id)) is not None


async def test_phones_to_be_sent_again_get_a_new_batch_with_one_try_more(
    ledger: SqlLedger,
) -> None:
    ids = phone_ids(3)
    request = await sending(ledger, planned(ids))
    [first] = await due(ledger, request)
    await send(ledger, request, 1)
    again = [Change(one, PhoneState.PLANNED, code="CPS.0003", again=True) for one in ids[::2]]
    await answer(ledger, request, 1, "call-1", *again, *accepted(ids[1]))
    assert await due(ledger, request) == []
    await ledger.write(lambda tx: tx.add_batches(request.id, tx.now()))
    [second] = await due(ledger, request)
    assert second == Batch(2, (ids[0], ids[2]), first.tries + 1)
    assert (await by_id(ledger, request))[ids[1]].batch == 1


async def test_phones_tried_more_often_are_in_batches_of_their_own(ledger: SqlLedger) -> None:
    ids = phone_ids(2)
    request = await sending(ledger, planned(ids))
    await send(ledger, request, 1)
    change = Change(ids[1], PhoneState.PLANNED, again=True)
    await answer(ledger, request, 1, "call-1", change, *accepted(ids[0]))
    fresh = phone_ids(1)
    await ledger.write(
        lambda tx: tx.add_phones(request.id, [PhoneRow(fresh[0], 9, PhoneState.PLANNED)])
    )
    await ledger.write(lambda tx: tx.add_batches(request.id, tx.now()))
    batches = await due(ledger, request)
    assert {batch.phone_ids for batch in batches} == {(fresh[0],), (ids[1],)}
    assert len({batch.tries for batch in batches}) == 2


async def test_cutting_twice_makes_no_batch_twice(ledger: SqlLedger) -> None:
    request = await sending(ledger, planned(phone_ids(150)))
    before = await due(ledger, request)
    await ledger.write(lambda tx: tx.add_batches(request.id, tx.now()))
    assert await due(ledger, request) == before


async def test_numbers_go_on_where_cancelled_batches_were(ledger: SqlLedger) -> None:
    request = await sending(ledger, planned(phone_ids(150)))
    await ledger.write(lambda tx: tx.cancel_unsent(request.id))
    fresh = phone_ids(1)
    await ledger.write(
        lambda tx: tx.add_phones(request.id, [PhoneRow(fresh[0], 999, PhoneState.PLANNED)])
    )
    await ledger.write(lambda tx: tx.add_batches(request.id, tx.now()))
    assert [batch.phone_ids for batch in await due(ledger, request)] == [(fresh[0],)]


async def test_a_late_answer_leaves_no_empty_batch_to_send(ledger: SqlLedger) -> None:
    """A slice held for dead may still answer when its phones are cut anew."""
    ids = phone_ids(2)
    request = await sending(ledger, planned(ids))
    await send(ledger, request, 1)
    again = [Change(one, PhoneState.PLANNED, again=True) for one in ids]
    await ledger.write(lambda tx: tx.change_phones(request.id, again))
    await ledger.write(lambda tx: tx.add_batches(request.id, tx.now()))
    await answer(ledger, request, 1, "call-1", *accepted(*ids))
    assert await due(ledger, request) == []
    assert await ledger.read(lambda tx: tx.next_due(request.id)) is None


async def test_a_batch_takes_only_its_planned_phones_to_the_cloud(ledger: SqlLedger) -> None:
    ids = phone_ids(3)
    request = await sending(ledger, planned(ids))
    done = Change(ids[0], PhoneState.SUCCEEDED)
    await ledger.write(lambda tx: tx.change_phones(request.id, [done]))
    assert [batch.phone_ids for batch in await due(ledger, request)] == [tuple(ids[1:])]
    await send(ledger, request, 1)
    await ledger.write(lambda tx: tx.batch_unsent(request.id, 1, tx.now()))
    assert (await by_id(ledger, request))[ids[0]].state is PhoneState.SUCCEEDED


async def test_batches_of_a_dead_slice_are_told_apart_from_those_that_were_answered(
    ledger: SqlLedger,
) -> None:
    ids = phone_ids(250)
    request = await sending(ledger, planned(ids))
    other = await sending(ledger, planned(phone_ids(1)))
    await send(ledger, other, 1)
    await send(ledger, request, 1)
    await send(ledger, request, 2)
    await answer(ledger, request, 2, "call-2")
    assert await ledger.write(lambda tx: tx.orphans(request.id)) == 1
    assert await ledger.write(lambda tx: tx.orphans(request.id)) == 0
    assert await ledger.write(lambda tx: tx.orphans(other.id)) == 1


async def to_read_back(ledger: SqlLedger, request: Request, ago: timedelta = NO_TIME) -> list[str]:
    found = await ledger.read(lambda tx: tx.to_read_back(request.id, tx.now() - ago))
    return [row.id for row in found]


async def test_a_phone_in_a_call_that_is_still_out_is_not_read_back(ledger: SqlLedger) -> None:
    request = await sending(ledger, planned(phone_ids(1)))
    await send(ledger, request, 1)
    assert await to_read_back(ledger, request) == []


async def test_phones_without_an_answer_are_read_back_after_a_while(ledger: SqlLedger) -> None:
    ids = phone_ids(2)
    request = await sending(ledger, planned(ids))
    await send(ledger, request, 1)
    await answer(ledger, request, 1, "call-1", *accepted(ids[0]))
    assert await to_read_back(ledger, request) == [ids[1]]
    assert await to_read_back(ledger, request, timedelta(hours=1)) == []


async def test_phones_whose_job_ended_well_are_read_back(ledger: SqlLedger) -> None:
    ids = phone_ids(2)
    request = await sending(ledger, planned(ids))
    await send(ledger, request, 1)
    await answer(ledger, request, 1, "call-1", *accepted(*ids))
    assert await to_read_back(ledger, request) == []
    ended = Change(ids[1], PhoneState.ACCEPTED, job_ended=True)
    await ledger.write(lambda tx: tx.change_phones(request.id, [ended]))
    assert await to_read_back(ledger, request, timedelta(hours=1)) == [ids[1]]


async def test_a_plan_made_again_is_cut_anew_from_the_first_batch(ledger: SqlLedger) -> None:
    request = await pending(ledger, planned(phone_ids(150)))
    ids = phone_ids(1)

    def again(tx: Transaction) -> None:
        tx.clear_phones(request.id)
        tx.add_phones(request.id, planned(ids))
        tx.add_batches(request.id, tx.now())

    await ledger.write(again)
    [batch] = await due(ledger, request)
    assert (batch.number, batch.phone_ids) == (1, tuple(ids))
