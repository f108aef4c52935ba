"""Who may approve: whose click counts, and who is told why theirs does not."""

from collections.abc import Mapping

import pytest

from tests.situations.ahead import Ahead
from tests.situations.said import GROUP, NOT_YOU, ONE, STARTS
from tests.situations.situation import Ask, Situation, Step
from tests.situations.steps import approves, at_once, forges


def unmoved(
    sentence: str, then: tuple[Step, ...], hears: Mapping[str, tuple[str, ...]]
) -> Situation:
    """What happens decides nothing, and who does it hears why."""
    return Situation(
        sentence,
        Ask("plain"),
        then,
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears=hears,
    )


ROWS = (
    Situation(
        "Bob asks and approves his own request",
        Ask("plain", "bob"),
        (approves("bob"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={
            "bob": (
                "Nobody decides on their own request, but you may withdraw it. Ask @S0APPROVE.",
            )
        },
    ),
    Situation(
        "Bob asks where people may approve their own requests",
        Ask("own", "bob"),
        (approves("bob"),),
        rule="own",
        needs="1 approval of seniors or leads",
        may="@bob, @dave",
        sent=2,
        card=("Approved by @bob",),
    ),
    unmoved(
        "Dave presses Approve, who is no approver, and hears who is",
        (approves("dave"),),
        {"dave": (NOT_YOU + "@S0APPROVE.",)},
    ),
    Situation(
        "A guest presses Approve who is in the approvers' group",
        Ask("plain"),
        (approves("guest"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={"guest": ("Guests may not do this.",)},
    ),
    Situation(
        "Somebody of another workspace presses it who is in the approvers' group",
        Ask("plain"),
        (approves("out"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={"out": ("People of other workspaces may not do this.",)},
    ),
    Situation(
        "Somebody comes from another workspace by Slack's own word",
        Ask("plain"),
        (approves("away"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={"away": ("This bot serves another workspace and does nothing here.",)},
    ),
    Situation(
        "A deactivated account presses it",
        Ask("plain"),
        (approves("gone"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={"gone": ("This account is deactivated.",)},
    ),
    Situation(
        "A bot presses it",
        Ask("plain"),
        (approves("robot"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={"robot": ("Bots may not ask here.",)},
    ),
    Situation(
        "Bob and Carol approve in one instant where one is enough",
        Ask("plain"),
        (at_once(approves("bob"), approves("carol")),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        sent=2,
        hears={"carol": ("`D` was approved by @bob before you.",)},
        told={"alice": (STARTS,)},
        either=("bob", "carol"),
    ),
    Situation(
        "Bob presses a button that carries the plan of another card",
        Ask("plain"),
        (forges("bob", "approve", "D:0123456789ab"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={
            "bob": ("The plan of `D` has changed since this card. Look at its present card.",),
        },
    ),
    unmoved(
        "Bob presses a button of a request that never was",
        (forges("bob", "approve", "D-ZZZZZZZZ:H"),),
        {
            "bob": ("I know no request for this button, so it does nothing. Please ask again.",),
        },
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_approving(ahead: Ahead, row: Situation) -> None:
    await ahead.play(row)
