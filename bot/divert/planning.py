"""The plan is made: phones and their routes as the cloud shows them now, and what is left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Final

from bot.divert.approvers import with_stages
from bot.divert.extent import extent
from bot.divert.failures import CloudFailure, FileUnreadable
from bot.divert.intake import UNKNOWN, allowed, insist, known_ids, read_input, words_for
from bot.divert.outcome import PhoneRow
from bot.divert.phones import Reading
from bot.divert.plan import Plan
from bot.divert.plan_posts import LISTED, tell_left_out, tell_plan
from bot.divert.policy import Extent, Rule
from bot.divert.progress import Reported
from bot.divert.refusing import (
    Refusal,
    asker,
    file_refusal,
    granted,
    no_phones,
    nothing_to_change,
    wanted,
)
from bot.divert.request import Event, Note, Request, State
from bot.divert.resolving import Resolved, resolve
from bot.divert.selecting import NothingMeant, TooManyMeant, meant
from bot.divert.sentence import InThread, Post
from bot.divert.standstill import stands_in
from bot.divert.transaction import Transaction
from bot.divert.turns import start_sending
from bot.divert.wording import Words
from bot.divert.world import World

LOOK_UPS: Final = 3
ROWS_AT_ONCE: Final = 5_000  # rows in one transaction, so that nobody waits for a long plan


@dataclass(frozen=True, slots=True)
class Planned:
    """All that is put up for approval at once."""

    resolved: Resolved
    note: Note
    channel: str
    rule: Rule
    words: Words  # of who asked

    @property
    def plan(self) -> Plan:
        return self.resolved.plan


async def make_plan(world: World, request_id: str) -> None:
    """Plan a request that is in `planning`, or refuse it and say why to the person who asked."""
    request = await world.ledger.read(lambda tx: tx.request(request_id))
    if request is None or request.state is not State.PLANNING:
        return
    words = await words_for(world, request.requester, request.project)
    try:
        await _plan(world, request, words)
    except Refusal as refusal:
        await world.ledger.write(partial(refuse, world, request=request, refusal=refusal))


async def _plan(world: World, request: Request, words: Words) -> None:
    await _check(world, request, None, words)
    reading, note = await _reading(world, request, words)
    await _check(world, request, len(reading.ids) or None, words)
    resolved = await _resolved(world, request, reading, words)
    policy = world.policy().version
    reach = await _extent(world, request, resolved, words)
    rule = await _check(world, request, len(resolved.meant.ids), words, reach)
    note = replace(resolved.note(note), rule=rule.name, policy=policy, extent=reach)
    note = await with_stages(world, request, note, resolved, rule)
    channel = await _card_channel(world, request, words)
    planned = Planned(resolved, note, channel, rule, words)
    await _keep_phones(world, request, resolved)
    await world.ledger.write(lambda tx: _put_up(world, tx, request, planned))


async def _reading(world: World, request: Request, words: Words) -> tuple[Reading, Note]:
    """A first plan reads the input; a later one takes the ids it had, since files go away."""
    draft = request.draft
    if request.planned_at is not None:
        given = draft.ids or draft.file_id or draft.ids_of
        ids = await known_ids(world, request.id) if given else ()
        return Reading(ids), request.note
    try:
        reading, unreadable = await read_input(world, draft)
    except FileUnreadable as failure:
        raise file_refusal(request, failure, words) from failure
    return reading, Note(repeated=reading.repeated, unreadable=unreadable)


async def _check(
    world: World, request: Request, phones: int | None, words: Words, reach: Extent = UNKNOWN
) -> Rule:
    """The rule that lets the person ask for this."""
    decision = insist(world, lambda: allowed(world, request.draft, phones, reach), LOOK_UPS)
    return await granted(decision, words)


async def _extent(world: World, request: Request, resolved: Resolved, words: Words) -> Extent:
    homes = {phone.server for phone in resolved.plan.changes}
    try:
        return await extent(world, request.project, homes, resolved.meant.fleet)
    except CloudFailure as failure:
        raise await no_phones(world, wanted(request.draft), failure, words) from failure


async def _resolved(world: World, request: Request, reading: Reading, words: Words) -> Resolved:
    """Read the cloud and cut the plan; there must be something to change in it."""
    progress = Reported(world, partial(_tell_progress, world, request, words))
    try:
        found = await meant(
            world, request.project, reading.ids, request.draft.selection, progress.told
        )
        resolved = await resolve(
            world,
            request.project,
            request.route,
            found,
            leave_hindered_out=request.note.leave_hindered_out,
        )
    except (NothingMeant, TooManyMeant, CloudFailure) as failure:
        raise await no_phones(world, wanted(request.draft), failure, words) from failure
    if not resolved.plan.changes:
        raise nothing_to_change(request.draft, resolved, words)
    return resolved


async def _tell_progress(
    world: World, request: Request, words: Words, read: int, left: float
) -> None:
    told = words.still_reading(request.id, read, left)
    await world.ledger.write(lambda tx: tx.say(Post(asker(request), (told,))))


async def _card_channel(world: World, request: Request, words: Words) -> str:
    """Where the card goes: where it was asked, or the project's channel."""
    home = world.projects[request.project].channel
    for channel in dict.fromkeys((request.card_channel, request.draft.channel, home)):
        if channel and await world.channel.reaches(channel):
            return channel
    raise Refusal(words.no_card_channel(home))


