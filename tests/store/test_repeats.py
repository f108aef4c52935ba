"""What is asked for twice within seconds is asked back by what the database holds."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Table, func, select, update

from bot.divert.intake import record
from bot.divert.request import Draft, Event, Request
from bot.divert.transaction import Run
from bot.divert.twice import WINDOW, Recorded
from bot.store.database import open_database
from bot.store.ledger import SqlLedger
from bot.store.retention import forget_requests
from bot.store.tables import repeats, requests
from tests.store.making import ALICE, Desk, draft


async def asks(ledger: SqlLedger, asked: Draft, *, anyway: bool = False) -> Recorded:
    return await ledger.write(lambda tx: record(tx, asked, anyway=anyway))


async def age(desk: Desk, request: Request, by: timedelta) -> None:
    earlier = update(requests).where(requests.c.id == request.id)
    moved = earlier.values(asked_at=request.asked_at - by)
    await desk.database.write(lambda connection: connection.execute(moved))


async def count(desk: Desk) -> tuple[int, int]:
    """Requests, and drafts put aside."""
    return await desk.database.read(lambda c: (rows(c, requests), rows(c, repeats)))


def rows(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


async def test_the_same_wish_again_is_put_aside_and_starts_nothing(desk: Desk) -> None:
    first = await asks(desk.ledger, draft("key-1"))
    second = await asks(desk.ledger, draft("key-2", reason="another"))
    assert (first.first, first.repeat) == (True, None)
    assert second.request.id == first.request.id
    assert second.first
    assert second.repeat is not None
    assert second.repeat.draft == draft("key-2", reason="another")
    assert [start.run for start in desk.started] == [Run.PLAN]
    assert await count(desk) == (1, 1)


async def test_of_the_same_wish_in_one_instant_one_is_recorded(desk: Desk) -> None:
    came = await asyncio.gather(*(asks(desk.ledger, draft(f"key-{n}")) for n in range(12)))
    assert sum(one.repeat is None for one in came) == 1
    assert len({one.request.id for one in came}) == 1
    assert await count(desk) == (1, 11)


async def test_two_processes_do_not_both_record_it(desk: Desk, url: str) -> None:
    """On SQLite two never run; its file lets one writer in at a time all the same."""
    other = open_database(url)
    ledgers = (desk.ledger, Desk(other).ledger)
    came = await asyncio.gather(*(asks(ledgers[n % 2], draft(f"key-{n}")) for n in range(12)))
    assert sum(one.repeat is None for one in came) == 1
    assert await count(desk) == (1, 11)
    await other.close()


async def test_a_second_delivery_of_either_finds_what_became_of_the_first(desk: Desk) -> None:
    first = await asks(desk.ledger, draft("key-1"))
    second = await asks(desk.ledger, draft("key-2"))
    await age(desk, first.request, timedelta(hours=1))
    again = await asks(desk.ledger, draft("key-1"))
    assert (again.request.id, again.first, again.repeat) == (first.request.id, False, None)
    assert await asks(desk.ledger, draft("key-2")) == replace(
        second, request=again.request, first=False
    )
    assert await count(desk) == (1, 1)


async def test_deliveries_of_one_draft_in_one_instant_are_one(desk: Desk) -> None:
    came = await asyncio.gather(*(asks(desk.ledger, draft("key-1")) for _ in range(8)))
    assert sum(one.first for one in came) == 1
    assert await count(desk) == (1, 0)


async def test_the_window_is_ten_seconds(desk: Desk) -> None:
    first = await asks(desk.ledger, draft("key-1"))
    await age(desk, first.request, WINDOW - timedelta(seconds=5))
    assert (await asks(desk.ledger, draft("key-2"))).repeat is not None
    await age(desk, first.request, WINDOW)
    third = await asks(desk.ledger, draft("key-3"))
    assert third.repeat is None
    assert (await asks(desk.ledger, draft("key-4"))).request.id == third.request.id


async def test_what_is_closed_may_be_asked_for_again(desk: Desk) -> None:
    first = await asks(desk.ledger, draft("key-1"))
    await desk.ledger.write(lambda tx: tx.move(first.request, Event.WITHDRAW, ALICE))
    assert (await asks(desk.ledger, draft("key-2"))).repeat is None
    assert await count(desk) == (2, 0)


async def test_what_is_wanted_anyway_is_recorded_once(desk: Desk) -> None:
    first = await asks(desk.ledger, draft("key-1"))
    wanted = await asks(desk.ledger, draft("anyway:key-2"), anyway=True)
    assert wanted.request.id != first.request.id
    again = await asks(desk.ledger, draft("anyway:key-2"), anyway=True)
    assert (again.request.id, again.first) == (wanted.request.id, False)
    assert await count(desk) == (2, 0)


async def test_what_was_put_aside_goes_with_the_request_that_had_it(desk: Desk) -> None:
    first = await asks(desk.ledger, draft("key-1"))
    await asks(desk.ledger, draft("key-2"))
    await desk.ledger.write(lambda tx: tx.move(first.request, Event.WITHDRAW, ALICE))
    while await forget_requests(desk.database, first.request.asked_at + timedelta(minutes=1)):
        pass
    assert await count(desk) == (0, 0)
    assert await desk.ledger.read(lambda tx: tx.repeat("key-2")) is None
