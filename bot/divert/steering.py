"""A run is stopped or let go on, by who asked or who may approve; a broken glass is reviewed."""

from dataclasses import replace

from bot.divert.click import Click, Verdict
from bot.divert.jury import Answer, Jury, decider, present
from bot.divert.policy import Allowed, Person, Refused, Why, unfit
from bot.divert.request import Event, NoSuchMove, Request, State
from bot.divert.sentence import InThread, Post, Sentence
from bot.divert.standstill import keeps
from bot.divert.transaction import Decided, Transaction
from bot.divert.turns import start_following, start_sending
from bot.divert.wording import Words
from bot.divert.world import World


def steer(jury: Jury, tx: Transaction) -> Answer:
    """Cancel or go on."""
    click, request = jury.click, present(tx, jury.click)
    if not _may_steer(jury, request):
        return jury.words.not_operator()
    try:
        if click.verdict is Verdict.CANCEL:
            _cancel(jury.world, tx, request, click)
        else:
            for standing in keeps(jury.world, tx, request)[:1]:
                return jury.words.not_gone_on_now(standing)
            resume(jury.world, tx, request, click.person)
    except NoSuchMove as late:
        return jury.words.decided_already(request.id, late.state, decider(tx, request))
    return None


def _may_steer(jury: Jury, request: Request) -> bool:
    decision = jury.may_judge(())
    if isinstance(decision, Allowed):
        return True
    own = jury.click.person == request.requester
    return own and decision.why in (Why.OWN_REQUEST, Why.NOT_APPROVER)


def _cancel(world: World, tx: Transaction, request: Request, click: Click) -> None:
    request = tx.move(request, Event.CANCEL, click.person)
    tx.decide(request, Decided(click.person, click.verdict, click.reason, tx.now()))
    left = tx.cancel_unsent(request.id)
    told = world.project_words(request.project).cancelled_rest(tx.counts(request.id), left)
    tx.say(Post(InThread(request.id), (told,)))
    if request.state is State.CANCELLING:
        start_following(tx, request, f"c{request.version}.1")


def resume(
    world: World, tx: Transaction, request: Request, by: str, told: Sentence | None = None
) -> None:
    """Go on sending where it halted, whatever had halted it, or begin where nothing had begun.

    Raises:
        NoSuchMove: it is not halted.
    """
    note = replace(request.note, code="", message="")
    begun = request.started_at or tx.now()
    request = tx.move(request, Event.RESUME, by, note=note, started_at=begun)
    told = told or world.project_words(request.project).resumed()
    tx.say(Post(InThread(request.id), (told,)))
    start_sending(tx, request, f"r{request.version}.1")
    start_following(tx, request, f"r{request.version}.1")


def review(world: World, tx: Transaction, click: Click, reviewer: Person, words: Words) -> Answer:
    """Note that somebody else has looked at what was run without approval."""
    request = present(tx, click)
    decisions = tx.decisions(request.id)
    broke = next((one.person for one in decisions if one.verdict == Verdict.BREAK_GLASS), "")
    done = next((one.person for one in decisions if one.verdict == Verdict.REVIEW), "")
    if not broke:
        return words.unknown_button()
    if done:
        return words.reviewed_already(request.id, done)
    policy = world.policy()
    if (why := unfit(reviewer)) is not None:
        return words.refusal(Refused(why))
    if reviewer.id == broke or not policy.may_review(reviewer, request.project):
        return words.may_not_review(sorted(policy.reviewers(request.project) - {broke}))
    tx.decide(request, Decided(reviewer.id, click.verdict, click.reason, tx.now()))
    tx.touch(request.id)
    return None
