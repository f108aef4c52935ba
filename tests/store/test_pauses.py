"""Pauses are kept until they are ended, and nothing begins beside one that is put."""

import asyncio
from threading import Event as Gate

import pytest
from sqlalchemy.exc import IntegrityError

from bot.divert.pause import EVERY, Pause
from bot.divert.request import Event, Note, Request
from bot.divert.transaction import Transaction
from bot.store.figures import figures
from bot.store.ledger import SqlLedger
from tests.store.making import ALICE, BOB, Desk, pending, phone_ids, planned, send, sending


async def put(ledger: SqlLedger, project: str, key: str, reason: str = "") -> Pause:
    def work(tx: Transaction) -> Pause:
        pause = Pause(project, ALICE, tx.now(), reason, key)
        tx.put_pause(pause)
        return pause

    return await ledger.write(work)


async def end(ledger: SqlLedger, pause: Pause, key: str) -> None:
    await ledger.write(lambda tx: tx.end_pause(pause, BOB, key))


async def stands(ledger: SqlLedger, project: str) -> Pause | None:
    return await ledger.read(lambda tx: tx.pause(project))


async def test_a_pause_stands_for_its_project_until_it_is_ended(ledger: SqlLedger) -> None:
    pause = await put(ledger, "demo", "one", reason="half \ud800 a pair\0")
    kept = Pause("demo", ALICE, pause.at, "half ? a pair", "one")
    assert await stands(ledger, "demo") == kept
    assert await stands(ledger, "other") is None
    assert await ledger.read(lambda tx: tx.pauses()) == [kept]
    await end(ledger, pause, "two")
    assert await stands(ledger, "demo") is None


async def test_the_pause_of_every_project_comes_before_that_of_one(ledger: SqlLedger) -> None:
    one = await put(ledger, "demo", "one")
    every = await put(ledger, EVERY, "two")
    assert await stands(ledger, "demo") == every
    assert await stands(ledger, "other") == every
    await end(ledger, every, "three")
    assert await stands(ledger, "demo") == one


async def test_one_project_has_one_pause_at_a_time_and_may_have_another_later(
    ledger: SqlLedger,
) -> None:
    first = await put(ledger, "demo", "one")
    with pytest.raises(IntegrityError):
        await put(ledger, "demo", "two")
    await end(ledger, first, "three")
    assert (await put(ledger, "demo", "four")).key == "four"


async def test_a_command_knows_what_it_has_done(ledger: SqlLedger) -> None:
    await end(ledger, await put(ledger, "demo", "one"), "two")
    known = {
        key: await ledger.read(lambda tx, key=key: tx.has_ordered(key))  # type: ignore[misc]
        for key in ("one", "two", "three", "")
    }
    assert known == {"one": True, "two": True, "three": False, "": False}


async def test_who_is_about_to_send_is_waited_for_and_then_sees_the_pause(desk: Desk) -> None:
    """On SQLite there is one writer at a time as it is."""
    ledger, begun, goes_on = desk.ledger, asyncio.Event(), Gate()
    loop, ended = asyncio.get_running_loop(), []

    def begin(tx: Transaction) -> None:
        assert tx.pause("demo") is None
        loop.call_soon_threadsafe(begun.set)
        goes_on.wait(10)
        ended.append("send")

    def pause(tx: Transaction) -> None:
        tx.lock_pauses()
        ended.append("pause")
        tx.put_pause(Pause("demo", ALICE, tx.now(), key="one"))

    sends = asyncio.create_task(ledger.write(begin))
    await begun.wait()
    pauses = asyncio.create_task(ledger.write(pause))
    await asyncio.sleep(0.2)
    assert ended == []
    goes_on.set()
    await asyncio.gather(sends, pauses)
    assert ended == ["send", "pause"]
    assert await stands(ledger, "demo") is not None


async def test_what_has_something_left_to_send_is_found_by_project(ledger: SqlLedger) -> None:
    mine, other = phone_ids(1), phone_ids(1)
    approved = await pending(ledger, planned(phone_ids(1)))
    await ledger.write(lambda tx: tx.move(approved, Event.APPROVE, BOB))
    runs = await sending(ledger, planned(mine))
    await pending(ledger, planned(phone_ids(1)))
    elsewhere = await sending(ledger, planned(other), "else")
    found = await ledger.read(lambda tx: tx.to_send(["demo"]))
    assert found == [approved.id, runs.id]
    assert await ledger.read(lambda tx: tx.to_send(["else"])) == [elsewhere.id]
    await send(ledger, runs, 1)
    assert await ledger.read(lambda tx: tx.to_send(["demo"])) == [approved.id]


async def halted(ledger: SqlLedger, code: str, project: str = "demo") -> Request:
    request = await sending(ledger, planned(phone_ids(1)), project)
    return await ledger.write(lambda tx: tx.move(request, Event.HALT, "", note=Note(code=code)))


async def test_what_is_halted_is_found_by_why(ledger: SqlLedger) -> None:
    paused, frozen = await halted(ledger, "pause"), await halted(ledger, "freeze")
    await halted(ledger, "CPS.0007")
    await halted(ledger, "pause", "else")
    over = await halted(ledger, "pause")
    await ledger.write(lambda tx: tx.move(over, Event.RESUME, BOB))
    assert await ledger.read(lambda tx: tx.halted(["pause"], ["demo"])) == [paused.id]
    both = await ledger.read(lambda tx: tx.halted(["pause", "freeze"], ["demo"]))
    assert both == [paused.id, frozen.id]
    assert await ledger.read(lambda tx: tx.halted([], ["demo"])) == []


async def test_the_cards_of_what_waits_are_wanted_anew(ledger: SqlLedger) -> None:
    waits, stopped = await pending(ledger), await halted(ledger, "CPS.0007")
    runs = await sending(ledger, planned(phone_ids(1)))
    elsewhere = await pending(ledger, project="else")
    before = {one.id: one.version for one in (waits, stopped, runs, elsewhere)}
    await ledger.write(lambda tx: tx.touch_waiting(["demo"]))
    now = {one.id: one.version for one in await ledger.read(lambda tx: tx.latest(9))}
    grown = {request for request, version in now.items() if version > before[request]}
    assert grown == {waits.id, stopped.id}


async def test_a_monitor_is_told_of_each_pause(desk: Desk) -> None:
    async def told() -> dict[str, int]:
        found = await desk.database.read(figures)
        return {name: number for name, number in found if name.startswith("cph_paused")}

    assert await told() == {'cph_paused{project="*"}': 0}
    one = await put(desk.ledger, "demo", "one")
    every = await put(desk.ledger, EVERY, "two")
    assert await told() == {'cph_paused{project="*"}': 1, 'cph_paused{project="demo"}': 1}
    await end(desk.ledger, every, "three")
    await end(desk.ledger, one, "four")
    assert await told() == {'cph_paused{project="*"}': 0}
