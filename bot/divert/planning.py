"""The plan is made: phones and their routes as the cloud shows them now, and what is left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.divert.failures import CloudFailure, FileUnreadable, LookupFailed
from bot.divert.intake import allowed, read_input, words_for
from bot.divert.observing import observe
from bot.divert.outcome import PhoneRow, PhoneState
from bot.divert.phones import Reading, Route
from bot.divert.plan import Plan, cut_plan
from bot.divert.policy import Refused, Rule
from bot.divert.ports import Transaction
from bot.divert.request import Event, Note, Request, State
from bot.divert.sentence import Button, InThread, Post, Sentence, Table, ToPerson
from bot.divert.turns import start_sending
from bot.divert.wording import Words
from bot.divert.world import World

ROWS_AT_ONCE: Final = 5_000  # rows in one transaction, so that nobody waits for a long plan
LISTED: Final = 20  # more than this is a file


class Refusal(Exception):
    """Why there is no plan, said to the person who asked."""

    def __init__(self, sentence: Sentence, *, form_again: bool = False) -> None:
        super().__init__(sentence.template)
        self.sentence = sentence
        self.form_again = form_again


@dataclass(frozen=True, slots=True)
class Planned:
    """All that is put up for approval at once."""

    plan: Plan
    note: Note
    channel: str
    rule: Rule
    words: Words  # of who asked


async def make_plan(world: World, request_id: str) -> None:
    """Plan a request that is in `planning`, or refuse it and say why to the person who asked."""
    request = await world.ledger.read(lambda tx: tx.request(request_id))
    if request is None or request.state is not State.PLANNING:
        return
    words = await words_for(world, request.requester, request.project)
    try:
        await _plan(world, request, words)
    except Refusal as refusal:
        await _refuse(world, request, refusal, words)


async def _plan(world: World, request: Request, words: Words) -> None:
    await _check(world, request, None, words)
    reading, note = await _reading(world, request, words)
    rule = await _check(world, request, len(reading.ids), words)
    plan = await _observed(world, request, reading, words)
    note = await _warned(world, request, plan, note)
    planned = Planned(plan, note, await _card_channel(world, request, words), rule, words)
    await _keep_phones(world, request, reading, plan)
    await world.ledger.write(lambda tx: _put_up(world, tx, request, planned))


async def _reading(world: World, request: Request, words: Words) -> tuple[Reading, Note]:
    """A first plan reads the input; a later one takes the ids it had, since files go away."""
    if request.planned_at is not None:
        return Reading(await known_ids(world, request.id)), request.note
    try:
        reading, unreadable = await read_input(world, request.draft)
    except FileUnreadable as failure:
        sentence = words.file_unreadable(failure.why, failure.detail)
        raise Refusal(sentence, form_again=True) from failure
    return reading, Note(repeated=reading.repeated, unreadable=unreadable)


async def known_ids(world: World, request_id: str) -> tuple[str, ...]:
    rows = await world.ledger.read(lambda tx: tx.rows(request_id, 0, world.file_ids * 2))
    return tuple(row.id for row in rows)


async def _check(world: World, request: Request, phones: int | None, words: Words) -> Rule:
    """The rule that lets the person ask for this."""
    try:
        decision = await allowed(world, request.draft, phones)
    except LookupFailed as failure:
        raise Refusal(words.lookup_failed()) from failure
    if isinstance(decision, Refused):
        raise Refusal(words.refusal(decision))
    return decision.rule


async def _observed(world: World, request: Request, reading: Reading, words: Words) -> Plan:
    try:
        seen = await observe(world, request.project, reading.ids)
    except CloudFailure as failure:
        meaning, advice = world.cloud.explain(failure.code)
        raise Refusal(words.cloud_unreadable(failure.code, meaning, advice)) from failure
    plan = cut_plan(request.project, request.route, reading.ids, seen)
    if not plan.changes:
        raise Refusal(
            words.nothing_to_change(len(plan.unchanged), len(plan.unknown), request.route)
        )
    return plan


async def _warned(world: World, request: Request, plan: Plan, note: Note) -> Note:
    """For `routing`, note the servers whose phones would have no encoding container."""
    if request.route is not Route.ROUTING:
        return note
    try:
        running = await world.cloud.containers(request.project)
    except CloudFailure:
        return note  # a warning less is no reason to refuse
    without = [phone for phone in plan.changes if phone.server not in running]
    servers = tuple(dict.fromkeys(phone.server for phone in without))
    return replace(note, no_container=servers, no_container_phones=len(without))


async def _card_channel(world: World, request: Request, words: Words) -> str:
    """Where the card goes: where it was asked, or the project's channel."""
    home = world.projects[request.project].channel
    for channel in dict.fromkeys((request.card_channel, request.draft.channel, home)):
        if channel and await world.channel.reaches(channel):
            return channel
    raise Refusal(words.no_card_channel(home))


