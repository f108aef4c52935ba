"""Batches go out, slice by slice, and every answer is kept phone by phone."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.divert.approval import approvers
from bot.divert.failures import CloudFailure, LookupFailed, NotSent, Rejected, Stop, TryLater
from bot.divert.intake import allowed
from bot.divert.outcome import (
    Answer,
    Batch,
    Change,
    PhoneState,
    backoff,
    read_answer,
    refused,
)
from bot.divert.policy import Allowed, Refused, Why, missing
from bot.divert.ports import Transaction
from bot.divert.reporting import tell_jobs
from bot.divert.request import Event, Request, State
from bot.divert.sentence import InThread, Post
from bot.divert.turns import next_turn, start_following, start_sending
from bot.divert.world import World

_TRY_LOOKUP_AGAIN: Final = 15.0  # seconds
_MAY_HAVE_ORPHANS: Final = frozenset({State.SENDING, State.HALTED, State.CANCELLING})
_UNTIL_RESTART: Final = 1.0  # seconds a successor waits when this process is stopping


async def send_slice(world: World, request_id: str, turn: str) -> None:
    """Send as many batches as fit into one slice, then queue the next slice if any are left."""
    request = await _begin(world, request_id, turn)
    if request is None:
        return
    until = world.clock.now() + world.times.slice
    sender = _Sender(world, request, until)
    async with asyncio.TaskGroup() as senders:
        for _ in range(world.concurrency):
            senders.create_task(sender.run())
    await world.ledger.write(lambda tx: _end(world, tx, request_id, turn))


async def _begin(world: World, request_id: str, turn: str) -> Request | None:
    """The request if it may be sent now; an approved one is checked again and started."""
    request = await world.ledger.read(lambda tx: tx.request(request_id))
    if request is not None and request.state is State.APPROVED:
        request = await _start(world, request, turn)
    if request is None or request.state not in _MAY_HAVE_ORPHANS:
        return None
    # One slice a project at a time: whatever is sent and unanswered now was a dead slice's.
    await world.ledger.write(lambda tx: tx.orphans(request_id))
    return request if request.state is State.SENDING else None


async def _start(world: World, request: Request, turn: str) -> Request | None:
    try:
        refusal = await _refused_now(world, request)
    except LookupFailed:
        await world.ledger.write(lambda tx: _wait_for_lookup(world, tx, request, turn))
        return None
    return await world.ledger.write(lambda tx: _start_or_refuse(world, tx, request.id, refusal))


async def _refused_now(world: World, request: Request) -> Refused | None:
    """The policy's word at the start of the run, by membership as it is this moment."""
    counts = await world.ledger.read(lambda tx: tx.counts(request.id))
    decision = await allowed(world, request.draft, counts.distinct, fresh=True)
    if not isinstance(decision, Allowed):
        return decision
    if missing(world.policy(), decision.rule, await approvers(world, request.id)):
        return Refused(Why.NOT_APPROVER)
    return None


def _wait_for_lookup(world: World, tx: Transaction, request: Request, turn: str) -> None:
    words = world.project_words(request.project)
    tx.say(Post(InThread(request.id), (words.start_waits(),), once="start_waits"))
    start_sending(tx, request, next_turn(turn), _TRY_LOOKUP_AGAIN)


def _start_or_refuse(
    world: World, tx: Transaction, request_id: str, refusal: Refused | None
) -> Request | None:
    request = tx.request(request_id)
    if request is None or request.state is not State.APPROVED:
        return request
    words = world.project_words(request.project)
    if refusal is not None:
        tx.say(Post(InThread(request.id), (words.not_started(refusal),)))
        tx.cancel_unsent(request.id)
        return tx.move(request, Event.REFUSE, "")
    started = tx.move(request, Event.START, "", started_at=tx.now())
    planned = tx.counts(request.id)[PhoneState.PLANNED]
    tx.say(Post(InThread(request.id), (words.started(planned, request.route),)))
    start_following(tx, started, "0.1", world.times.first_poll.total_seconds())
    return started


def _end(world: World, tx: Transaction, request_id: str, turn: str) -> None:
    """Queue the successor while batches are left; tell the job ids once none is."""
    request = tx.request(request_id)
    if request is None:
        return
    tx.keep_pace(request.project, world.cloud.pace(request.project))
    if request.state is not State.SENDING:
        return
    due = tx.next_due(request_id)
    if due is None:
        tell_jobs(world, tx, request)
        return
    wait = max((due - tx.now()).total_seconds(), 0.0)
    if world.stopping():
        wait = max(wait, _UNTIL_RESTART)
    start_sending(tx, request, next_turn(turn), wait)


