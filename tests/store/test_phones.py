from dataclasses import replace

from bot.divert.outcome import NO_ANSWER, Change, Counts, PhoneRow, PhoneState
from bot.divert.request import Request
from bot.store.ledger import SqlLedger
from tests.store.making import change, pending, phone_ids, planned, rows, send, sending


async def counts(ledger: SqlLedger, request: Request) -> dict[PhoneState, int]:
    found: Counts = await ledger.read(lambda tx: tx.counts(request.id))
    return dict(found.by_state)


async def test_phones_are_read_in_the_order_of_the_input_in_portions(ledger: SqlLedger) -> None:
    ids = phone_ids(5)
    request = await pending(ledger, planned(ids[::-1])[::-1])
    first = await ledger.read(lambda tx: tx.rows(request.id, 0, 3))
    rest = await ledger.read(lambda tx: tx.rows(request.id, first[-1].number, 3))
    assert [row.id for row in first + rest] == ids[::-1]
    assert [row.number for row in first + rest] == [1, 2, 3, 4, 5]


async def test_a_phone_is_kept_as_it_was_given(ledger: SqlLedger) -> None:
    [phone_id] = phone_ids(1)
    given = PhoneRow(
        phone_id, 1, PhoneState.EXCLUDED, "routing", "edge-07", name="mobile-1 ✓",
        server_name="Edge 7", hindrance="stopped", place=4711, history="1: CPS.0042",
    )  # fmt: skip
    request = await pending(ledger, [given])
    [kept] = await rows(ledger, request)
    assert kept.since is not None
    assert kept == replace(given, since=kept.since)


async def test_phones_are_counted_by_state(ledger: SqlLedger) -> None:
    first, second, third = phone_ids(3)
    given = [*planned([first, second]), PhoneRow(third, 3, PhoneState.UNKNOWN)]
    request = await pending(ledger, given)
    other = await pending(ledger, planned(phone_ids(2)))
    await change(ledger, request, Change(first, PhoneState.REJECTED, code="CPS.0013"))
    assert await counts(ledger, request) == {
        PhoneState.REJECTED: 1, PhoneState.PLANNED: 1, PhoneState.UNKNOWN: 1,
    }  # fmt: skip
    assert await counts(ledger, other) == {PhoneState.PLANNED: 2}


async def test_phones_whose_call_was_once_not_answered_are_known(ledger: SqlLedger) -> None:
    lost, busy, other = ids = phone_ids(3)
    request = await sending(ledger, planned(ids))
    for one, why in ((lost, NO_ANSWER), (other, NO_ANSWER), (busy, "CPS.0042")):
        again = Change(one, PhoneState.PLANNED, again=True, why=why)
        await change(ledger, request, again)
    await change(ledger, request, Change(lost, PhoneState.PLANNED, again=True, why="CPS.0042"))
    known = await ledger.read(lambda tx: tx.unanswered(request.id, [lost, busy]))
    assert known == {lost}


async def test_clearing_a_request_leaves_the_others_alone(ledger: SqlLedger) -> None:
    mine = await pending(ledger, planned(phone_ids(3)))
    other = await pending(ledger, planned(phone_ids(3)))
    await ledger.write(lambda tx: tx.clear_phones(mine.id))
    assert await rows(ledger, mine) == []
    assert await ledger.read(lambda tx: tx.next_due(mine.id)) is None
    assert await counts(ledger, other) == {PhoneState.PLANNED: 3}
    assert await ledger.read(lambda tx: tx.next_due(other.id)) is not None


async def test_a_change_keeps_the_job_that_it_does_not_speak_of(ledger: SqlLedger) -> None:
    [phone_id] = phone_ids(1)
    request = await sending(ledger, planned([phone_id]))
    await change(ledger, request, Change(phone_id, PhoneState.ACCEPTED, job_id="job-1"))
    await change(ledger, request, Change(phone_id, PhoneState.ACCEPTED, job_ended=True))
    await change(ledger, request, Change(phone_id, PhoneState.SUCCEEDED))
    [row] = await rows(ledger, request)
    assert (row.state, row.job_id, row.job_ended) == (PhoneState.SUCCEEDED, "job-1", True)


async def test_each_change_dates_the_state_anew(ledger: SqlLedger) -> None:
    [phone_id] = phone_ids(1)
    request = await sending(ledger, planned([phone_id]))
    moments = []
    for state in (PhoneState.SENT, PhoneState.ACCEPTED):
        await change(ledger, request, Change(phone_id, state, job_id="job-1"))
        moments.append((await rows(ledger, request))[0].since)
    assert moments[0] is not None
    assert moments[1] is not None
    assert moments[0] < moments[1]


