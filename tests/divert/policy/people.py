"""People, roles and a wish that the policy's tests share."""

from datetime import UTC, datetime
from typing import Final

from bot.divert.phones import Route
from bot.divert.policy import Person, Policy, Rule, Stage, Wish

ALICE: Final = Person("UALICE", groups=frozenset({"SOPS"}))
BOB: Final = Person("UBOB", groups=frozenset({"SAPPROVE"}))
CAROL: Final = Person("UCAROL", groups=frozenset({"SAPPROVE"}))
DAVE: Final = Person("UDAVE")
EVE: Final = Person("UEVE")
ROLES: Final = {
    "requesters": frozenset({"SOPS", "UEVE"}),
    "approvers": frozenset({"SAPPROVE"}),
    "leads": frozenset({"UDAVE"}),
}
RULE: Final = Rule(
    "phones",
    who=("requesters",),
    projects=("demo",),
    routes=("routing", "direct"),
    channels=("C0OPS",),
    max_phones=5000,
    approvals=(Stage(1, ("approvers",)),),
)
POLICY: Final = Policy(ROLES, (RULE,))
NOON: Final = datetime(2026, 12, 1, 12, tzinfo=UTC)  # a Tuesday
WISH: Final = Wish("demo", Route.ROUTING, "C0OPS", NOON, 10)
