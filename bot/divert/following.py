"""Jobs are followed to their end, then routes are read back. What has no proof is unclear."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from bot.divert.deadline import LAG_ROUNDS, Late, is_quiet, next_look, out_of_time
from bot.divert.failures import CloudFailure, Stop
from bot.divert.holdup import halt
from bot.divert.observing import observe_again
from bot.divert.outcome import (
    MAX_TRIES,
    NO_ANSWER,
    UNDER_WAY,
    Change,
    Counts,
    PhoneRow,
    PhoneState,
    ServerWork,
)
from bot.divert.pacing import keep
from bot.divert.phones import Phone, Route
from bot.divert.polling import poll
from bot.divert.reporting import tell_jobs, tell_outcome
from bot.divert.request import Event, Request, State
from bot.divert.sender import log_again
from bot.divert.transaction import Transaction
from bot.divert.turns import next_turn, start_following, start_sending
from bot.divert.wording import Words
from bot.divert.world import World

JUDGED_AT_ONCE: Final = 2_000  # phones in one transaction
NOT_THERE: Final = "not there when read back"
FOLLOWED: Final = frozenset({State.SENDING, State.HALTED, State.CANCELLING})
_AFTER_STOP: Final = 60.0  # seconds; five refused signatures in a row would lock the key
_log = logging.getLogger(__name__)


async def follow_round(world: World, request_id: str, turn: str) -> None:
    """Ask once for every job that is due, read back what can be proven, queue the next round."""
    request = await world.ledger.read(lambda tx: tx.request(request_id))
    if request is None or request.state not in FOLLOWED:
        return
    wait, began = world.times.poll.total_seconds(), world.clock.now()
    try:
        asked = await _poll(world, request)
        wait = await _read_back(world, request, turn, began, asked=asked)
    except Stop as failure:
        wait, stop = _AFTER_STOP, failure
        await world.ledger.write(lambda tx: halt(world, tx, request_id, stop))
    except CloudFailure as failure:  # a read is simply tried again, in the next round
        _log.info("%s: phones cannot be read: %s", request_id, failure.code or "no answer")
    learned = world.cloud.learned(request.project)

    def end(tx: Transaction) -> None:
        _end(world, tx, request_id, turn, wait)
        keep(tx, world.cloud, request.project, learned)

    await world.ledger.write(end)


async def _poll(world: World, request: Request) -> bool:
    """Whether every job that was due could be asked for."""
    try:
        return await poll(world, request)
    except Stop:
        raise
    except CloudFailure as failure:
        _log.info("%s: jobs cannot be read: %s", request.id, failure.code or "no answer")
        return False


@dataclass(frozen=True, slots=True)
class Provable:
    """The phones worth reading back now; `late` are the servers whose jobs are given up."""

    rows: Sequence[PhoneRow] = ()
    late: Mapping[str, Late] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a phone that was read back is held against."""

    route: Route
    lag_over: datetime  # a job that ended before shows its route by now, or never
    words: Words
    late: Mapping[str, Late] = field(default_factory=dict)

    def why_given_up(self, server: str) -> str:
        if self.late.get(server) is Late.TOO_LONG:
            return self.words.jobs_too_long()
        return self.words.job_stalled()


async def _read_back(
    world: World, request: Request, turn: str, began: datetime, *, asked: bool
) -> float:
    """Read routes back once all is sent and no more jobs end; seconds until the next round."""
    found = await world.ledger.read(lambda tx: _provable(world, tx, request.id, began, asked=asked))
    if not found.rows:
        return world.times.poll.total_seconds()
    seen = await observe_again(world, request.project, found.rows)
    left = {row.id for row in found.rows}
    lag_over = world.clock.now() - LAG_ROUNDS * world.times.poll
    proof = Proof(request.route, lag_over, world.project_words(request.project), found.late)
    for start in range(0, len(found.rows), JUDGED_AT_ONCE):
        changes = list(judge(found.rows[start : start + JUDGED_AT_ONCE], seen, proof))
        left.difference_update(change.phone_id for change in changes)
        log_again(request.id, changes)
        await world.ledger.write(partial(_write, request_id=request.id, turn=turn, changes=changes))
    return _until_next(world, [row for row in found.rows if row.id in left])


def _until_next(world: World, lagging: Sequence[PhoneRow]) -> float:
    """Seconds until the routes that come late are worth another look."""
    now, poll_time = world.clock.now(), world.times.poll
    oldest = min((row.since for row in lagging if row.since is not None), default=now)
    return next_look(now - oldest, poll_time).total_seconds()


