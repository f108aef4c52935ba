"""Buttons are pressed: who may, who was first, and what follows, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.divert.click import Click, Verdict
from bot.divert.failures import LookupFailed
from bot.divert.intake import allowed, person, words_for
from bot.divert.plan import SHOWN_HASH
from bot.divert.policy import (
    Allowed,
    Decision,
    Person,
    Refused,
    Rule,
    Why,
    may_approve,
    missing,
)
from bot.divert.ports import Decided, Transaction
from bot.divert.request import Event, NoSuchMove, Request, State
from bot.divert.sentence import InThread, Post, Sentence, ToPerson
from bot.divert.turns import start_following, start_planning, start_sending
from bot.divert.wording import Words
from bot.divert.world import World


class AskedAgain(Exception):
    """Someone decided between the look-up and the transaction; look again."""


Answer = Sentence | None


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
    counts = await world.ledger.read(lambda tx: tx.counts(request.id))
    decision = await allowed(world, request.draft, counts.distinct, fresh=True)
    if isinstance(decision, Refused):
        return lambda _: words.refusal(decision)
    clicking = await person(world, click.person, fresh=True)
    jury = Jury(world, words, click, decision.rule, clicking, await approvers(world, request.id))
    return jury.steer if click.verdict in (Verdict.CANCEL, Verdict.RESUME) else jury.judge


async def approvers(world: World, request_id: str) -> tuple[Person, ...]:
    """Who approved the present plan, as Slack knows them this moment."""
    decisions = await world.ledger.read(lambda tx: tx.decisions(request_id))
    names = [one.person for one in decisions if one.verdict == Verdict.APPROVE]
    return tuple([await person(world, name, fresh=True) for name in names])


def decider(tx: Transaction, request: Request) -> str:
    """Who decided last, or who asked where nobody did."""
    decisions = tx.decisions(request.id)
    return decisions[-1].person if decisions else request.requester


def _present(tx: Transaction, click: Click) -> Request:
    request = tx.request(click.request_id)
    if request is None:
        raise LookupError(click.request_id)
    return request


@dataclass(frozen=True, slots=True)
class Jury:
    """All that was looked up in Slack before the ledger is taken, and the judgement by it."""

    world: World
    words: Words
    click: Click
    rule: Rule
    clicking: Person
    approved: tuple[Person, ...]

    def judge(self, tx: Transaction) -> Answer:
        """Approve or deny: right person, right plan, first of all."""
        request = _present(tx, self.click)
        refusal = self._too_late(tx, request) or self._refusal(request)
        if refusal is not None:
            return refusal
        if self.click.verdict is Verdict.DENY:
            self._record(tx, request)
            tx.move(request, Event.DENY, self.click.person)
            return None
        return (
            self._replan(tx, request) if self._too_old(tx, request) else self._approve(tx, request)
        )

    def _too_late(self, tx: Transaction, request: Request) -> Answer:
        if request.state is not State.PENDING:
            return self.words.decided_already(request.id, request.state, decider(tx, request))
        if request.plan_hash[:SHOWN_HASH] != self.click.plan:
            return self.words.plan_changed(request.id)
        return None

    def _refusal(self, request: Request) -> Answer:
        decision = self._may_judge(request, self.approved)
        if isinstance(decision, Allowed):
            return None
        if decision.why is Why.ALREADY_APPROVED and self.click.verdict is Verdict.DENY:
            return None  # who approved may still change their mind
        members = self.world.policy().members(self.rule.approving_roles)
        return self.words.refusal(decision, sorted(members))

    def _may_judge(self, request: Request, approved: tuple[Person, ...]) -> Decision:
        policy = self.world.policy()
        return may_approve(policy, self.rule, self.clicking, request.requester, approved)

    def _in_thread(self, request: Request) -> Words:
        """The thread speaks the project's language, answers that of who pressed."""
        return self.world.project_words(request.project)

    def _record(self, tx: Transaction, request: Request) -> None:
        click = self.click
        tx.decide(request, Decided(click.person, click.verdict, click.reason, tx.now()))

    def _too_old(self, tx: Transaction, request: Request) -> bool:
        made = request.planned_at
        return made is None or tx.now() - made > self.world.times.plan_max_age

    def _replan(self, tx: Transaction, request: Request) -> Sentence:
        start_planning(tx, tx.move(request, Event.REPLAN, self.click.person))
        tx.say(Post(InThread(request.id), (self._in_thread(request).replanning(),)))
        return self.words.plan_too_old(request.id)

    def _approve(self, tx: Transaction, request: Request) -> Answer:
        decided = [one.person for one in tx.decisions(request.id) if one.verdict == "approve"]
        if decided != [one.id for one in self.approved]:
            raise AskedAgain
        self._record(tx, request)
        stages = missing(self.world.policy(), self.rule, [*self.approved, self.clicking])
        if stages:
            tx.touch(request.id)
            return self.words.approval_counted(request.id, sum(stage.count for stage in stages))
        start_sending(tx, tx.move(request, Event.APPROVE, self.click.person), "0.1")
        return None

    def steer(self, tx: Transaction) -> Answer:
        """Cancel or go on: by who asked, or who may approve."""
        request = _present(tx, self.click)
        if not self._may_steer(request):
            return self.words.not_operator()
        try:
            if self.click.verdict is Verdict.CANCEL:
                self._cancel(tx, request)
            else:
                self._resume(tx, request)
        except NoSuchMove as late:
            return self.words.decided_already(request.id, late.state, decider(tx, request))
        return None

    def _may_steer(self, request: Request) -> bool:
        decision = self._may_judge(request, ())
        if isinstance(decision, Allowed):
            return True
        own = self.click.person == request.requester
        return own and decision.why in (Why.OWN_REQUEST, Why.NOT_APPROVER)

    def _cancel(self, tx: Transaction, request: Request) -> None:
        request = tx.move(request, Event.CANCEL, self.click.person)
        self._record(tx, request)
        told = self._in_thread(request).cancelled_rest(
            tx.counts(request.id), tx.cancel_unsent(request.id)
        )
        tx.say(Post(InThread(request.id), (told,)))
        if request.state is State.CANCELLING:
            start_following(tx, request, f"c{request.version}.1")

    def _resume(self, tx: Transaction, request: Request) -> None:
        note = replace(request.note, code="", message="")
        request = tx.move(request, Event.RESUME, self.click.person, note=note)
        tx.say(Post(InThread(request.id), (self._in_thread(request).resumed(),)))
        start_sending(tx, request, f"r{request.version}.1")
        start_following(tx, request, f"r{request.version}.1")


def _withdraw(tx: Transaction, click: Click, words: Words) -> Answer:
    request = _present(tx, click)
    if click.person != request.requester:
        return words.only_requester(request.requester)
    try:
        tx.move(request, Event.WITHDRAW, click.person)
    except NoSuchMove as late:
        return words.decided_already(request.id, late.state, decider(tx, request))
    return None


def expire(tx: Transaction) -> int:
    """Close the requests nobody approved in time; how many."""
    due = tx.open_until(tx.now())
    for request in due:
        tx.move(request, Event.EXPIRE, "")
    return len(due)
