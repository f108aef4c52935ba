"""The state machine's stage under a policy of a test's own: who is asked to approve, and when."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.divert.approvers import needed
from bot.divert.failures import LookupFailed
from bot.divert.phones import Route
from bot.divert.policy import Approving, Needed, Person, Policy, Rule
from bot.divert.policy import Stage as ApprovalStage
from bot.divert.reminding import Reminder
from bot.divert.request import Request
from bot.divert.sentence import ToPerson
from bot.divert.wording import words_in
from bot.divert.world import World
from bot.slack.mrkdwn import mrkdwn
from tests.divert.state_machine.life import HOME
from tests.divert.state_machine.people import ALICE, BOB, CAROL, DAN, EVE, GUS
from tests.divert.state_machine.stage import Stage

WORDS = words_in("en")
ROLES = {
    "requesters": frozenset({ALICE, BOB}),
    "approvers": frozenset({BOB, CAROL, GUS}),
    "leads": frozenset({DAN}),
    "boss": frozenset({BOB}),
    "oncall": frozenset({EVE}),
    "nobody": frozenset({"S0NOBODY"}),
}


def policy(
    *stages: ApprovalStage, approving: Approving | None = None, self_approval: bool = False
) -> Policy:
    rule = Rule("r", who=("requesters",), approvals=stages, self_approval=self_approval)
    return Policy(ROLES, (rule,), operators=("oncall",), approving=approving or Approving())


def asks(
    stage: Stage, under: Policy, person: str = ALICE, *, direct: bool = False, channel: str = HOME
) -> Request:
    """A request that waits under this policy.

    The stage itself holds that what is sent has one approval to `direct`, two to `routing`, and
    none in its free channel.
    """
    stage.outside.policy.append(under)
    wish = f"direct {stage.phones[0].phone_id}" if direct else f"routing {stage.phones[1].phone_id}"
    stage.ask(person, f"divert {wish}", channel, 1)
    stage.work_on(6)
    return waiting(stage)


def asked_of(stage: Stage, request: Request) -> Needed:
    """What must be approved of it now, by the only rule there is."""

    async def now() -> Needed:
        world = stage.life.world
        return needed(world, request, world.policy().rules[0], None)

    return stage.do(now())


def waiting(stage: Stage) -> Request:
    """The request that waits."""
    (found,) = stage.do(stage.life.world.ledger.read(lambda tx: tx.waiting()))
    return found


def one_round(stage: Stage, reminder: Reminder | None = None) -> Reminder:
    reminder = reminder or Reminder(stage.life.world)
    stage.do(reminder.round())
    return reminder


def written_to(stage: Stage) -> list[str]:
    """Who was asked to approve, one after the other."""
    template = WORDS.please_approve("", 1, Route.ROUTING, "", stage.now).template
    posts = [one.post for one in stage.truth().posts if one.says(template)]
    return [post.to.user for post in posts if isinstance(post.to, ToPerson)]


def card_lines(stage: Stage, request: Request) -> list[str]:
    """What its card says, once it may be edited again."""
    stage.pass_time(11)
    stage.work_on(3)
    shown = [card for card in stage.cards if card.request_id == request.id][-1]
    return [mrkdwn(line) for line in shown.lines]


@dataclass(frozen=True, slots=True)
class Another:
    """The same directory, which has heard Bob speak German; where it is deaf, it knows no group."""

    world: World
    is_deaf: bool = False

    async def person(self, user: str, groups: frozenset[str], *, fresh: bool) -> Person:
        return await self.world.directory.person(user, groups, fresh=fresh)

    async def members(self, groups: frozenset[str]) -> Mapping[str, frozenset[str]]:
        if self.is_deaf:
            raise LookupFailed(str(groups))
        return await self.world.directory.members(groups)

    def locale(self, user: str) -> str:
        return "de-DE" if user == BOB else ""
