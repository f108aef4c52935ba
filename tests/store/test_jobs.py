from datetime import timedelta

from bot.divert.outcome import Change, PhoneState
from bot.divert.request import Request
from bot.divert.transaction import Transaction
from bot.store.ledger import SqlLedger
from tests.store.making import accepted, answer, change, phone_ids, planned, send, sending


async def polls(ledger: SqlLedger, request: Request, limit: int = 100) -> dict[str, dict[str, str]]:
    return await ledger.write(lambda tx: tx.polls(request.id, limit))


async def test_jobs_are_asked_for_by_call_until_they_end(ledger: SqlLedger) -> None:
    ids = phone_ids(101)
    request = await sending(ledger, planned(ids))
    for number, of_call in ((1, ids[:2]), (2, ids[100:])):
        await send(ledger, request, number)
        await answer(ledger, request, number, f"call-{number}", *accepted(*of_call))
    assert await polls(ledger, request) == {
        "call-1": {f"job-{ids[0]}": ids[0], f"job-{ids[1]}": ids[1]},
        "call-2": {f"job-{ids[100]}": ids[100]},
    }
    changes = [
        Change(ids[0], PhoneState.ACCEPTED, job_ended=True),
        Change(ids[100], PhoneState.FAILED, code="CPS.0013"),
    ]
    await ledger.write(lambda tx: tx.change_phones(request.id, changes))
    await ledger.write(
        lambda tx: tx.polled(request.id, dict.fromkeys(["call-1", "call-2"], tx.now()))
    )
    assert await polls(ledger, request) == {"call-1": {f"job-{ids[1]}": ids[1]}}


async def test_each_call_is_asked_about_again_at_its_own_time(ledger: SqlLedger) -> None:
    ids = phone_ids(201)
    request = await sending(ledger, planned(ids))
    for number, phone_id in ((1, ids[0]), (2, ids[100]), (3, ids[200])):
        await send(ledger, request, number)
        await answer(ledger, request, number, f"call-{number}", *accepted(phone_id))

    def ask(tx: Transaction) -> None:
        later, now = tx.now() + timedelta(minutes=1), tx.now()
        tx.polled(request.id, {"call-1": later, "call-3": now, "call-2": now - timedelta(hours=1)})

    await ledger.write(ask)
    assert list(await polls(ledger, request)) == ["call-2", "call-3"]


async def test_asking_for_jobs_of_one_request_leaves_those_of_others_due(
    ledger: SqlLedger,
) -> None:
    mine, others = phone_ids(1), phone_ids(1)
    request, other = await sending(ledger, planned(mine)), await sending(ledger, planned(others))
    for one, ids in ((request, mine), (other, others)):
        await send(ledger, one, 1)
        await answer(ledger, one, 1, "call-1", *accepted(*ids))
    await ledger.write(
        lambda tx: tx.polled(request.id, {"call-1": tx.now() + timedelta(minutes=1)})
    )
    assert await polls(ledger, request) == {}
    assert list(await polls(ledger, other)) == ["call-1"]


async def test_at_most_so_many_calls_are_asked_about_the_longest_due_first(
    ledger: SqlLedger,
) -> None:
    ids = phone_ids(201)
    request = await sending(ledger, planned(ids))
    for number, phone_id in ((2, ids[100]), (1, ids[0]), (3, ids[200])):
        await send(ledger, request, number)
        await answer(ledger, request, number, f"call-{number}", *accepted(phone_id))
    assert set(await polls(ledger, request, 2)) == {"call-2", "call-1"}


async def test_a_call_without_jobs_is_not_asked_about(ledger: SqlLedger) -> None:
    request = await sending(ledger, planned(phone_ids(1)))
    await send(ledger, request, 1)
    await answer(ledger, request, 1, "")
    assert await polls(ledger, request) == {}


async def test_phones_that_a_calls_answer_did_not_mention_are_silent(ledger: SqlLedger) -> None:
    ids = phone_ids(101)
    request = await sending(ledger, planned(ids))
    for number in (1, 2):
        await send(ledger, request, number)
        await answer(ledger, request, number, f"call-{number}")
    await change(ledger, request, *accepted(*ids[:98]))
    await change(ledger, request, Change(ids[0], PhoneState.SENT, code="CPS.0054"))
    silent = await ledger.read(lambda tx: tx.silent(request.id, ["call-1"]))
    assert silent == set(ids[98:100])


async def jobs_by_call(ledger: SqlLedger, request: Request, *calls: str) -> dict[str, int]:
    return await ledger.read(lambda tx: tx.jobs_by_call(request.id, calls))


async def test_a_calls_jobs_are_counted_whether_they_ended_or_not(ledger: SqlLedger) -> None:
    ids = phone_ids(201)
    request = await sending(ledger, planned(ids))
    for number in (1, 2, 3):
        await send(ledger, request, number)
        await answer(ledger, request, number, f"call-{number}")
    await change(ledger, request, *accepted(*ids[:7], *ids[100:102]))
    ends = (
        Change(ids[0], PhoneState.ACCEPTED, job_ended=True),
        *(Change(one, state) for one, state in zip(ids[1:5], _ENDS, strict=True)),
    )
    await change(ledger, request, *ends)
    calls = ("call-1", "call-3", "call-9")
    found = await jobs_by_call(ledger, request, *calls)
    assert found == {"call-1": 7, "call-3": 0, "call-9": 0}


_ENDS = (PhoneState.SUCCEEDED, PhoneState.FAILED, PhoneState.UNCLEAR, PhoneState.SENT)


async def test_a_phone_sent_again_takes_no_job_of_an_earlier_call_along(
    ledger: SqlLedger,
) -> None:
    """Else the second call would seem to have started it, and to have mentioned the phone."""
    [phone_id] = phone_ids(1)
    request = await sending(ledger, planned([phone_id]))
    await send(ledger, request, 1)
    await answer(ledger, request, 1, "call-1", *accepted(phone_id))
    await change(ledger, request, Change(phone_id, PhoneState.SENT, code="CPS.0054"))
    await change(ledger, request, Change(phone_id, PhoneState.PLANNED, again=True))
    await ledger.write(lambda tx: tx.add_batches(request.id, tx.now()))
    await send(ledger, request, 2)
    await answer(ledger, request, 2, "call-2")
    assert await jobs_by_call(ledger, request, "call-2") == {"call-2": 0}
    assert await ledger.read(lambda tx: tx.silent(request.id, ["call-2"])) == {phone_id}


async def test_jobs_are_told_in_the_order_of_the_input(ledger: SqlLedger) -> None:
    ids = phone_ids(3)
    request = await sending(ledger, planned(ids))
    await change(ledger, request, *accepted(ids[2], ids[1]))
    assert await ledger.read(lambda tx: tx.jobs_accepted(request.id)) == 2
    assert await ledger.read(lambda tx: tx.job_ids(request.id, 1)) == [(ids[1], f"job-{ids[1]}")]
