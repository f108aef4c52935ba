"""Who may approve a request now, and who is there to do so."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.divert.click import Verdict
from bot.divert.failures import LookupFailed
from bot.divert.intake import person, wish_of
from bot.divert.policy import Needed, Person, Rule, reachable, unfit
from bot.divert.request import Note, Request
from bot.divert.resolving import Resolved
from bot.divert.world import World


def needed(world: World, request: Request, rule: Rule, phones: int | None) -> Needed:
    """What must be approved of a request by the policy as it is now."""
    policy, now = world.policy(), world.clock.now()
    wish = wish_of(world, request.draft, phones, request.note.extent)
    waited = now - request.asked_at  # a plan that is made again begins no new wait
    stages = reachable(policy, policy.stages(rule, wish), waited, request.note.short)
    return Needed(policy, rule, stages, request.requester, wish)


def waits_under(world: World, request: Request) -> Rule | None:
    """The rule that let it be asked for; None where the policy is another one by now."""
    policy = world.policy()
    return policy.rule_named(request.note.rule) if request.note.policy == policy.version else None


def at_first(asked: Needed) -> Needed:
    """The same with nobody but those whom the policy names at first."""
    return replace(asked, stages=asked.policy.stages(asked.rule, asked.wish))


async def approved(world: World, request_id: str) -> tuple[Person, ...]:
    """Who approved the present plan, as Slack knows them this moment.

    Raises:
        LookupFailed: Slack could not say.
    """
    decisions = await world.ledger.read(lambda tx: tx.decisions(request_id))
    names = [one.person for one in decisions if one.verdict == Verdict.APPROVE]
    return tuple([await person(world, name, fresh=True) for name in names])


async def short(world: World, asked: Needed) -> tuple[int, ...]:
    """The stages, by number from 0, that stay open though all approve whom it names at first.

    Raises:
        LookupFailed: Slack could not say.
    """
    own = at_first(asked)
    most = sum(stage.count for stage in own.stages)  # as many of a stage leave enough for it
    able = {
        one.id: one for stage in own.stages for one in await _able(world, own, stage.roles, most)
    }
    return tuple(number for number, left in enumerate(own.left(list(able.values()))) if left)


async def people(world: World, asked: Needed, roles: Sequence[str], most: int) -> list[str]:
    """The first so many people of these roles whose approval would count.

    Raises:
        LookupFailed: Slack could not say.
    """
    return [one.id for one in await _able(world, asked, roles, most)]


async def _able(world: World, asked: Needed, roles: Sequence[str], most: int) -> list[Person]:
    found: list[Person] = []
    for user in await _users(world, asked.policy.members(roles)):
        if len(found) == most:
            break
        if user == asked.requester and not asked.rule.self_approval:
            continue
        one = await person(world, user, fresh=False)
        if unfit(one) is None:
            found.append(one)
    return found


async def _users(world: World, members: Iterable[str]) -> list[str]:
    """User ids, with those of the user groups among them."""
    groups = frozenset(one for one in members if one[:1] == "S")
    found = await world.directory.members(groups)
    return sorted({*members, *(user for users in found.values() for user in users)} - groups)


async def with_stages(
    world: World, before: Request, note: Note, resolved: Resolved, rule: Rule
) -> Note:
    """The note of a plan, with what is still to be approved of it.

    What is the very plan that was up before keeps the approvals that it has.
    """
    asked = at_first(needed(world, replace(before, note=note), rule, len(resolved.meant.ids)))
    note = replace(note, short=await _short_if_known(world, asked))
    if before.planned_at is not None and _where(before.note) != _where(note):
        note = replace(note, voided=note.voided + 1)  # others may have to approve
    if resolved.plan.under(note.policy, note.voided) == before.plan_hash:
        return note
    left = tuple(stage.count for stage in asked.stages)
    return replace(note, left=left, escalated=(), reminded=0)


async def _short_if_known(world: World, asked: Needed) -> tuple[int, ...]:
    try:
        return await short(world, asked)
    except LookupFailed:  # it is looked at again while it waits
        return ()


def _where(note: Note) -> tuple[object, ...]:
    """What decides under one policy who must approve."""
    return note.rule, note.extent.places
