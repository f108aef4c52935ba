"""What the thread is told of a new plan, beside its card."""

from collections.abc import Sequence
from typing import Final

from bot.divert.plan import Plan
from bot.divert.request import Request
from bot.divert.resolving import FIRST
from bot.divert.sentence import InThread, Post, Table
from bot.divert.transaction import Transaction
from bot.divert.world import World

LISTED: Final = 20  # more than this is a file


def tell_plan(world: World, tx: Transaction, request: Request, plan: Plan) -> None:
    """What the card cannot hold of the plan: every phone, as a file; of each plan that is new."""
    if len(plan.changes) > FIRST:
        words = world.project_words(request.project)
        table = Table("plan", f"{request.id}-plan.csv")
        once = f"plan {plan.hash}"
        tx.say(Post(InThread(request.id), (words.plan_file(),), table=table, once=once))


def tell_left_out(
    world: World, tx: Transaction, request: Request, plan: Plan, unreadable: Sequence[str]
) -> None:
    """Name in the thread what is unknown or unreadable; a long list is a file."""
    words = world.project_words(request.project)
    unknown = plan.unknown
    long = len(unknown) + len(unreadable) + len(plan.excluded) > LISTED
    told = []
    if unknown:
        told.append(words.unknown_phones(unknown[:LISTED], len(unknown)))
    if plan.excluded:
        ids = [phone.id for phone in plan.excluded[:LISTED]]
        told.append(words.excluded_phones(ids, len(plan.excluded)))
    if unreadable:
        told.append(words.unreadable_words(unreadable[:LISTED], len(unreadable)))
    if long:
        told.append(words.left_out_file())
    table = Table("left_out", f"{request.id}-left-out.csv") if long else None
    if told:
        once = f"left_out {plan.hash}"
        tx.say(Post(InThread(request.id), tuple(told), table=table, once=once))