async def _keep_phones(world: World, request: Request, resolved: Resolved) -> None:
    """Write the phones; a first plan in portions, a later one at once, as it replaces its ids."""
    rows, size = resolved.rows(), len(resolved.meant.ids)
    portion = ROWS_AT_ONCE if request.planned_at is None else size
    await world.ledger.write(lambda tx: _replace(tx, request.id, list(islice(rows, portion))))
    while some := list(islice(rows, portion)):
        await world.ledger.write(lambda tx, some=some: tx.add_phones(request.id, some))  # type: ignore[misc]


def _replace(tx: Transaction, request_id: str, rows: Sequence[PhoneRow]) -> None:
    tx.clear_phones(request_id)
    tx.add_phones(request_id, rows)


def _put_up(world: World, tx: Transaction, request: Request, planned: Planned) -> None:
    """Hold the phones and put the plan up for approval, all in one transaction."""
    if not _is_wanted(tx, request):
        return
    if refusal := _stopped(world, tx, request, planned) or _held(tx, request, planned):
        tx.clear_phones(request.id)
        refuse(world, tx, request, refusal)
        return
    tx.add_batches(request.id, tx.now())
    moved = _to_pending(world, tx, request, planned)
    told = planned.words.card_is_up(request.id, planned.channel)
    tx.say(Post(asker(request), (told,), once="card_is_up"))
    tell_plan(world, tx, request, planned.plan)
    tell_left_out(world, tx, request, planned.plan, planned.note.unreadable)
    if not planned.note.left:
        start_sending(tx, tx.move(moved, Event.APPROVE, ""), "0.1")


def _stopped(world: World, tx: Transaction, request: Request, planned: Planned) -> Refusal | None:
    """Where nobody has to approve, it would start later than anybody expects."""
    stands = stands_in(world, tx, request.project)
    if not stands or planned.note.left:
        return None
    return Refusal(planned.words.not_asked_now(stands[0]))


def _held(tx: Transaction, request: Request, planned: Planned) -> Refusal | None:
    held = tx.held(request.id)
    return Refusal(planned.words.held(held[:LISTED], len(held))) if held else None


def _is_wanted(tx: Transaction, request: Request) -> bool:
    """Whether nobody has withdrawn it while the cloud was read."""
    now = tx.request(request.id)
    return now is not None and now.state is State.PLANNING


def _to_pending(world: World, tx: Transaction, request: Request, planned: Planned) -> Request:
    kept = planned.channel == request.card_channel
    return tx.move(
        request,
        Event.PLANNED,
        request.requester,
        plan_hash=planned.plan.under(planned.note.policy, planned.note.voided),
        planned_at=tx.now(),
        expires_at=tx.now() + (planned.rule.expires or world.times.approval),
        note=planned.note,
        card_channel=planned.channel,
        card_ts=request.card_ts if kept else "",
    )


def refuse(world: World, tx: Transaction, request: Request, refusal: Refusal) -> None:
    """Close a request that cannot be planned and tell the person, with what may mend it."""
    if not _is_wanted(tx, request):
        return
    note = replace(request.note, message=refusal.sentences[0].template)
    tx.move(request, Event.REFUSE, "", note=note)
    tx.say(Post(asker(request), refusal.sentences, refusal.buttons))
    if request.planned_at is not None:  # else nobody else has seen it
        told = world.project_words(request.project).not_planned_again()
        tx.say(Post(InThread(request.id), (told,)))
