"""The buttons of a card: those that make sense now, and nothing else."""

from collections.abc import Callable, Collection
from functools import partial

from bot.divert.click import Verdict
from bot.divert.intake import wish_of
from bot.divert.outcome import Counts
from bot.divert.plan import SHOWN_HASH
from bot.divert.policy import Effect, Why
from bot.divert.request import CLOSED, Request, State
from bot.divert.sentence import Button
from bot.divert.wording import Words
from bot.divert.world import World

Make = Callable[..., Button]


def buttons(
    world: World, request: Request, counts: Counts, verdicts: Collection[str], words: Words
) -> list[Button]:
    """Each carries the request and the plan it was shown with; `verdicts` are those on the plan."""
    plan = request.plan_hash[:SHOWN_HASH]
    make = partial(Button, request_id=request.id, plan=plan, back=words.back())
    if request.state is State.PENDING:
        return _pending(world, request, counts, words, make)
    return [*_steering(request.state, words, make), *_review(request, verdicts, words, make)]


def _pending(
    world: World, request: Request, counts: Counts, words: Words, make: Make
) -> list[Button]:
    glass = [make("break_glass", words.break_glass())] if _has_glass(world, request, counts) else []
    return [
        _approve(world, request, counts, words, make),
        make("deny", words.deny(), style="danger"),
        *_leave_out(request, counts, words, make),
        make("edit", words.edit()),
        make("withdraw", words.withdraw()),
        *glass,
    ]


def _approve(world: World, request: Request, counts: Counts, words: Words, make: Make) -> Button:
    """People approve by habit; of many phones the number is typed in a form."""
    if world.policy().approving.types(counts.planned_at_first):
        return make("approve_typed", words.approve_typed(), style="primary")
    confirm = words.confirm_approve(counts.planned_at_first, request.route)
    return make("approve", words.approve(), style="primary", confirm=confirm)


def _has_glass(world: World, request: Request, counts: Counts) -> bool:
    """Whether somebody might run it at once, now or at another hour; who, is asked when they do."""
    wish = wish_of(world, request.draft, counts.distinct, request.note.extent)
    rules = [rule for rule in world.policy().rules if rule.effect is Effect.BREAK_GLASS]
    refusals = [rule.against(wish) for rule in rules]
    return any(refusal is None or refusal.why is Why.HOURS for refusal in refusals)


def _leave_out(request: Request, counts: Counts, words: Words, make: Make) -> list[Button]:
    """Offered while phones would be left that can take the change."""
    hindered = sum(phones for _, phones in request.note.hindered)
    if not 0 < hindered < counts.planned_at_first:
        return []
    return [make("leave_out", words.leave_out(hindered))]


def _steering(state: State, words: Words, make: Make) -> list[Button]:
    cancel = make("cancel", words.cancel(), style="danger", confirm=words.confirm_cancel())
    match state:
        case State.SENDING | State.APPROVED:
            return [cancel]
        case State.HALTED:
            return [make("resume", words.resume(), style="primary"), cancel]
        case State.DENIED | State.EXPIRED | State.WITHDRAWN | State.REFUSED:
            return [make("edit", words.ask_again())]
        case _:
            return []


def _review(request: Request, verdicts: Collection[str], words: Words, make: Make) -> list[Button]:
    """Of what ran without approval, until somebody has looked at it."""
    if (
        request.state not in CLOSED
        or Verdict.BREAK_GLASS not in verdicts
        or Verdict.REVIEW in verdicts
    ):
        return []
    confirm = words.confirm_reviewed()
    return [make("review", words.mark_reviewed(), style="primary", confirm=confirm)]