@dataclass(slots=True)
class _Sender:
    """Takes batch after batch until the slice is over. Several run side by side."""

    world: World
    request: Request
    until: datetime
    over: bool = False

    async def run(self) -> None:
        while not self.over and await self._turn():
            batch = await self.world.ledger.write(self._take)
            if batch is None:
                self.over = True
                self.world.cloud.drop_turn(self.request.project)
                return
            settle = await self._call(batch)
            await self.world.ledger.write(settle)

    async def _turn(self) -> bool:
        left = (self.until - self.world.clock.now()).total_seconds()
        if left <= 0 or self.world.stopping():
            return False
        return await self.world.cloud.send_turn(self.request.project, left)

    def _take(self, tx: Transaction) -> Batch | None:
        """The next batch, marked as sent before it is; cancel and halt are seen here."""
        request = tx.request(self.request.id)
        if request is None or request.state is not State.SENDING:
            return None
        for batch in tx.due_batches(request.id, 1):
            tx.batch_sent(request.id, batch.number)
            return batch
        return None

    async def _call(self, batch: Batch) -> Callable[[Transaction], None]:
        """Call the cloud once and say what to write of it."""
        cloud, request = self.world.cloud, self.request
        try:
            answer = await cloud.divert(request.project, request.route, batch.phone_ids)
        except CloudFailure as failure:
            return self._after_failure(batch, failure)
        return lambda tx: self._answered(tx, batch, answer)

    def _answered(self, tx: Transaction, batch: Batch, answer: Answer) -> None:
        changes = list(read_answer(batch, answer, self.world.cloud.passing))
        refused_all = len(changes) == len(batch.phone_ids) and not any(c.job_id for c in changes)
        poll = None if refused_all else tx.now() + self.world.times.first_poll
        tx.batch_answered(self.request.id, batch.number, answer.cloud_request_id, poll)
        self._write(tx, changes, batch.tries)

    def _write(self, tx: Transaction, changes: list[Change], tries: int) -> None:
        tx.change_phones(self.request.id, changes)
        if any(change.again for change in changes):
            tx.add_batches(self.request.id, tx.now() + timedelta(seconds=backoff(tries)))
        tx.touch(self.request.id)

    def _after_failure(self, batch: Batch, failure: CloudFailure) -> Callable[[Transaction], None]:
        match failure:
            case NotSent():
                return lambda tx: self._unsent(tx, batch, failure.wait)
            case Stop():
                self.over = True
                return lambda tx: self._halt(tx, batch, failure)
            case TryLater() | Rejected():
                return lambda tx: self._refused(tx, batch, failure)
            case _:  # unclear: the phones stay sent until their routes are read back
                return lambda tx: self._unanswered(tx, batch)

    def _unsent(self, tx: Transaction, batch: Batch, wait: float) -> None:
        tx.batch_unsent(self.request.id, batch.number, tx.now() + timedelta(seconds=wait))

    def _unanswered(self, tx: Transaction, batch: Batch) -> None:
        tx.batch_answered(self.request.id, batch.number, "", None)
        tx.touch(self.request.id)

    def _refused(self, tx: Transaction, batch: Batch, failure: CloudFailure) -> None:
        passing = isinstance(failure, TryLater)
        changes = [
            refused(phone_id, failure.code, failure.message, batch.tries, passing=passing)
            for phone_id in batch.phone_ids
        ]
        tx.batch_answered(self.request.id, batch.number, "", None)
        self._write(tx, changes, batch.tries)

    def _halt(self, tx: Transaction, batch: Batch, failure: CloudFailure) -> None:
        self._unsent(tx, batch, 0)
        halt(self.world, tx, self.request.id, failure)


def halt(world: World, tx: Transaction, request_id: str, failure: CloudFailure) -> None:
    """Stop sending until a person has mended what the failure names."""
    request = tx.request(request_id)
    if request is None or request.state is not State.SENDING:
        return
    words = world.project_words(request.project)
    meaning, advice = world.cloud.explain(failure.code)
    note = replace(request.note, code=failure.code, message=failure.message)
    tx.move(request, Event.HALT, "", note=note)
    tx.say(Post(InThread(request.id), (words.halted_by(failure.code, meaning, advice),)))
