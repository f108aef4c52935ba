from collections.abc import Sequence
from datetime import datetime

from bot.divert.outcome import Change, PhoneRow, PhoneState, ServerWork
from bot.divert.request import Request
from bot.store.ledger import SqlLedger
from tests.store.making import accepted, change, phone_ids, rows, sending


def on(server: str, ids: Sequence[str], first: int = 1) -> list[PhoneRow]:
    return [
        PhoneRow(phone_id, number, PhoneState.PLANNED, "direct", server)
        for number, phone_id in enumerate(ids, first)
    ]


async def at_work(ledger: SqlLedger, request: Request) -> list[ServerWork]:
    return await ledger.read(lambda tx: tx.servers_at_work(request.id))


async def since(ledger: SqlLedger, request: Request, phone_id: str) -> datetime:
    [found] = [row.since for row in await rows(ledger, request) if row.id == phone_id]
    assert found is not None
    return found


async def test_a_server_is_at_work_while_a_job_runs_there(ledger: SqlLedger) -> None:
    busy, idle = phone_ids(2), phone_ids(1)
    request = await sending(ledger, on("edge-1", busy) + on("edge-2", idle, 3))
    assert await at_work(ledger, request) == []
    await change(ledger, request, *accepted(*busy, *idle))
    assert [work.server for work in await at_work(ledger, request)] == ["edge-1", "edge-2"]
    ends = [Change(busy[0], PhoneState.SUCCEEDED), Change(idle[0], PhoneState.FAILED)]
    await change(ledger, request, *ends)
    assert [work.server for work in await at_work(ledger, request)] == ["edge-1"]


async def test_a_server_where_nothing_moved_yet_counts_from_its_oldest_job(
    ledger: SqlLedger,
) -> None:
    ids = phone_ids(3)
    request = await sending(ledger, on("edge-1", ids))
    for phone_id in ids[:2]:
        await change(ledger, request, *accepted(phone_id))
    oldest = await since(ledger, request, ids[0])
    assert await at_work(ledger, request) == [ServerWork("edge-1", 3, 2, oldest, oldest)]


async def test_a_server_moves_with_each_job_that_ends(ledger: SqlLedger) -> None:
    ids = phone_ids(5)
    request = await sending(ledger, on("edge-1", ids))
    await change(ledger, request, *accepted(*ids))
    accepted_at = await since(ledger, request, ids[0])
    ends = (
        Change(ids[0], PhoneState.FAILED),
        Change(ids[1], PhoneState.ACCEPTED, job_ended=True),
        Change(ids[2], PhoneState.SUCCEEDED),
    )
    for running, end in zip((4, 3, 2), ends, strict=True):
        await change(ledger, request, end)
        moved_at = await since(ledger, request, end.phone_id)
        assert moved_at > accepted_at
        assert await at_work(ledger, request) == [
            ServerWork("edge-1", 5, running, accepted_at, moved_at)
        ]


async def test_what_moves_elsewhere_or_by_our_own_verdict_moves_no_server(
    ledger: SqlLedger,
) -> None:
    ids, elsewhere = phone_ids(3), phone_ids(2)
    request = await sending(ledger, on("edge-1", ids) + on("edge-2", elsewhere, 4))
    await change(ledger, request, *accepted(*ids, *elsewhere))
    ours = [Change(ids[1], PhoneState.UNCLEAR), Change(ids[2], PhoneState.REJECTED)]
    await change(ledger, request, *ours, Change(elsewhere[0], PhoneState.SUCCEEDED))
    [first, second] = await at_work(ledger, request)
    assert first.moved_at == first.accepted_at
    assert second.moved_at > second.accepted_at


async def test_a_server_that_works_for_another_request_of_the_project_moves(
    ledger: SqlLedger,
) -> None:
    ids = phone_ids(2)
    request = await sending(ledger, on("edge-1", ids))
    await change(ledger, request, *accepted(*ids))
    for project, moves in (("beta", False), ("demo", True)):
        other = await sending(ledger, on("edge-1", phone_ids(3)), project)
        ended = (await rows(ledger, other))[0].id
        await change(ledger, other, *accepted(ended), Change(ended, PhoneState.SUCCEEDED))
        [work] = await at_work(ledger, request)
        assert (work.moved_at > work.accepted_at) is moves
        assert (work.phones, work.running) == (5 if moves else 2, 2)


async def test_phones_left_out_or_cancelled_are_none_of_a_servers_work(ledger: SqlLedger) -> None:
    ids = phone_ids(6)
    request = await sending(ledger, on("edge-1", ids))
    others = (
        PhoneState.UNKNOWN, PhoneState.UNCHANGED, PhoneState.EXCLUDED, PhoneState.CANCELLED,
        PhoneState.SENT,
    )  # fmt: skip
    changes = [Change(one, state) for one, state in zip(ids[1:], others, strict=True)]
    await change(ledger, request, *accepted(ids[0]), *changes)
    [work] = await at_work(ledger, request)
    assert (work.phones, work.running) == (2, 1)


async def test_phones_whose_job_runs_are_found_by_server_in_the_order_of_the_input(
    ledger: SqlLedger,
) -> None:
    first, second, third = phone_ids(3), phone_ids(1), phone_ids(1)
    given = on("edge-2", second) + on("edge-1", first, 2) + on("edge-3", third, 5)
    request = await sending(ledger, given)
    await change(ledger, request, *accepted(*first, *second, *third))
    await change(ledger, request, Change(first[1], PhoneState.ACCEPTED, job_ended=True))
    found = await ledger.read(lambda tx: tx.running_on(request.id, ["edge-1", "edge-2"]))
    assert [row.id for row in found] == [*second, first[0], first[2]]


async def test_more_servers_than_one_query_takes_are_all_seen(ledger: SqlLedger) -> None:
    ids = phone_ids(5_500)
    given = [
        PhoneRow(phone_id, number, PhoneState.ACCEPTED, server=phone_id)
        for number, phone_id in enumerate(ids, 1)
    ]
    request = await sending(ledger, given)
    assert [work.server for work in await at_work(ledger, request)] == ids
    found = await ledger.read(lambda tx: tx.running_on(request.id, ids[::-1]))
    assert [row.id for row in found] == ids
