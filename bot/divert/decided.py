"""Who hears of a decision, beside the one who made it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.divert.click import Click
from bot.divert.request import Event, Request
from bot.divert.sentence import InThread, Post, Sentence, ToChannel, ToPerson
from bot.divert.transaction import Transaction
from bot.divert.turns import start_planning
from bot.divert.wording import Words
from bot.divert.world import World


def hear(world: World, request: Request) -> Words:
    """The language of who asked, as last heard; the project's where that is not known."""
    return world.heard_words(request.requester, request.project)


def tell_requester(tx: Transaction, request: Request, by: str, told: Sentence) -> None:
    """Write to who asked, unless they decided it themselves."""
    if by != request.requester:
        tx.say(Post(ToPerson(request.requester), (told,)))


def void_by_policy(world: World, tx: Transaction, request: Request, by: str) -> None:
    """Plan a pending request again, as the policy is not the one it was planned under."""
    note = replace(request.note, voided=request.note.voided + 1)
    start_planning(tx, tx.move(request, Event.REPLAN, by, note=note))
    told = world.project_words(request.project).replanning_by_policy()
    tx.say(Post(InThread(request.id), (told,)))


def announce_broken_glass(
    world: World, tx: Transaction, request: Request, click: Click, approvers: Sequence[str]
) -> None:
    """Tell the operators' channel, the thread and who asked; approvers are to review it."""
    words, phones = world.project_words(request.project), tx.counts(request.id).planned_at_first
    by, why = click.person, click.reason
    tx.say(Post(InThread(request.id), (words.glass_broken_in_thread(why),)))
    told = words.glass_broken(
        request.id, phones, request.route, by=by, reason=why, reviewers=approvers
    )
    tx.say(Post(ToChannel(world.operators_channel), (told,)))
    tell_requester(tx, request, by, hear(world, request).your_request_ran(request.id, by, why))
