import asyncio
from datetime import timedelta

from bot.divert.outcome import Change, Counts, PhoneRow, PhoneState
from bot.divert.ports import Transaction
from bot.divert.request import Event, Request
from bot.store.ledger import SqlLedger
from tests.store.making import ALICE, BOB, draft, pending, phone_ids, planned, put_up, sending


async def counts(ledger: SqlLedger, request: Request) -> dict[PhoneState, int]:
    found: Counts = await ledger.read(lambda tx: tx.counts(request.id))
    return dict(found.by_state)


async def rows(ledger: SqlLedger, request: Request) -> list[PhoneRow]:
    return await ledger.read(lambda tx: tx.rows(request.id, 0, 1000))


async def change(ledger: SqlLedger, request: Request, *changes: Change) -> None:
    await ledger.write(lambda tx: tx.change_phones(request.id, changes))


async def test_phones_are_read_in_the_order_of_the_input_in_portions(ledger: SqlLedger) -> None:
    ids = phone_ids(5)
    request = await pending(ledger, planned(ids[::-1])[::-1])
    first = await ledger.read(lambda tx: tx.rows(request.id, 0, 3))
    rest = await ledger.read(lambda tx: tx.rows(request.id, first[-1].number, 3))
    assert [row.id for row in first + rest] == ids[::-1]
    assert [row.number for row in first + rest] == [1, 2, 3, 4, 5]


async def test_a_phone_is_kept_as_it_was_given(ledger: SqlLedger) -> None:
    [phone_id] = phone_ids(1)
    given = PhoneRow(phone_id, 1, PhoneState.UNCHANGED, "routing", "edge-07")
    request = await pending(ledger, [given])
    [kept] = await rows(ledger, request)
    assert kept.since is not None
    assert kept == PhoneRow(
        phone_id, 1, PhoneState.UNCHANGED, "routing", "edge-07", since=kept.since
    )


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


async def test_jobs_are_told_in_the_order_of_the_input(ledger: SqlLedger) -> None:
    ids = phone_ids(3)
    request = await sending(ledger, planned(ids))
    accepted = [Change(one, PhoneState.ACCEPTED, job_id=f"job-{one}") for one in ids[1:]]
    await change(ledger, request, *reversed(accepted))
    assert await ledger.read(lambda tx: tx.jobs_accepted(request.id)) == 2
    assert await ledger.read(lambda tx: tx.job_ids(request.id, 1)) == [(ids[1], f"job-{ids[1]}")]


async def test_a_phone_of_an_open_request_is_held(ledger: SqlLedger) -> None:
    shared, own = phone_ids(2), phone_ids(1)
    first = await pending(ledger, planned(shared))
    second = await asked(ledger, planned([*own, shared[1]]))
    assert await ledger.write(lambda tx: tx.held(second.id)) == [(shared[1], first.id)]


async def asked(ledger: SqlLedger, given: list[PhoneRow], project: str = "demo") -> Request:
    """A request whose phones are written and whose plan is not yet up."""

    def work(tx: Transaction) -> Request:
        request, _ = tx.ask(draft(project=project))
        tx.add_phones(request.id, given)
        return request

    return await ledger.write(work)


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


async def test_phones_whose_job_does_not_end_are_overdue(ledger: SqlLedger) -> None:
    late, ended = phone_ids(2)
    request = await sending(ledger, planned([late, ended]))
    await change(
        ledger,
        request,
        Change(late, PhoneState.ACCEPTED, job_id="job-1"),
        Change(ended, PhoneState.ACCEPTED, job_id="job-2", job_ended=True),
    )
    now = await ledger.read(lambda tx: tx.now())
    found = await ledger.read(lambda tx: tx.overdue(request.id, now))
    assert [row.id for row in found] == [late]
    assert await ledger.read(lambda tx: tx.overdue(request.id, now - timedelta(hours=1))) == []
    assert await ledger.read(lambda tx: tx.jobs_running(request.id)) == 1


async def test_a_projects_pace_is_kept_and_replaced(ledger: SqlLedger) -> None:
    assert await ledger.read(lambda tx: tx.pace("demo")) == {}
    await ledger.write(lambda tx: tx.keep_pace("demo", {"calls_per_second": 9.8, "until": None}))
    await ledger.write(lambda tx: tx.keep_pace("demo", {"calls_per_second": 4.9}))
    assert await ledger.read(lambda tx: tx.pace("demo")) == {"calls_per_second": 4.9}
