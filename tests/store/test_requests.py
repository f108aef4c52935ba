import asyncio
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

from bot.divert.request import Event, NoSuchMove, Note, Request, State, read_request_id
from bot.divert.transaction import Decided, Run, Start, Transaction
from bot.store.ledger import SqlLedger
from bot.store.tables import projects
from tests.store.making import ALICE, BOB, Desk, draft, pending, put_up


async def test_a_draft_becomes_a_request_in_planning_and_is_kept_whole(ledger: SqlLedger) -> None:
    asked = draft(reason="video ads “test” ✓")
    request, new = await ledger.write(lambda tx: tx.ask(asked))
    assert new
    assert request.draft == asked
    assert request.state is State.PLANNING
    assert read_request_id(request.id) == request.id
    assert await ledger.read(lambda tx: tx.request(request.id)) == request


async def test_a_second_delivery_finds_the_first_ones_request(ledger: SqlLedger) -> None:
    first, _ = await ledger.write(lambda tx: tx.ask(draft("key-1")))
    again, new = await ledger.write(lambda tx: tx.ask(draft("key-1", reason="other words")))
    assert (again, new) == (first, False)


async def test_deliveries_at_the_same_time_make_one_request(ledger: SqlLedger) -> None:
    asked = await asyncio.gather(
        *(ledger.write(lambda tx: tx.ask(draft("key-2"))) for _ in range(8))
    )
    assert len({request.id for request, _ in asked}) == 1
    assert sum(new for _, new in asked) == 1


async def test_no_request_is_found_under_an_id_that_was_never_given(ledger: SqlLedger) -> None:
    assert await ledger.read(lambda tx: tx.request("D-0000")) is None


async def test_a_move_writes_its_columns_and_a_new_version(ledger: SqlLedger) -> None:
    request = await pending(ledger)
    assert request.state is State.PENDING
    assert request.version == 2
    assert request.note == Note(repeated=2)
    assert request.expires_at is not None
    assert request.planned_at is not None
    assert request.expires_at - request.planned_at == timedelta(hours=8)
    assert await ledger.read(lambda tx: tx.request(request.id)) == request


async def test_a_request_has_a_closing_time_only_once_it_is_closed(ledger: SqlLedger) -> None:
    request = await pending(ledger)
    assert request.closed_at is None
    denied = await ledger.write(lambda tx: tx.move(request, Event.DENY, BOB))
    assert denied.closed_at is not None


async def test_an_event_that_does_not_fit_is_refused_with_the_state_as_it_is(
    ledger: SqlLedger,
) -> None:
    request = await pending(ledger)
    await ledger.write(lambda tx: tx.move(request, Event.DENY, BOB))
    with pytest.raises(NoSuchMove) as late:
        await ledger.write(lambda tx: tx.move(request, Event.APPROVE, BOB))
    assert late.value.state is State.DENIED


async def test_of_two_who_decide_at_the_same_time_exactly_one_wins(ledger: SqlLedger) -> None:
    for _ in range(10):
        request = await pending(ledger)
        outcomes = await asyncio.gather(
            _decide(ledger, request, Event.APPROVE),
            _decide(ledger, request, Event.DENY),
        )
        assert sorted(outcomes) == [False, True]
        decisions = await ledger.read(lambda tx, r=request: tx.decisions(r.id))  # type: ignore[misc]
        assert len(decisions) == 1


async def _decide(ledger: SqlLedger, request: Request, event: Event) -> bool:
    def work(tx: Transaction) -> None:
        tx.move(request, event, BOB)
        tx.decide(request, Decided(BOB, event, "", tx.now()))

    try:
        await ledger.write(work)
    except NoSuchMove:
        return False
    return True


async def test_work_that_fails_leaves_nothing_behind(ledger: SqlLedger) -> None:
    def work(tx: Transaction) -> None:
        tx.ask(draft("key-3"))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the test's own
        await ledger.write(work)
    assert await ledger.read(lambda tx: tx.latest(10)) == []


async def test_the_latest_requests_come_first(ledger: SqlLedger) -> None:
    asked = [(await ledger.write(lambda tx: tx.ask(draft())))[0] for _ in range(3)]
    assert await ledger.read(lambda tx: tx.latest(2)) == [asked[2], asked[1]]


async def test_only_pending_requests_whose_time_has_run_out_are_due(ledger: SqlLedger) -> None:
    first, _ = await pending(ledger), await pending(ledger)
    decided = await pending(ledger)
    await ledger.write(lambda tx: tx.move(decided, Event.DENY, BOB))
    assert first.expires_at is not None
    assert await ledger.read(lambda tx: tx.open_until(first.expires_at)) == [first]  # type: ignore[arg-type]


