"""Buttons are pressed: who may, who was first, and what follows, in one transaction."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bot.divert.click import Click, Verdict
from bot.divert.decided import hear, tell_requester
from bot.divert.failures import LookupFailed
from bot.divert.intake import person, words_for
from bot.divert.jury import Answer, AskedAgain, decider, present, summon, too_late
from bot.divert.pause import POLICY
from bot.divert.plan import SHOWN_HASH
from bot.divert.policy import Refused
from bot.divert.request import Event, NoSuchMove, Request
from bot.divert.sending import refused_now
from bot.divert.sentence import InThread, Post, Sentence, ToPerson
from bot.divert.steering import review, steer
from bot.divert.transaction import Transaction
from bot.divert.turns import start_planning
from bot.divert.wording import Words
from bot.divert.world import World


async def decide(world: World, click: Click) -> None:
    """Carry out a click, or tell the person why not. Always answers who was too late."""
    request = await world.ledger.read(lambda tx: tx.request(click.request_id))
    project = request.project if request is not None else next(iter(world.projects))
    words = await words_for(world, click.person, project)
    if request is None:
        await _tell(world, click, words.unknown_button())
        return
    try:
        act = await _act(world, request, click, words)
        answer = await world.ledger.write(act)
    except AskedAgain:
        await decide(world, click)
        return
    except LookupFailed:
        answer = words.lookup_failed()
    if answer is not None:
        await _tell(world, click, answer)


async def _tell(world: World, click: Click, answer: Sentence) -> None:
    post = Post(ToPerson(click.person, click.channel, click.reply_url), (answer,))
    await world.ledger.write(lambda tx: tx.say(post))


async def _act(
    world: World, request: Request, click: Click, words: Words
) -> Callable[[Transaction], Answer]:
    """Look up what the verdict needs; the rest is done inside the transaction."""
    if click.verdict is Verdict.WITHDRAW:
        return lambda tx: _withdraw(tx, click, words)
    if click.verdict is Verdict.LEAVE_OUT:
        return lambda tx: _leave_out(world, tx, click, words)
    if click.verdict is Verdict.REVIEW:
        reviewer = await person(world, click.person, fresh=True)
        return lambda tx: review(world, tx, click, reviewer, words)
    return await _by_jury(world, request, click, words)


async def _by_jury(
    world: World, request: Request, click: Click, words: Words
) -> Callable[[Transaction], Answer]:
    if lapsed := await _lapsed(world, request, click):
        return lambda _: words.still_halted(lapsed.why)
    jury = await summon(world, words, click, request)
    if isinstance(jury, Refused):
        return partial(_not_for_them, click=click, refused=jury, words=words)
    if click.verdict in (Verdict.CANCEL, Verdict.RESUME):
        return partial(steer, jury)
    return jury.judge


def _not_for_them(tx: Transaction, click: Click, refused: Refused, words: Words) -> Answer:
    """Who asked may no longer do so, which is nothing that the clicking person could mend."""
    request = present(tx, click)
    late = too_late(tx, request, click.plan, words)
    if click.verdict is Verdict.APPROVE and late is not None:
        return late
    refusal = words.refusal(refused)
    if click.person == request.requester:
        return refusal
    return words.joined((words.asker_refused(request.requester), refusal), " ")


async def _lapsed(world: World, request: Request, click: Click) -> Refused | None:
    """Why one that the policy did not let go on may not yet."""
    is_kept = click.verdict is Verdict.RESUME and request.note.code == POLICY
    return await refused_now(world, request) if is_kept else None


def _withdraw(tx: Transaction, click: Click, words: Words) -> Answer:
    request = present(tx, click)
    if click.person != request.requester:
        return words.only_requester(request.requester)
    try:
        tx.move(request, Event.WITHDRAW, click.person)
    except NoSuchMove as late:
        return words.decided_already(request.id, late.state, decider(tx, request))
    return None


def _leave_out(world: World, tx: Transaction, click: Click, words: Words) -> Answer:
    """Plan again without the phones that cannot take the change; earlier approvals lapse."""
    request = present(tx, click)
    if click.person != request.requester:
        return words.only_requester_leaves_out(request.requester)
    if request.plan_hash[:SHOWN_HASH] != click.plan:
        return words.plan_changed(request.id)
    voided = request.note.voided + 1
    note = replace(request.note, leave_hindered_out=True, voided=voided)
    try:
        moved = tx.move(request, Event.REPLAN, click.person, note=note)
    except NoSuchMove as late:
        return words.decided_already(request.id, late.state, decider(tx, request))
    start_planning(tx, moved)
    told = world.project_words(request.project).leaving_out()
    tx.say(Post(InThread(request.id), (told,)))
    return None


def expire(world: World, tx: Transaction) -> int:
    """Close the requests nobody approved in time; how many."""
    due = tx.open_until(tx.now())
    for request in due:
        tx.move(request, Event.EXPIRE, "")
        approved = any(one.verdict == Verdict.APPROVE for one in tx.decisions(request.id))
        told = hear(world, request).your_request_expired(request.id, approved=approved)
        tell_requester(tx, request, "", told)
    return len(due)
