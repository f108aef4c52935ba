import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Row, delete, select, update

from bot.divert.ports import Decided, Transaction
from bot.divert.request import Event
from bot.store.audit import verify
from bot.store.tables import audit
from tests.store.making import ALICE, BOB, Desk, draft, pending


async def entries(desk: Desk) -> list[Row[tuple[int, dict[str, str], str]]]:
    query = select(audit).order_by(audit.c.number)
    return await desk.database.read(lambda c: list(c.execute(query).all()))


async def broken(desk: Desk) -> int | None:
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


def change(connection: Connection) -> None:
    entry = connection.execute(select(audit.c.entry).where(audit.c.number == 3)).scalar_one()
    connection.execute(
        update(audit).where(audit.c.number == 3).values(entry={**entry, "who": "U0EVE"})
    )


def remove(connection: Connection) -> None:
    connection.execute(delete(audit).where(audit.c.number == 3))


def remove_and_close_the_gap(connection: Connection) -> None:
    remove(connection)
    for number in (4, 5, 6):
        query = update(audit).where(audit.c.number == number)
        connection.execute(query.values(number=number - 1))


def swap(connection: Connection) -> None:
    for number, to in ((3, 99), (4, 3), (99, 4)):
        connection.execute(update(audit).where(audit.c.number == number).values(number=to))


@pytest.mark.parametrize("tamper", [change, remove, remove_and_close_the_gap, swap])
async def test_an_entry_that_was_changed_removed_or_moved_is_found(
    desk: Desk, tamper: Callable[[Connection], None]
) -> None:
    for _ in range(3):
        await pending(desk.ledger)
    await desk.database.write(tamper)
    assert await broken(desk) == 3


async def test_an_entry_cut_off_the_end_is_found(desk: Desk) -> None:
    for _ in range(2):
        await pending(desk.ledger)
    await desk.database.write(lambda c: c.execute(delete(audit).where(audit.c.number == 4)))
    assert await broken(desk) == 4