def _provable(
    world: World, tx: Transaction, request_id: str, began: datetime, *, asked: bool
) -> Provable:
    """The phones of servers that are given up, and the others once their number grows no more.

    While something is left to send, looking through all servers would hold the sends up.

    What is known of jobs is as old as the questions, which `began` then. After a time in which
    nobody asked, jobs look as if they had never ended; so where not all could be asked for, a
    server has twice the time.
    """
    if _is_unsent(tx, request_id):
        return Provable()
    now, times = tx.now(), world.times
    deadline = times.job_deadline * (1 if asked else 2)
    work = tx.servers_at_work(request_id)
    late = {one.server: why for one in work if (why := out_of_time(one, began, deadline))}
    rows = tx.running_on(request_id, list(late)) if late else []
    for one in work:
        if one.server in late:
            _log_given_up(request_id, one, late[one.server])
    waiting = (one for one in work if one.server not in late)
    if not all(is_quiet(one, began, times.job_deadline) for one in waiting):
        return Provable(rows, late)
    return Provable([*rows, *tx.to_read_back(request_id, now - times.first_poll)], late)


def _log_given_up(request_id: str, work: ServerWork, why: Late) -> None:
    _log.info(
        "%s: server %s is given up with %d of %d phones under way: %s",
        request_id, work.server or "?", work.running, work.phones, why,
    )  # fmt: skip


def _is_unsent(tx: Transaction, request_id: str) -> bool:
    request = tx.request(request_id)
    sending = request is not None and request.state is State.SENDING
    return sending and tx.next_due(request_id) is not None


def judge(rows: Sequence[PhoneRow], seen: Mapping[str, Phone], proof: Proof) -> Iterator[Change]:
    """What reading the routes back proves of each phone; nothing yet of a route that is late."""
    for row in rows:
        phone = seen.get(row.id)
        if phone is not None and phone.route == proof.route:
            yield Change(row.id, PhoneState.SUCCEEDED)
        elif row.state is PhoneState.SENT:
            yield _send_again(row, phone is not None, proof.words)
        elif not row.job_ended:
            yield _unclear(row, proof.why_given_up(row.server))
        elif row.since is None or row.since <= proof.lag_over:
            yield _not_there(row, proof.words)


def _not_there(row: PhoneRow, words: Words) -> Change:
    """With a code it had ended badly, which was in doubt until now."""
    if not row.code:
        return _unclear(row, row.message or words.read_back_unproven())
    state = PhoneState.FAILED if row.job_id else PhoneState.REJECTED
    return Change(row.id, state, code=row.code, message=row.message)


def _unclear(row: PhoneRow, message: str) -> Change:
    return Change(row.id, PhoneState.UNCLEAR, message=message, why=NOT_THERE)


def _send_again(row: PhoneRow, there: bool, words: Words) -> Change:
    """With a code its job has ended, and the history has that try already."""
    why = "" if row.code else NO_ANSWER
    if there and row.tries < MAX_TRIES:
        return Change(
            row.id, PhoneState.PLANNED, None, None, row.code, row.message, again=True, why=why
        )
    if row.code:
        return Change(row.id, PhoneState.FAILED, code=row.code, message=row.message)
    return Change(row.id, PhoneState.UNCLEAR, message=words.no_proof(), why=why)


def _write(tx: Transaction, request_id: str, turn: str, changes: Sequence[Change]) -> None:
    """Keep what was proven; phones to be sent again get batches and a chain to send them.

    A round that a kill cut off is done again under the same turn. What its first time has found may
    be sent by then, so the chain is named by its batch too: each has one of its own.
    """
    tx.change_phones(request_id, changes)
    tx.touch(request_id)
    request = tx.request(request_id)
    if request is None or not any(change.again for change in changes):
        return
    alive = tx.next_due(request_id) is not None
    first = tx.add_batches(request_id, tx.now())
    if not alive and request.state is State.SENDING:
        start_sending(tx, request, f"f{turn}-{first}.1")


def _end(world: World, tx: Transaction, request_id: str, turn: str, wait: float) -> None:
    """Finish when every phone has its end; else queue the next round."""
    request = tx.request(request_id)
    if request is None or request.state not in FOLLOWED:
        return
    if request.state is State.CANCELLING:
        tx.cancel_unsent(request_id)
    counts = tx.counts(request_id)
    if counts.of(UNDER_WAY) or request.state is State.HALTED:
        if _worth_following(request, counts):
            start_following(tx, request, next_turn(turn), wait)
        return
    tell_jobs(world, tx, request)  # jobs may end before the slice that sent them
    tell_outcome(world, tx, tx.move(request, Event.FINISH, ""), counts)


def _worth_following(request: Request, counts: Counts) -> bool:
    """A halted request with nothing under way rests until a person lets it go on."""
    return request.state is not State.HALTED or bool(
        counts[PhoneState.SENT] + counts[PhoneState.ACCEPTED]
    )
