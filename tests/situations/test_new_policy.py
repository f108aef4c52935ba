"""The policy changes under the card: what was approved before is void, and everybody is told."""

import pytest

from tests.situations.between import busy, policy
from tests.situations.play import play
from tests.situations.said import (
    CARD,
    CHANGED,
    COUNTS,
    GROUP,
    NEW,
    ONE,
    ONE_MORE,
    STARTS,
    VOID,
    VOIDED,
)
from tests.situations.scene import Scene
from tests.situations.situation import Ask, Situation
from tests.situations.steps import approves, card_says, waits_again

# A rule says something else, which makes no difference to this request.
ELSEWHERE = policy(('expires = "2s"', 'expires = "3s"'))
BACK = policy(('expires = "3s"', 'expires = "2s"'))
RULE = NEW + "• Rules that say something else: `brief (expires)`"

ROWS = (
    Situation(
        "The policy changes after one of two approved, who has to approve again",
        Ask("pair"),
        (approves("bob"), ELSEWHERE, waits_again(), approves("bob"), approves("carol")),
        rule="pair",
        needs="2 approvals of approvers",
        may=GROUP,
        sent=2,
        hears={"bob": (COUNTS, COUNTS)},
        told={"alice": (ONE_MORE, ONE_MORE, "@carol approved your request `D`; it starts.")},
        thread=(VOIDED,),
        desk=(f"{RULE}\n{VOID}",),
    ),
    Situation(
        "The policy changes and changes back, and what was approved before stays void",
        Ask("pair"),
        (
            approves("bob"),
            ELSEWHERE,
            waits_again(),
            BACK,
            approves("carol"),
            waits_again(),
            approves("carol"),
        ),
        rule="pair",
        needs="2 approvals of approvers",
        may=GROUP,
        state="pending",
        hears={"bob": (COUNTS,), "carol": (CHANGED, COUNTS)},
        told={
            "alice": (ONE_MORE, "@carol approved your request `D`. One more approval is needed.")
        },
        thread=(VOIDED, VOIDED),
        desk=(f"{RULE}\n{VOID}", RULE),
        card=("Approved by @carol", "*Still needed:* 1 approval of approvers"),
    ),
    Situation(
        "The policy changes before anybody approved, and the first click plans again",
        Ask("plain"),
        (ELSEWHERE, approves("bob"), waits_again(), approves("bob")),
        rule="plain",
        needs=ONE,
        may=GROUP,
        sent=2,
        hears={"bob": (CHANGED,)},
        told={"alice": (STARTS,)},
        thread=(VOIDED,),
        desk=(RULE,),
    ),
    Situation(
        "The policy changes so that Alice may no longer ask for so many",
        Ask("sized", phones=4),
        (policy(("max_phones = 4", "max_phones = 3")), approves("bob")),
        rule="sized",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={
            "bob": (
                (
                    "@alice, who asked for this, may no longer ask for it, so nothing was "
                    "decided. To them it says: The policy lets you change at most 3 phones at a "
                    "time. The rule that comes closest is `sized`."
                ),
            ),
        },
        desk=(NEW + "• Rules that say something else: `sized (max_phones)`",),
        card=(CARD,),
    ),
    Situation(
        "The policy changes so that nobody is left in the approvers' role",
        Ask("patrol"),
        (
            policy(('shift = ["S0SHIFT"]', "shift = []")),
            card_says(CARD),
            approves("bob"),
            approves("erin"),
            waits_again(),
            card_says("*Too few people are in shift*, so oncall may approve as well."),
            approves("erin"),
        ),
        rule="patrol",
        needs="1 approval of shift",
        may="@S0SHIFT",
        sent=2,
        hears={
            "bob": ("You are not among those who may approve this: @erin.",),
            "erin": (CHANGED,),
        },
        told={"alice": ("@erin approved your request `D`; it starts.",)},
        thread=(VOIDED,),
        desk=(NEW + "• Roles with other members: `shift (-S0SHIFT)`",),
    ),
    Situation(
        "The policy changes after the approval and before the start",
        Ask("patrol"),
        (busy(3500), approves("bob"), policy(('shift = ["S0SHIFT"]', 'shift = ["U0HANK"]'))),
        rule="patrol",
        needs="1 approval of shift",
        may="@S0SHIFT",
        state="refused",
        told={
            "alice": (
                STARTS,
                (
                    "Your request `D` was not started, and nothing was sent: an approval no "
                    "longer counts under today's policy."
                ),
            )
        },
        thread=("Not started: an approval no longer counts under today's policy.",),
        desk=(NEW + "• Roles with other members: `shift (+U0HANK, -S0SHIFT)`",),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_new_policy(scene: Scene, row: Situation) -> None:
    await play(scene, row)
