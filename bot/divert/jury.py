"""A plan is judged: by the right person, under the policy of this moment, and first of all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.divert.approvers import approved, needed, short
from bot.divert.click import Click, Verdict
from bot.divert.decided import announce_broken_glass, hear, tell_requester, void_by_policy
from bot.divert.intake import allowed, person
from bot.divert.pause import Standstill
from bot.divert.plan import SHOWN_HASH
from bot.divert.policy import (
    Allowed,
    Decision,
    Needed,
    Person,
    Refused,
    Rule,
    Stage,
    Why,
    may_break_glass,
    unfit,
)
from bot.divert.request import Event, Note, Request, State
from bot.divert.sentence import InThread, Post, Sentence
from bot.divert.standstill import keeping, stands_in
from bot.divert.transaction import Decided, Transaction
from bot.divert.turns import start_planning, start_sending
from bot.divert.wording import Words
from bot.divert.world import World

Answer = Sentence | None

# For these, who asked must still be one who may; who stops it, or breaks the glass, answers for it.
_LETS_IT_RUN: Final = frozenset({Verdict.APPROVE, Verdict.RESUME})


class AskedAgain(Exception):
    """Something was decided or changed between the look-up and the transaction; look again."""


def present(tx: Transaction, click: Click) -> Request:
    request = tx.request(click.request_id)
    if request is None:
        raise LookupError(click.request_id)
    return request


def decider(tx: Transaction, request: Request) -> str:
    """Who brought it where it is; nobody where no approval was needed."""
    if request.state is State.WITHDRAWN:
        return request.requester
    last = _last(tx, request)
    return last.person if last is not None else ""


def _last(tx: Transaction, request: Request) -> Decided | None:
    """The decision that brought it where it is; a review brings it nowhere."""
    decisions = [one for one in tx.decisions(request.id) if one.verdict != Verdict.REVIEW]
    return decisions[-1] if decisions else None


def became(tx: Transaction, request: Request, words: Words) -> Sentence:
    """What has become of a request, and by whom; what ran without approval nobody approved."""
    last = _last(tx, request)
    if last is not None and last.verdict == Verdict.BREAK_GLASS:
        return words.ran_without_approval(request.id, last.person)
    return words.decided_already(request.id, request.state, decider(tx, request))


def too_late(tx: Transaction, request: Request, plan: str, words: Words) -> Answer:
    """Why nothing can be decided any more on the plan of which somebody saw this beginning."""
    if request.note.replaced_by:
        return words.decided_elsewhere(request.id, request.note.replaced_by)
    if request.state is not State.PENDING:
        return became(tx, request, words)
    if request.plan_hash[:SHOWN_HASH] != plan:
        return words.plan_changed(request.id)
    return None


async def summon(world: World, words: Words, click: Click, request: Request) -> "Jury | Refused":
    """Look up all that a judgement needs, or say that the request may not be at all.

    Raises:
        LookupFailed: Slack could not say who somebody is.
    """
    counts = await world.ledger.read(lambda tx: tx.counts(request.id))
    decision = await allowed(world, request.draft, counts.distinct, request.note.extent, fresh=True)
    if isinstance(decision, Refused) and click.verdict in _LETS_IT_RUN:
        return decision
    rule = _last_rule(world, request) if isinstance(decision, Refused) else decision.rule
    clicking = await person(world, click.person, fresh=True)
    asked = needed(world, request, rule, counts.distinct)
    few = await short(world, asked)
    if few != request.note.short:
        request = replace(request, note=replace(request.note, short=few))
        asked = needed(world, request, rule, counts.distinct)
    so_far = await approved(world, request.id)
    return Jury(world, words, click, asked, clicking, so_far, few)


def _last_rule(world: World, request: Request) -> Rule:
    """Who may stop what nobody could ask for any more: those who could when it was."""
    policy = world.policy()
    same = policy.rule_named(request.note.rule)
    anybody = Stage(1, policy.judges(request.project))
    return same or Rule(request.note.rule, approvals=(anybody,))


@dataclass(frozen=True, slots=True)
class Jury:
    """All that was looked up in Slack before the ledger is taken, and the judgement by it."""

    world: World
    words: Words
    click: Click
    needed: Needed
    clicking: Person
    approved: tuple[Person, ...]
    short: tuple[int, ...]

    def judge(self, tx: Transaction) -> Answer:
        """Approve, deny or break the glass: right person, right plan, first of all."""
        request = present(tx, self.click)
        late = too_late(tx, request, self.click.plan, self.words)
        if late is None:
            self._show_short(tx, request)
        refusal = late or self._refusal() or self._mistyped(tx, request)
        if refusal is not None:
            return refusal
        if self.click.verdict is Verdict.DENY:
            return self._deny(tx, request)
        if stands := self._stands(tx, request):
            return self.words.not_approved_now(stands[0])
        replanned = self._replan(tx, request)
        if replanned is not None:
            return replanned
        if self.click.verdict is Verdict.BREAK_GLASS:
            return self._break_glass(tx, request)
        return self._approve(tx, request)

    def may_judge(self, so_far: tuple[Person, ...]) -> Decision:
        return self.needed.may_approve(self.clicking, so_far)

    def _refusal(self) -> Answer:
        policy = self.needed.policy
        if self.click.verdict is Verdict.BREAK_GLASS:
            glass = may_break_glass(policy, self.clicking, self.needed.wish)
            return self._no_glass(glass) if isinstance(glass, Refused) else None
        # Who approved, or could have, may still deny.
        so_far = () if self.click.verdict is Verdict.DENY else self.approved
        decision = self.may_judge(so_far)
        if isinstance(decision, Allowed):
            return None
        others = policy.members(self.needed.open_roles(so_far)) - {self.clicking.id}
        return self.words.refusal(decision, sorted(others))

    def _no_glass(self, refused: Refused) -> Sentence:
        if refused.why is Why.DENIED or unfit(self.clicking) is not None:
            return self.words.refusal(refused)
        policy, project = self.needed.policy, self.needed.wish.project
        return self.words.no_glass(sorted(policy.members(policy.glass_breakers(project))))

    def _show_short(self, tx: Transaction, request: Request) -> None:
        """The card says at once that there are too few people left, or enough again."""
        note = request.note
        if note.policy == self.needed.policy.version and note.short != self.short:
            tx.touch(request.id, replace(note, short=self.short))

    def _stands(self, tx: Transaction, request: Request) -> Sequence[Standstill]:
        """What keeps it from starting; to break the glass is a way through a freeze alone."""
        click = self.click
        deciding = Decided(click.person, click.verdict, click.reason, tx.now())
        return keeping(stands_in(self.world, tx, request.project), [deciding])

    def _mistyped(self, tx: Transaction, request: Request) -> Answer:
        """People approve by habit; of many phones the number is to be typed."""
        phones = tx.counts(request.id).planned_at_first
        is_typed = self.needed.policy.approving.types(phones)
        if self.click.verdict is Verdict.DENY or not is_typed or self.click.typed == phones:
            return None
        tx.touch(request.id)  # the card may still have the button that asks for no number
        return self.words.type_the_number(phones)

    def _record(self, tx: Transaction, request: Request) -> None:
        click = self.click
        tx.decide(request, Decided(click.person, click.verdict, click.reason, tx.now()))

    def _deny(self, tx: Transaction, request: Request) -> Answer:
        self._record(tx, request)
        denied = tx.move(request, Event.DENY, self.click.person)
        words = hear(self.world, request)
        told = words.your_request_denied(request.id, self.click.person, self.click.reason)
        tell_requester(tx, denied, self.click.person, told)
        return None

    def _replan(self, tx: Transaction, request: Request) -> Answer:
        """A plan that is too old, or made under another policy, is made again first."""
        if self.world.policy().version != self.needed.policy.version:
            raise AskedAgain
        if request.note.policy != self.needed.policy.version:
            void_by_policy(self.world, tx, request, self.click.person)
            return self.words.policy_changed(request.id)
        made = request.planned_at
        if made is not None and tx.now() - made <= self.world.times.plan_max_age:
            return None
        start_planning(tx, tx.move(request, Event.REPLAN, self.click.person))
        told = self.world.project_words(request.project).replanning()
        tx.say(Post(InThread(request.id), (told,)))
        return self.words.plan_too_old(request.id)

    def _approve(self, tx: Transaction, request: Request) -> Answer:
        decided = [one.person for one in tx.decisions(request.id) if one.verdict == Verdict.APPROVE]
        if decided != [one.id for one in self.approved]:
            raise AskedAgain
        self._record(tx, request)
        left = self.needed.left([*self.approved, self.clicking])
        note = replace(request.note, left=left, short=self.short)
        words = hear(self.world, request)
        if more := sum(left):
            tx.touch(request.id, note)
            counted = words.your_request_counted(request.id, self.click.person, more)
            tell_requester(tx, request, self.click.person, counted)
            return self.words.approval_counted(request.id, more)
        self._start(tx, request, note)
        told = words.your_request_approved(request.id, self.click.person)
        tell_requester(tx, request, self.click.person, told)
        return None

    def _break_glass(self, tx: Transaction, request: Request) -> Answer:
        """Run at once; everybody hears of it, and it is to be reviewed."""
        self._record(tx, request)
        moved = self._start(tx, request, request.note)
        reviewers = self.needed.policy.reviewers(request.project) - {self.click.person}
        announce_broken_glass(self.world, tx, moved, self.click, sorted(reviewers))
        return None

    def _start(self, tx: Transaction, request: Request, note: Note) -> Request:
        moved = tx.move(request, Event.APPROVE, self.click.person, note=note)
        start_sending(tx, moved, "0.1")
        return moved
