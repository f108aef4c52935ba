"""Jobs are followed to their end, then routes are read back. What has no proof is unclear."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from bot.divert.failures import CloudFailure, Stop
from bot.divert.observing import observe
from bot.divert.outcome import (
    MAX_TRIES,
    UNDER_WAY,
    Change,
    Counts,
    PhoneRow,
    PhoneState,
    read_jobs,
    read_unasked,
)
from bot.divert.phones import Phone, Route
from bot.divert.ports import Transaction
from bot.divert.reporting import tell_jobs, tell_outcome
from bot.divert.request import Event, Request, State
from bot.divert.sending import halt
from bot.divert.turns import next_turn, start_following, start_sending
from bot.divert.wording import Words
from bot.divert.world import World

IDS_A_CALL: Final = 20  # request ids in one ListJobs call, by the API's own page
JUDGED_AT_ONCE: Final = 2_000  # phones in one transaction
LAG_ROUNDS: Final = 12  # poll rounds in which a route may come behind its job
_AFTER_STOP: Final = 60.0  # seconds; five refused signatures in a row would lock the key
FOLLOWED: Final = frozenset({State.SENDING, State.HALTED, State.CANCELLING})


async def follow_round(world: World, request_id: str, turn: str) -> None:
    """Ask once for every job that is due, read back what can be proven, queue the next round."""
    request = await world.ledger.read(lambda tx: tx.request(request_id))
    if request is None or request.state not in FOLLOWED:
        return
    wait = world.times.poll.total_seconds()
    try:
        ended = await _poll(world, request)
        await _read_back(world, request, turn, ended)
    except Stop as failure:
        wait, stop = _AFTER_STOP, failure
        await world.ledger.write(lambda tx: halt(world, tx, request_id, stop))
    except CloudFailure:
        pass  # a read is simply tried again, in the next round
    await world.ledger.write(lambda tx: _end(world, tx, request_id, turn, wait))


async def _poll(world: World, request: Request) -> int:
    """Poll what is due until the slice is over; how many jobs have ended."""
    until = world.clock.now() + world.times.slice
    ended = 0
    while world.clock.now() < until and not world.stopping():
        due = await world.ledger.read(lambda tx: _due(world, tx, request.id))
        if not due:
            break
        groups = [dict(group) for group in _grouped(due)]
        ended += sum(await asyncio.gather(*(_ask(world, request, group) for group in groups)))
    return ended


def _due(world: World, tx: Transaction, request_id: str) -> dict[str, dict[str, str]]:
    """While there is something to send, jobs are asked for by one call at a time."""
    calls = 1 if tx.next_due(request_id) else world.concurrency
    return tx.polls(request_id, IDS_A_CALL * calls)


def _grouped(due: Mapping[str, dict[str, str]]) -> Iterator[list[tuple[str, dict[str, str]]]]:
    items = list(due.items())
    for start in range(0, len(items), IDS_A_CALL):
        yield items[start : start + IDS_A_CALL]


async def _ask(world: World, request: Request, due: Mapping[str, Mapping[str, str]]) -> int:
    """Read the jobs of some calls and write those that have ended."""
    jobs = await world.cloud.jobs(request.project, list(due))
    asked = {job: phone for jobs_of_call in due.values() for job, phone in jobs_of_call.items()}
    changes = read_jobs(jobs, asked, world.cloud.passing)

    def write(tx: Transaction) -> None:
        found = read_unasked(jobs, tx.silent(request.id, list(due)))
        tx.change_phones(request.id, [*changes, *found])
        tx.polled(request.id, list(due), tx.now() + world.times.poll)
        if changes:
            tx.touch(request.id)

    await world.ledger.write(write)
    return len(changes)


async def _read_back(world: World, request: Request, turn: str, ended: int) -> None:
    """Read routes back once all is sent and no more jobs end by themselves."""
    rows = await world.ledger.read(lambda tx: _provable(world, tx, request.id, ended))
    if not rows:
        return
    seen = await observe(world, request.project, [row.id for row in rows])
    words, lag_over = world.project_words(request.project), _lag_over(world)
    for start in range(0, len(rows), JUDGED_AT_ONCE):
        portion = rows[start : start + JUDGED_AT_ONCE]
        changes = list(judge(portion, seen, request.route, lag_over, words))
        await world.ledger.write(partial(_write, request_id=request.id, turn=turn, changes=changes))


def _lag_over(world: World) -> datetime:
    return world.clock.now() - LAG_ROUNDS * world.times.poll


def _provable(world: World, tx: Transaction, request_id: str, ended: int) -> list[PhoneRow]:
    """The phones worth reading back in this round; none while their number still grows."""
    request = tx.request(request_id)
    unsent = request is not None and request.state is State.SENDING and tx.next_due(request_id)
    if unsent or (ended and tx.jobs_running(request_id)):
        return []
    now = tx.now()
    rows = tx.to_read_back(request_id, now - world.times.first_poll)
    return rows + tx.overdue(request_id, now - world.times.job_deadline)


def judge(
    rows: Sequence[PhoneRow],
    seen: Mapping[str, Phone],
    route: Route,
    lag_over: datetime,
    words: Words,
) -> Iterator[Change]:
    """What reading the routes back proves of each phone."""
    for row in rows:
        phone = seen.get(row.id)
        if phone is not None and phone.route == route:
            yield Change(row.id, PhoneState.SUCCEEDED)
        elif row.state is PhoneState.SENT:
            yield _send_again(row, phone is not None, words)
        elif not row.job_ended:
            yield Change(row.id, PhoneState.UNCLEAR, message=words.job_out_of_time())
        elif row.since is None or row.since <= lag_over:
            yield Change(row.id, PhoneState.UNCLEAR, message=words.read_back_unproven())


def _send_again(row: PhoneRow, there: bool, words: Words) -> Change:
    if there and row.tries < MAX_TRIES:
        return Change(row.id, PhoneState.PLANNED, code=row.code, message=row.message, again=True)
    if row.code:
        return Change(row.id, PhoneState.FAILED, code=row.code, message=row.message)
    return Change(row.id, PhoneState.UNCLEAR, message=words.no_proof())


def _write(tx: Transaction, request_id: str, turn: str, changes: Sequence[Change]) -> None:
    """Keep what was proven; phones to be sent again get batches and a chain to send them."""
    tx.change_phones(request_id, changes)
    tx.touch(request_id)
    request = tx.request(request_id)
    if request is None or not any(change.again for change in changes):
        return
    alive = tx.next_due(request_id) is not None
    tx.add_batches(request_id, tx.now())
    if not alive and request.state is State.SENDING:
        start_sending(tx, request, f"f{turn}.1")


def _end(world: World, tx: Transaction, request_id: str, turn: str, wait: float) -> None:
    """Finish when every phone has its end; else queue the next round."""
    request = tx.request(request_id)
    if request is None or request.state not in FOLLOWED:
        return
    if request.state is State.CANCELLING:
        tx.cancel_unsent(request_id)
    counts = tx.counts(request_id)
    if not counts.of(UNDER_WAY):
        tell_jobs(world, tx, request)  # jobs may end before the slice that sent them
        tell_outcome(world, tx, tx.move(request, Event.FINISH, ""), counts)
    elif _worth_following(request, counts):
        start_following(tx, request, next_turn(turn), wait)


def _worth_following(request: Request, counts: Counts) -> bool:
    """A halted request with nothing under way rests until a person lets it go on."""
    return request.state is not State.HALTED or bool(
        counts[PhoneState.SENT] + counts[PhoneState.ACCEPTED]
    )
