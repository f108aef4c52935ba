"""One slice of a request at work: batches are taken, sent and settled, several side by side."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.divert.doubting import believed
from bot.divert.failures import CloudFailure, NotSent, Rejected, Stop, TryLater
from bot.divert.holdup import halt, tell_busy, tell_not_sent
from bot.divert.outcome import Answer, Batch, Change, backoff, read_answer, refused
from bot.divert.pacing import keep
from bot.divert.request import Request, State
from bot.divert.standstill import stand_still
from bot.divert.transaction import Learned, Transaction
from bot.divert.world import World

# Seconds. A limit by the minute makes few calls, so its pace is kept with each: after a kill it
# would be learned again only by being refused.
_SLOW_LIMIT: Final = 10.0
# Seconds. A batch that was not sent is due so much before its turn may come: a turn that found
# it not yet due would be lost, and under a limit by the minute the next one is long in coming.
_AHEAD: Final = 0.25
# A process that was frozen for longer may have been taken for dead when it wakes (after 15 s), and
# its batch sent by another; a later request may even have moved the phones again.
_FRESH: Final = timedelta(seconds=10)
_log = logging.getLogger(__name__)


def log_again(request_id: str, changes: Iterable[Change]) -> None:
    """Note the phones that are sent again, by why."""
    again = Counter(change.why or f"job {change.code}" for change in changes if change.again)
    for why, phones in again.items():
        _log.info("%s: %d phones are sent again: %s", request_id, phones, why)


@dataclass(slots=True)
class Sender:
    """Takes batch after batch until the slice is over.

    `held_since` is since when no call has gone through, None while they do.
    """

    world: World
    request: Request
    until: datetime
    held_since: datetime | None = None
    over: bool = False
    _waiting: set[asyncio.Task[None]] = field(default_factory=set)

    async def slice(self) -> None:
        """Send side by side until the time is over or nothing more is due."""
        async with asyncio.TaskGroup() as senders:
            for _ in range(self.world.concurrency):
                senders.create_task(self._run())

    async def _run(self) -> None:
        while not self.over and await self._turn():
            until = self.world.clock.now() + _FRESH
            batch, is_last = await self.world.ledger.write(self._take)
            if is_last:
                self._end()
            if batch is None:
                self.world.cloud.drop_turn(self.request.project)
                return
            settle = await self._call(batch, until)
            await self.world.ledger.write(settle)

    def _end(self) -> None:
        """Take nothing more, and do not wait for turns that there is no use for.

        Under a limit by the minute they are long in coming, and keep the next request waiting.
        """
        self.over = True
        for task in self._waiting:
            task.cancel()

    async def _turn(self) -> bool:
        left = (self.until - self.world.clock.now()).total_seconds()
        if left <= 0 or self.world.stopping():
            return False
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - senders run as tasks
        self._waiting.add(task)
        try:
            return await self.world.cloud.send_turn(self.request.project, left)
        finally:
            self._waiting.discard(task)

    def _take(self, tx: Transaction) -> tuple[Batch | None, bool]:
        """The next batch, marked as sent before it is, and whether it is the last that is due.

        Cancel, halt, pause and freeze are seen here.
        """
        request = tx.request(self.request.id)
        if request is None or request.state is not State.SENDING:
            return None, True
        if stand_still(self.world, tx, request):
            return None, True
        for batch in tx.due_batches(request.id, 1):
            tx.batch_sent(request.id, batch.number)
            due = tx.next_due(request.id)
            return batch, due is None or due > tx.now()
        return None, True

    async def _call(self, batch: Batch, until: datetime) -> Callable[[Transaction], None]:
        """Call the cloud once and say what to write of it."""
        cloud, request, began = self.world.cloud, self.request, self.world.clock.now()
        try:
            answer = await cloud.divert(request.project, request.route, batch.phone_ids, until)
        except CloudFailure as failure:
            self._log_failure(batch, failure)
            return self._after_failure(batch, failure, began)
        self.held_since = None
        changes = list(read_answer(batch, answer, cloud.passing))
        log_again(request.id, changes)
        limit = cloud.limit(request.project)
        slow = limit is not None and limit[1] >= _SLOW_LIMIT
        learned = cloud.learned(request.project) if slow else None
        return lambda tx: self._answered(tx, batch, answer, changes, learned)

    def _answered(
        self,
        tx: Transaction,
        batch: Batch,
        answer: Answer,
        changes: Sequence[Change],
        learned: Learned | None,
    ) -> None:
        refused_all = len(changes) == len(batch.phone_ids) and not any(c.job_id for c in changes)
        poll = None if refused_all else tx.now() + self.world.times.first_poll
        tx.batch_answered(self.request.id, batch.number, answer.cloud_request_id, poll)
        self._write(tx, changes, batch.tries)
        self._keep(tx, learned)

    def _write(self, tx: Transaction, changes: Sequence[Change], tries: int) -> None:
        tx.change_phones(self.request.id, believed(tx, self.request.id, changes))
        if any(change.again for change in changes):
            tx.add_batches(self.request.id, tx.now() + timedelta(seconds=backoff(tries)))
        tx.touch(self.request.id)

    def _keep(self, tx: Transaction, learned: Learned | None) -> None:
        keep(tx, self.world.cloud, self.request.project, learned)

    def _log_failure(self, batch: Batch, failure: CloudFailure) -> None:
        wait = f", again in {failure.wait:.1f} s" if isinstance(failure, NotSent) else ""
        _log.info(
            "%s: batch %d, try %d did not go through: %s %s%s",
            self.request.id, batch.number, batch.tries, _word(failure), failure.code or "no code",
            wait,
        )  # fmt: skip

    def _after_failure(
        self, batch: Batch, failure: CloudFailure, began: datetime
    ) -> Callable[[Transaction], None]:
        if not isinstance(failure, NotSent):
            self.held_since = None
        match failure:
            case NotSent():
                self.held_since = since = self.held_since or began
                held = (self.world.clock.now() - since).total_seconds()
                learned = self.world.cloud.learned(self.request.project)
                return lambda tx: self._unsent(tx, batch, failure, held, learned)
            case Stop():
                self._end()
                return lambda tx: self._halt(tx, batch, failure)
            case TryLater() | Rejected():
                return self._after_refusal(batch, failure)
            case _:  # unclear: the phones stay sent until their routes are read back
                return lambda tx: self._unanswered(tx, batch)

    def _unsent(
        self,
        tx: Transaction,
        batch: Batch,
        failure: NotSent,
        held: float,
        learned: Learned | None,
    ) -> None:
        due = tx.now() + timedelta(seconds=max(failure.wait - _AHEAD, 0.0))
        tx.batch_unsent(self.request.id, batch.number, due)
        self._keep(tx, learned)
        tell_not_sent(self.world, tx, self.request, failure, held)

    def _unanswered(self, tx: Transaction, batch: Batch) -> None:
        tx.batch_answered(self.request.id, batch.number, "", None)
        tx.touch(self.request.id)

    def _after_refusal(
        self, batch: Batch, failure: TryLater | Rejected
    ) -> Callable[[Transaction], None]:
        passing = isinstance(failure, TryLater)
        changes = [
            refused(phone_id, failure.code, failure.message, batch.tries, passing=passing)
            for phone_id in batch.phone_ids
        ]
        log_again(self.request.id, changes)
        return lambda tx: self._refused(tx, batch, failure, changes)

    def _refused(
        self, tx: Transaction, batch: Batch, failure: CloudFailure, changes: Sequence[Change]
    ) -> None:
        tx.batch_answered(self.request.id, batch.number, "", None)
        self._write(tx, changes, batch.tries)
        if isinstance(failure, TryLater) and changes[0].again:
            tell_busy(self.world, tx, self.request, failure)

    def _halt(self, tx: Transaction, batch: Batch, failure: CloudFailure) -> None:
        tx.batch_unsent(self.request.id, batch.number, tx.now())
        halt(self.world, tx, self.request.id, failure)


def _word(failure: CloudFailure) -> str:
    """Its word in the table of failures, whatever the adapter has made of it."""
    words = (kind for kind in type(failure).__mro__ if CloudFailure in kind.__bases__)
    return next((kind.__name__ for kind in words), "failure")
