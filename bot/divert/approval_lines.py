"""What a card says of approvals: what is still needed, from whom, until when, and who gave it."""

from collections.abc import Iterator, Sequence

from bot.divert.approvers import needed, waits_under
from bot.divert.click import Verdict
from bot.divert.policy import Needed, Rule, Stage
from bot.divert.request import Request
from bot.divert.sentence import Sentence
from bot.divert.transaction import Decided
from bot.divert.wording import Words
from bot.divert.world import World


def given(decisions: Sequence[Decided], words: Words) -> list[Sentence]:
    """Who approved the present plan, or ran it without approval, and who reviewed that."""
    people = [one.person for one in decisions if one.verdict == Verdict.APPROVE]
    lines = [words.approved_by(people)] if people else []
    broken = [one for one in decisions if one.verdict == Verdict.BREAK_GLASS]
    reviewed = [one.person for one in decisions if one.verdict == Verdict.REVIEW]
    lines += [words.glass_broken_by(one.person, one.reason) for one in broken]
    if broken:
        lines.append(words.reviewed_by(reviewed) if reviewed else words.to_be_reviewed())
    return lines


def wanted(world: World, request: Request, phones: int, words: Words) -> list[Sentence]:
    """What is still needed, from whom and until when."""
    rule = waits_under(world, request)
    if rule is None:
        return [words.planned_under_another_policy()]
    return list(_wanted(world, request, rule, phones, words))


def _wanted(
    world: World, request: Request, rule: Rule, phones: int, words: Words
) -> Iterator[Sentence]:
    asked = needed(world, request, rule, phones)
    own = world.policy().stages(rule, asked.wish)
    open_stages = [
        (left, stage) for left, stage in zip(request.note.left, asked.stages, strict=True) if left
    ]
    yield words.still_needed([(left, stage.roles) for left, stage in open_stages])
    yield from _escalations(request, own, asked, words)
    if request.expires_at is not None:
        names = [] if world.policy().approving.direct else _names(asked, open_stages)
        yield words.may_approve(names, request.expires_at)


def _escalations(
    request: Request, own: Sequence[Stage], asked: Needed, words: Words
) -> Iterator[Sentence]:
    """Why more people may approve than the rule says at first, or why nobody may."""
    for number, (before, now) in enumerate(zip(own, asked.stages, strict=True)):
        more = [role for role in now.roles if role not in before.roles]
        if not request.note.left[number]:
            continue
        if number in request.note.short:
            yield words.too_few_approvers(before.roles, more)
        elif more:
            yield words.escalated(before.roles, more)


def _names(asked: Needed, open_stages: Sequence[tuple[int, Stage]]) -> list[str]:
    roles = [role for _, stage in open_stages for role in stage.roles]
    return sorted(asked.policy.members(roles))
