"""While a request waits, those who may approve are written to, and more of them when it is time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.divert.approvers import needed, people, short, waits_under
from bot.divert.failures import LookupFailed
from bot.divert.policy import Approving, Needed, Stage
from bot.divert.request import Request, State
from bot.divert.sentence import Post, ToPerson
from bot.divert.transaction import Transaction
from bot.divert.world import World

WRITTEN_TO: Final = 20  # people at a time; a whole department is better reached by its user group
LOOK_AGAIN: Final = timedelta(minutes=5)  # whether there are still enough people to approve


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be told of one waiting request now."""

    request: Request
    phones: int
    to: tuple[str, ...]
    reminded: int
    escalated: tuple[int, ...]
    short: tuple[int, ...]


@dataclass(slots=True)
class Reminder:
    """`looked` is when each request was last looked at, to see whether people have left."""

    world: World
    looked: dict[str, datetime] = field(default_factory=dict)

    async def round(self) -> None:
        """Look at all waiting requests; where Slack does not answer, the next round does."""
        waiting = await self.world.ledger.read(lambda tx: tx.waiting())
        self.looked = {one.id: self.looked[one.id] for one in waiting if one.id in self.looked}
        for request in waiting:
            try:
                due = await self._due(request)
            except LookupFailed:
                continue
            if due is not None:
                await self.world.ledger.write(lambda tx, due=due: _tell(self.world, tx, due))  # type: ignore[misc]

    async def _due(self, request: Request) -> Due | None:
        policy, now = self.world.policy(), self.world.clock.now()
        rule = waits_under(self.world, request)
        if rule is None or request.planned_at is None:
            return None  # it is planned again when somebody decides
        waited = now - request.asked_at
        reminded = reminders(policy.approving, waited)
        asked = needed(self.world, request, rule, None)
        escalated = past(policy.stages(rule, asked.wish), waited)
        told = (reminded, escalated) == (request.note.reminded, request.note.escalated)
        if told and now - self.looked.get(request.id, request.planned_at) < LOOK_AGAIN:
            return None
        few = await short(self.world, asked)
        self.looked[request.id] = now
        if told and few == request.note.short:
            return None
        seen = replace(request, note=replace(request.note, short=few))
        to = await self._still_asked(needed(self.world, seen, rule, None), seen)
        counts = await self.world.ledger.read(lambda tx: tx.counts(request.id))
        return Due(request, counts.planned_at_first, to, reminded, escalated, few)

    async def _still_asked(self, asked: Needed, request: Request) -> tuple[str, ...]:
        decided = await self.world.ledger.read(lambda tx: tx.decisions(request.id))
        gave = {one.person for one in decided}
        left = request.note.left
        roles = [role for n, stage in enumerate(asked.stages) if left[n] for role in stage.roles]
        found = await people(self.world, asked, roles, WRITTEN_TO + len(gave))
        return tuple([user for user in found if user not in gave][:WRITTEN_TO])


def reminders(approving: Approving, waited: timedelta) -> int:
    """How many times people should have been written to; each pause is twice the one before."""
    first = int(approving.direct)
    if approving.remind is None:
        return first
    return first + int(waited / approving.remind + 1).bit_length() - 1


def past(stages: Sequence[Stage], waited: timedelta) -> tuple[int, ...]:
    """The stages, by number from 0, that have waited so long that more people may approve."""
    times = ((number, stage.escalate_after) for number, stage in enumerate(stages))
    return tuple(number for number, after in times if after is not None and waited >= after)


def _tell(world: World, tx: Transaction, due: Due) -> None:
    """Write to everybody once, unless the request was decided or planned again meanwhile."""
    now = tx.request(due.request.id)
    if now is None or now.state is not State.PENDING or now.plan_hash != due.request.plan_hash:
        return
    if now.note != due.request.note or now.expires_at is None:
        return
    note = replace(now.note, reminded=due.reminded, escalated=due.escalated, short=due.short)
    tx.touch(now.id, note)
    for user in due.to:
        words = world.heard_words(user, now.project)
        told = words.please_approve(now.id, due.phones, now.route, now.card_channel, now.expires_at)
        tx.say(Post(ToPerson(user), (told,)))
