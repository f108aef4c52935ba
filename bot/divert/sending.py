"""Batches go out, slice by slice, and every answer is kept phone by phone."""

from datetime import datetime
from typing import Final

from bot.divert.approvers import approved, needed
from bot.divert.click import Verdict
from bot.divert.decided import hear, tell_requester
from bot.divert.failures import LookupFailed
from bot.divert.holdup import tell_limit_at_start
from bot.divert.intake import allowed, person, wish_of
from bot.divert.outcome import PhoneState
from bot.divert.pacing import keep
from bot.divert.policy import Refused, Why, may_break_glass
from bot.divert.reporting import tell_jobs
from bot.divert.request import Event, Request, State
from bot.divert.sender import Sender
from bot.divert.sentence import InThread, Post
from bot.divert.standstill import halt_for, keeps
from bot.divert.transaction import Transaction
from bot.divert.turns import next_turn, start_following, start_sending
from bot.divert.world import World

_TRY_LOOKUP_AGAIN: Final = 15.0  # seconds
_MAY_HAVE_ORPHANS: Final = frozenset({State.SENDING, State.HALTED, State.CANCELLING})
_UNTIL_RESTART: Final = 1.0  # seconds a successor waits when this process is stopping


async def send_slice(world: World, request_id: str, turn: str, held_since: str = "") -> None:
    """Send as many batches as fit into one slice, then queue the next slice if any are left.

    `held_since` is what the slice before has told `start_sending`.
    """
    request = await _begin(world, request_id, turn)
    if request is None:
        return
    until = world.clock.now() + world.times.slice
    since = datetime.fromisoformat(held_since) if held_since else None
    sender = Sender(world, request, until, since)
    await sender.slice()
    held = sender.held_since.isoformat() if sender.held_since else ""
    learned = world.cloud.learned(request.project)

    def end(tx: Transaction) -> None:
        _end(world, tx, request_id, turn, held)
        keep(tx, world.cloud, request.project, learned)

    await world.ledger.write(end)


async def _begin(world: World, request_id: str, turn: str) -> Request | None:
    """The request if it may be sent now; an approved one is checked again and started."""
    request = await world.ledger.read(lambda tx: tx.request(request_id))
    if request is not None and request.state is State.APPROVED:
        request = await _start(world, request, turn)
    if request is None or request.state not in _MAY_HAVE_ORPHANS:
        return None
    # One slice a caller at a time: whatever is sent and unanswered now was a dead slice's.
    await world.ledger.write(lambda tx: tx.orphans(request_id))
    return request if request.state is State.SENDING else None


async def _start(world: World, request: Request, turn: str) -> Request | None:
    try:
        refusal = await refused_now(world, request)
    except LookupFailed:
        await world.ledger.write(lambda tx: _wait_for_lookup(world, tx, request, turn))
        return None
    return await world.ledger.write(lambda tx: _start_or_refuse(world, tx, request.id, refusal))


async def refused_now(world: World, request: Request) -> Refused | None:
    """The policy's word as a run starts or goes on, by membership as it is this moment.

    Raises:
        LookupFailed: Slack could not say who somebody is.
    """
    counts, decisions = await world.ledger.read(
        lambda tx: (tx.counts(request.id), tx.decisions(request.id))
    )
    for broke in (one.person for one in decisions if one.verdict == Verdict.BREAK_GLASS):
        breaking = await person(world, broke, fresh=True)
        wish = wish_of(world, request.draft, counts.distinct, request.note.extent)
        decision = may_break_glass(world.policy(), breaking, wish)
        return decision if isinstance(decision, Refused) else None
    decision = await allowed(world, request.draft, counts.distinct, request.note.extent, fresh=True)
    if isinstance(decision, Refused):
        return decision
    asked = needed(world, request, decision.rule, counts.distinct)
    if sum(asked.left(await approved(world, request.id))):
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
        told = hear(world, request).your_request_not_started(request.id, refusal.why)
        tell_requester(tx, request, "", told)
        tx.cancel_unsent(request.id)
        return tx.move(request, Event.REFUSE, "")
    for standing in keeps(world, tx, request)[:1]:
        return halt_for(world, tx, request, standing)
    started = tx.move(request, Event.START, "", started_at=tx.now())
    planned = tx.counts(request.id)[PhoneState.PLANNED]
    tx.say(Post(InThread(request.id), (words.started(planned, request.route),)))
    tell_limit_at_start(world, tx, started)
    start_following(tx, started, "0.1", world.times.first_poll.total_seconds())
    return started


def _end(world: World, tx: Transaction, request_id: str, turn: str, held_since: str = "") -> None:
    """Queue the successor while batches are left; tell the job ids once none is."""
    request = tx.request(request_id)
    if request is None or request.state is not State.SENDING:
        return
    due = tx.next_due(request_id)
    if due is None:
        tell_jobs(world, tx, request)
        return
    wait = max((due - tx.now()).total_seconds(), 0.0)
    if world.stopping():
        wait = max(wait, _UNTIL_RESTART)
    start_sending(tx, request, next_turn(turn), wait, held_since)