async def test_decisions_count_for_the_plan_they_were_made_on(ledger: SqlLedger) -> None:
    request = await pending(ledger)
    decided = await ledger.write(lambda tx: Decided(BOB, "approve", "fine", tx.now()))
    await ledger.write(lambda tx: tx.decide(request, decided))
    assert await ledger.read(lambda tx: tx.decisions(request.id)) == [decided]
    replanned = await ledger.write(lambda tx: tx.move(request, Event.REPLAN, ALICE))
    await ledger.write(lambda tx: put_up(tx, replanned, "0" * 64))
    assert await ledger.read(lambda tx: tx.decisions(request.id)) == []


async def test_a_card_is_behind_until_it_is_shown_at_its_requests_version(
    ledger: SqlLedger,
) -> None:
    request = await pending(ledger)
    assert await ledger.read(lambda tx: tx.cards_behind(10)) == [request]
    await ledger.write(lambda tx: tx.card_shown(request.id, request.version, "C0OPS", "1.5"))
    assert await ledger.read(lambda tx: tx.cards_behind(10)) == []
    await ledger.write(lambda tx: tx.touch(request.id))
    behind = await ledger.read(lambda tx: tx.cards_behind(10))
    assert [(one.id, one.card_ts) for one in behind] == [(request.id, "1.5")]


async def test_a_card_never_goes_backwards(ledger: SqlLedger) -> None:
    request = await pending(ledger)
    await ledger.write(lambda tx: tx.touch(request.id))
    await ledger.write(lambda tx: tx.card_shown(request.id, 3, "C0OPS", "3.0"))
    await ledger.write(lambda tx: tx.card_shown(request.id, 2, "C0OLD", "2.0"))
    now = await ledger.read(lambda tx: tx.request(request.id))
    assert now is not None
    assert (now.card_channel, now.card_ts) == ("C0OPS", "3.0")
    assert await ledger.read(lambda tx: tx.cards_behind(10)) == []


async def test_the_card_that_waits_longest_is_painted_first(ledger: SqlLedger) -> None:
    first, second = await pending(ledger), await pending(ledger)
    await ledger.write(lambda tx: tx.card_shown(first.id, first.version, "C0OPS", "1.0"))
    await ledger.write(lambda tx: tx.touch(first.id))
    behind = await ledger.read(lambda tx: tx.cards_behind(10))
    assert [one.id for one in behind] == [second.id, first.id]


async def test_a_request_that_is_not_planned_yet_has_no_card(ledger: SqlLedger) -> None:
    await ledger.write(lambda tx: tx.ask(draft()))
    assert await ledger.read(lambda tx: tx.cards_behind(10)) == []


async def test_a_moment_is_one_for_the_whole_transaction_and_in_utc(ledger: SqlLedger) -> None:
    first, second = await ledger.write(lambda tx: (tx.now(), tx.now()))
    assert first == second
    assert first.utcoffset() == timedelta(0)


async def test_what_a_read_sees_does_not_change_while_it_lasts(desk: Desk) -> None:
    """A card is drawn from the request, its counts and decisions, all of one moment."""
    request = await pending(desk.ledger)
    began, moved = Barrier(2, timeout=10), Barrier(2, timeout=10)

    def look(tx: Transaction) -> tuple[Request | None, Request | None]:
        before = tx.request(request.id)
        began.wait()
        moved.wait()
        return before, tx.request(request.id)

    async def move() -> None:
        await asyncio.to_thread(began.wait)
        await desk.ledger.write(lambda tx: tx.move(request, Event.DENY, BOB))
        await asyncio.to_thread(moved.wait)

    (before, after), _ = await asyncio.gather(desk.ledger.read(look), move())
    assert before == after == request


async def test_a_read_cannot_write(desk: Desk) -> None:
    request = await pending(desk.ledger)
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        await desk.ledger.read(lambda tx: tx.touch(request.id))


async def test_text_from_outside_that_no_database_could_hold_is_kept_as_far_as_it_goes(
    ledger: SqlLedger,
) -> None:
    asked = draft(reason="half a \ud83d sign")
    request, _ = await ledger.write(lambda tx: tx.ask(asked))
    kept = await ledger.read(lambda tx: tx.request(request.id))
    assert kept is not None
    assert kept.draft.reason.startswith("half a ")


async def test_what_begins_work_is_handed_the_connection_of_the_change(desk: Desk) -> None:
    """So that the engine's row and ours commit together, or neither does."""

    def begin(connection: Connection, start: Start) -> None:
        connection.execute(insert(projects).values(name=start.subject, pace={}))

    ledger = SqlLedger(desk.database, begin)

    def work(tx: Transaction) -> None:
        tx.start(Start(Run.PLAN, "kept", "demo", "key"))
        assert tx.pace("kept")[0] == {}
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the test's own
        await ledger.write(work)
    kept = await desk.database.read(lambda c: list(c.execute(select(projects.c.name)).scalars()))
    assert kept == []