async def _keep_phones(world: World, request: Request, reading: Reading, plan: Plan) -> None:
    """Write the phones; a first plan in portions, a later one at once, as it replaces its ids."""
    rows = list(_rows(reading, plan))
    portion = ROWS_AT_ONCE if request.planned_at is None else len(rows)
    await world.ledger.write(lambda tx: _replace(tx, request.id, rows[:portion]))
    for start in range(portion, len(rows), portion):
        chunk = rows[start : start + portion]
        await world.ledger.write(lambda tx, chunk=chunk: tx.add_phones(request.id, chunk))  # type: ignore[misc]


def _replace(tx: Transaction, request_id: str, rows: Sequence[PhoneRow]) -> None:
    tx.clear_phones(request_id)
    tx.add_phones(request_id, rows)


def _rows(reading: Reading, plan: Plan) -> Iterable[PhoneRow]:
    changes = {phone.id: phone for phone in plan.changes}
    unchanged = {phone.id: phone for phone in plan.unchanged}
    for number, phone_id in enumerate(reading.ids, 1):
        if phone := changes.get(phone_id):
            yield PhoneRow(phone_id, number, PhoneState.PLANNED, phone.route, phone.server)
        elif phone := unchanged.get(phone_id):
            yield PhoneRow(phone_id, number, PhoneState.UNCHANGED, phone.route, phone.server)
        else:
            yield PhoneRow(phone_id, number, PhoneState.UNKNOWN)


def _put_up(world: World, tx: Transaction, request: Request, planned: Planned) -> None:
    """Hold the phones and put the plan up for approval, all in one transaction."""
    held = tx.held(request.id)
    if held:
        tx.clear_phones(request.id)
        refuse(tx, request, Refusal(planned.words.held(held[:LISTED], len(held))))
        return
    tx.add_batches(request.id, tx.now())
    moved = _to_pending(world, tx, request, planned)
    told = planned.words.card_is_up(request.id, planned.channel)
    tx.say(Post(_asker(request), (told,), once="card_is_up"))
    _tell_left_out(world, tx, request, planned)
    if not planned.rule.approvals:
        start_sending(tx, tx.move(moved, Event.APPROVE, ""), "0.1")


def _to_pending(world: World, tx: Transaction, request: Request, planned: Planned) -> Request:
    kept = planned.channel == request.card_channel
    return tx.move(
        request,
        Event.PLANNED,
        request.requester,
        plan_hash=planned.plan.hash,
        planned_at=tx.now(),
        expires_at=tx.now() + world.times.approval,
        note=replace(planned.note, rule=planned.rule.name),
        card_channel=planned.channel,
        card_ts=request.card_ts if kept else "",
    )


def _asker(request: Request) -> ToPerson:
    return ToPerson(request.requester, request.draft.channel, request.draft.reply_url)


def _tell_left_out(world: World, tx: Transaction, request: Request, planned: Planned) -> None:
    """Name in the thread what is unknown or unreadable; a long list is a file."""
    words = world.project_words(request.project)
    unknown, unreadable = planned.plan.unknown, planned.note.unreadable
    long = len(unknown) + len(unreadable) > LISTED
    told = []
    if unknown:
        told.append(words.unknown_phones(unknown[:LISTED], len(unknown)))
    if unreadable:
        told.append(words.unreadable_words(unreadable[:LISTED], len(unreadable)))
    if long:
        told.append(words.left_out_file())
    table = Table("left_out", f"{request.id}-left-out.csv") if long else None
    if told:
        tx.say(Post(InThread(request.id), tuple(told), table=table, once="left_out"))


async def _refuse(world: World, request: Request, refusal: Refusal, words: Words) -> None:
    button = Button("open_form", words.open_form_again(), request.id)
    await world.ledger.write(lambda tx: refuse(tx, request, refusal, button))


def refuse(
    tx: Transaction, request: Request, refusal: Refusal, form_again: Button | None = None
) -> None:
    """Close a request that cannot be planned and tell the person, with the form if it helps."""
    note = replace(request.note, message=refusal.sentence.template)
    tx.move(request, Event.REFUSE, "", note=note)
    buttons = (form_again,) if form_again and refusal.form_again else ()
    tx.say(Post(_asker(request), (refusal.sentence,), buttons))
