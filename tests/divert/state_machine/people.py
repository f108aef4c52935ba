"""Who takes part, what the team's policy is, and the same policy once more in plain words.

`may_decide` and `needed` say again, on purpose in another way, what `bot.divert.policy` works out.
"""

from dataclasses import dataclass
from typing import Final

from bot.divert.click import Verdict
from bot.divert.phones import Route
from bot.divert.policy import Freeze, Person, Policy, Rule, Stage

ALICE: Final = "U0ALICE"  # asks
BOB: Final = "U0BOB"  # asks and approves
CAROL: Final = "U0CAROL"  # approves
DAN: Final = "U0DAN"  # approves
EVE: Final = "U0EVE"  # nobody
GUS: Final = "U0GUS"  # is in the approvers' role, and a guest
REQUESTERS: Final = (ALICE, BOB)
EVERYBODY: Final = (ALICE, BOB, CAROL, DAN, EVE, GUS)
APPROVERS: Final = frozenset({BOB, CAROL, DAN, GUS})
OPERATORS: Final = frozenset({DAN, GUS})
FREE: Final = "C0FREE"  # where nobody needs to approve
LARGEST: Final = 200  # phones
APPROVALS: Final = {Route.DIRECT: 1, Route.ROUTING: 2}


def workspace_people() -> dict[str, Person]:
    return {user: Person(user, guest=user == GUS) for user in EVERYBODY}


def policy_with(approvers: frozenset[str], freezes: tuple[Freeze, ...] = ()) -> Policy:
    roles = {"requesters": frozenset(REQUESTERS), "approvers": approvers, "operators": OPERATORS}
    free = Rule("free", who=("requesters",), channels=(FREE,))
    rules = [
        Rule(
            str(route),
            who=("requesters",),
            routes=(route,),
            max_phones=LARGEST,
            # Where they are too few, nobody else is asked: the operators would be.
            approvals=(Stage(count, ("approvers",), escalate_to=("approvers",)),),
        )
        for route, count in APPROVALS.items()
    ]
    return Policy(roles, (free, *rules), freezes=freezes, operators=("operators",))


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a request decides who must agree."""

    requester: str
    route: Route
    channel: str

    @property
    def needed(self) -> int:
        return 0 if self.channel == FREE else APPROVALS[self.route]


def may_decide(user: str, verdict: str, asked: Asked, approvers: frozenset[str]) -> bool:
    """Whether a recorded decision is one that this person might make."""
    judges = user in approvers and user not in (GUS, asked.requester) and asked.needed > 0
    return judges or (verdict == Verdict.CANCEL and user == asked.requester)
