"""What several tables expect to be said, word for word."""

ONE = "1 approval of approvers"
TWO = "1 approval of approvers · 1 approval of leads"
GROUP = "@S0APPROVE"
STARTS = "@bob approved your request `D`; it starts."
ONE_MORE = "@bob approved your request `D`. One more approval is needed."
COUNTS = "Your approval of `D` counts. One more is needed."
NEW = "*The policy has changed.* `VERSION` is in force from now on, in place of `VERSION`.\n"
VOID = (
    "1 waiting request had approvals under the old one; it is planned again, and they no longer "
    "count."
)
VOIDED = (
    "The policy has changed, so approvals are void; I am reading the cloud again for a plan under "
    "the new one."
)
CHANGED = (
    "The policy has changed since `D` was planned, so approvals of it are void. I am planning it "
    "again; approve the new plan when the card shows it."
)
TOO_OLD = (
    "The plan of `D` is too old to be sent as it is. I am reading the cloud again; approve the "
    "new plan when the card shows it."
)
AGAIN = "The plan was too old to approve; I am reading the cloud again."
CARD = "The policy has changed since; Approve makes the plan again under the new one."
OTHER_PLAN = "The plan of `D` has changed since this card. Look at its present card."
REFUSED = "It could not be planned again, so nothing was sent. Who asked was told why."
BOTH = "@S0APPROVE, @dave"
NOT_YOU = "You are not among those who may approve this: "
SHIFT = "1 approval of shift"
NOT_STARTED = "Your request `D` was not started, and nothing was sent: "
HALTED = (
    "*Halted by `CPS.0006`:* The cloud account is restricted, usually because a bill is open. "
    "Settle the account's balance, then resume."
)
HANK = (
    "@hank, who asked for this, may no longer ask for it, so nothing was decided. To them it says: "
)
NO_RULE = (
    "No rule of the policy lets you ask for this in this project. This may be asked for by @S0CREW."
)
WHO = (
    "Slack could not tell me who you are just now, so I decided nothing. Please try again in a "
    "minute."
)