async def test_a_change_of_a_phone_that_is_not_the_requests_changes_nothing(
    ledger: SqlLedger,
) -> None:
    mine, others = phone_ids(1), phone_ids(1)
    request = await sending(ledger, planned(mine))
    other = await sending(ledger, planned(others))
    await change(ledger, request, Change(others[0], PhoneState.FAILED))
    assert await counts(ledger, request) == {PhoneState.PLANNED: 1}
    assert await counts(ledger, other) == {PhoneState.PLANNED: 1}


async def test_words_of_the_cloud_are_kept_however_long_or_odd(ledger: SqlLedger) -> None:
    """An answer that cannot be written would be asked for again for ever."""
    [phone_id] = phone_ids(1)
    request = await sending(ledger, planned([phone_id]))
    odd = Change(
        phone_id, PhoneState.REJECTED, job_id="j" * 300, code="X" * 300, message="a\0b\ud83dc" * 99
    )
    await change(ledger, request, odd)
    [row] = await rows(ledger, request)
    assert (row.job_id, row.code) == ("j" * 300, "X" * 300)
    assert row.message.startswith("a")
    assert "\0" not in row.message


async def test_why_each_try_failed_is_kept_with_its_number(ledger: SqlLedger) -> None:
    ids = phone_ids(2)
    request = await sending(ledger, planned(ids))
    for number, why in ((1, "CPS.0042"), (2, "no answer")):
        await send(ledger, request, number)
        await change(ledger, request, Change(ids[0], PhoneState.PLANNED, again=True, why=why))
        await ledger.write(lambda tx: tx.add_batches(request.id, tx.now()))
    await change(ledger, request, Change(ids[0], PhoneState.SUCCEEDED))
    assert [row.history for row in await rows(ledger, request)] == [
        "1: CPS.0042, 2: no answer",
        "",
    ]


async def test_a_long_history_is_cut(ledger: SqlLedger) -> None:
    [phone_id] = phone_ids(1)
    request = await sending(ledger, planned([phone_id]))
    for _ in range(2):
        await change(ledger, request, Change(phone_id, PhoneState.SENT, why="é\0x" * 200))
    [row] = await rows(ledger, request)
    assert row.history == ("0: " + "éx" * 200 + ", 0: " + "éx" * 200)[:500]


async def test_cancelling_ends_what_is_planned_and_nothing_else(ledger: SqlLedger) -> None:
    ids = phone_ids(150)
    request = await sending(ledger, planned(ids))
    await ledger.write(lambda tx: tx.batch_sent(request.id, 1))
    assert await ledger.write(lambda tx: tx.cancel_unsent(request.id)) == 50
    assert await counts(ledger, request) == {PhoneState.SENT: 100, PhoneState.CANCELLED: 50}
    assert await ledger.read(lambda tx: tx.next_due(request.id)) is None
    assert await ledger.write(lambda tx: tx.cancel_unsent(request.id)) == 0


async def test_errors_are_grouped_by_code_the_commonest_first(ledger: SqlLedger) -> None:
    ids = phone_ids(10)
    request = await sending(ledger, planned(ids))
    common = [Change(one, PhoneState.FAILED, code="CPS.0013", message="off") for one in ids[:7]]
    rare = [Change(ids[7], PhoneState.REJECTED, code="CPS.0021", message="unknown")]
    await change(ledger, request, *common, *rare, Change(ids[8], PhoneState.SUCCEEDED))
    assert await ledger.read(lambda tx: tx.errors(request.id)) == [
        ("CPS.0013", 7, "off", ids[:5]),
        ("CPS.0021", 1, "unknown", [ids[7]]),
    ]


async def test_errors_without_a_code_are_told_apart_by_what_they_say(ledger: SqlLedger) -> None:
    ids = phone_ids(3)
    request = await sending(ledger, planned(ids))
    await change(
        ledger,
        request,
        Change(ids[0], PhoneState.UNCLEAR, message="no proof"),
        Change(ids[1], PhoneState.UNCLEAR, message="out of time"),
        Change(ids[2], PhoneState.UNCLEAR, message="no proof"),
    )
    assert await ledger.read(lambda tx: tx.errors(request.id)) == [
        ("", 2, "no proof", [ids[0], ids[2]]),
        ("", 1, "out of time", [ids[1]]),
    ]


async def test_one_code_with_several_messages_is_one_group(ledger: SqlLedger) -> None:
    ids = phone_ids(2)
    request = await sending(ledger, planned(ids))
    changes = [
        Change(one, PhoneState.FAILED, code="CPS.0013", message=f"phone {one} is off")
        for one in ids
    ]
    await change(ledger, request, *changes)
    [(code, phones, message, sample)] = await ledger.read(lambda tx: tx.errors(request.id))
    assert (code, phones, sample) == ("CPS.0013", 2, ids)
    assert message in [one.message for one in changes]
