import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Row, select

from bot.divert.request import Event, Note
from bot.divert.transaction import Decided, Transaction
from bot.store.audit_proof import Fault, verify
from bot.store.ledger import SqlLedger
from bot.store.tables import audit
from tests.store.making import ALICE, BOB, Desk, draft, pending


async def entries(desk: Desk) -> list[Row[tuple[int, dict[str, str], str]]]:
    query = select(audit).order_by(audit.c.number)
    return await desk.database.read(lambda c: list(c.execute(query).all()))


async def broken(desk: Desk) -> Fault | None:
    return await desk.database.read(verify)


async def test_every_move_and_decision_is_entered_with_who_and_what(desk: Desk) -> None:
    request = await pending(desk.ledger)

    def work(tx: Transaction) -> None:
        tx.decide(request, Decided(BOB, "approve", "fine", tx.now()))
        tx.move(request, Event.APPROVE, BOB)

    await desk.ledger.write(work)
    told = [row.entry for row in await entries(desk)]
    assert [(one["who"], one["event"]) for one in told] == [
        (ALICE, "ask"), (ALICE, "planned"), (BOB, "decide"), (BOB, "approve"),
    ]  # fmt: skip
    assert {one["request"] for one in told} == {request.id}
    assert (told[3]["from"], told[3]["to"], told[3]["plan"]) == (
        "pending", "approved", request.plan_hash,
    )  # fmt: skip


async def test_a_chain_nobody_touched_is_whole(desk: Desk) -> None:
    assert await broken(desk) is None
    for _ in range(3):
        await pending(desk.ledger)
    assert [row.number for row in await entries(desk)] == [1, 2, 3, 4, 5, 6]
    assert await broken(desk) is None


async def test_work_that_fails_leaves_no_gap(desk: Desk) -> None:
    def work(tx: Transaction) -> None:
        tx.ask(draft())
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the test's own
        await desk.ledger.write(work)
    await desk.ledger.write(lambda tx: tx.ask(draft()))
    assert [row.number for row in await entries(desk)] == [1]


async def test_the_chain_has_no_fork_when_many_write_at_once(desk: Desk) -> None:
    await asyncio.gather(*(pending(desk.ledger) for _ in range(20)))
    assert [row.number for row in await entries(desk)] == list(range(1, 41))
    assert await broken(desk) is None


async def test_an_entry_of_a_request_carries_the_rule_and_the_policy_it_was_under(
    desk: Desk,
) -> None:
    request = await pending(desk.ledger)
    note = Note(rule="edge by day", policy="0a1b2c3d4e5f")

    def work(tx: Transaction) -> None:
        again = tx.move(request, Event.REPLAN, BOB, note=note)
        planned = tx.move(again, Event.PLANNED, "", plan_hash="e" * 64)
        tx.decide(planned, Decided(BOB, "approve", "fine", tx.now()))
        tx.move(planned, Event.APPROVE, BOB)

    await desk.ledger.write(work)
    told = [row.entry for row in await entries(desk)]
    assert [(one["rule"], one["policy"]) for one in told] == [
        ("", ""), ("", ""), *4 * [("edge by day", "0a1b2c3d4e5f")],
    ]  # fmt: skip
    assert [one.get("plan") for one in told] == [
        None, "f" * 64, "f" * 64, "e" * 64, "e" * 64, "e" * 64,
    ]  # fmt: skip


async def test_what_is_bound_to_no_request_is_entered_as_well(desk: Desk) -> None:
    before = datetime.now(UTC)
    await desk.ledger.write(lambda tx: tx.note("pause", BOB, project="demo", reason="storm"))
    [row] = await entries(desk)
    at = datetime.fromisoformat(row.entry.pop("at"))
    assert before <= at <= datetime.now(UTC)
    assert row.entry == {
        "who": BOB, "event": "pause", "request": "", "project": "demo", "rule": "", "policy": "",
        "reason": "storm",
    }  # fmt: skip
    assert await broken(desk) is None


async def test_what_is_entered_goes_with_the_change_or_not_at_all(desk: Desk) -> None:
    def work(tx: Transaction) -> None:
        tx.note("pause", BOB)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the test's own
        await desk.ledger.write(work)
    assert await entries(desk) == []


async def test_no_detail_takes_the_place_of_what_happened_and_who_did_it(desk: Desk) -> None:
    detail = {"who": "U0EVE", "at": "never"}
    await desk.ledger.write(lambda tx: tx.note("pause", BOB, **detail))
    [row] = await entries(desk)
    assert row.entry["who"] == BOB
    assert datetime.fromisoformat(row.entry["at"])


@given(st.text(st.characters()))
@example("half a pair \ud83d, a NUL \0, and a whole one \U0001f642")
async def test_a_chain_is_whole_whatever_people_write(
    lasting_ledger: SqlLedger, reason: str
) -> None:
    await lasting_ledger.write(lambda tx: tx.note("pause", BOB, reason=reason))
    assert await lasting_ledger._database.read(verify) is None
