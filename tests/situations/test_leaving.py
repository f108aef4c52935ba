"""People who leave and groups that change, between the asking and the end."""

import pytest

from tests.situations.between import (
    becomes,
    busy,
    group,
    refuses,
    renamed,
)
from tests.situations.play import play
from tests.situations.said import (
    COUNTS,
    GROUP,
    HALTED,
    HANK,
    NO_RULE,
    NOT_STARTED,
    NOT_YOU,
    ONE,
    ONE_MORE,
    SHIFT,
    STARTS,
)
from tests.situations.scene import Scene
from tests.situations.situation import Ask, Situation
from tests.situations.steps import approves, card_says, clicks, denies, stands

ROWS = (
    Situation(
        "Bob leaves the approvers' group before he presses Approve",
        Ask("patrol"),
        (group("S0SHIFT", "carol"), approves("bob")),
        rule="patrol",
        needs=SHIFT,
        may="@S0SHIFT",
        state="pending",
        hears={"bob": (NOT_YOU + "@S0SHIFT.",)},
    ),
    Situation(
        "Dave joins the approvers' group while the request waits",
        Ask("patrol"),
        (group("S0SHIFT", "bob", "dave"), approves("dave")),
        rule="patrol",
        needs=SHIFT,
        may="@S0SHIFT",
        sent=2,
        told={"alice": ("@dave approved your request `D`; it starts.",)},
    ),
    Situation(
        "Bob leaves the group after he approved, and Carol's approval is not enough",
        Ask("watch"),
        (approves("bob"), group("S0SHIFT", "carol", "dave"), approves("carol"), approves("dave")),
        rule="watch",
        needs="2 approvals of shift",
        may="@S0SHIFT",
        sent=2,
        hears={"bob": (COUNTS,), "carol": (COUNTS,)},
        told={
            "alice": (
                ONE_MORE,
                "@carol approved your request `D`. One more approval is needed.",
                "@dave approved your request `D`; it starts.",
            )
        },
    ),
    Situation(
        "Bob is deactivated after he approved as the first of two",
        Ask("watch"),
        (approves("bob"), becomes("bob", deleted=True), approves("carol")),
        rule="watch",
        needs="2 approvals of shift",
        may="@S0SHIFT",
        state="pending",
        hears={"bob": (COUNTS,), "carol": (COUNTS,)},
        told={
            "alice": (ONE_MORE, "@carol approved your request `D`. One more approval is needed.")
        },
    ),
    Situation(
        "Bob becomes a guest before he presses Approve",
        Ask("patrol"),
        (becomes("bob", is_restricted=True), approves("bob")),
        rule="patrol",
        needs=SHIFT,
        may="@S0SHIFT",
        state="pending",
        hears={"bob": ("Guests may not do this.",)},
    ),
    Situation(
        "Bob leaves the group after his approval and before the start",
        Ask("patrol"),
        (busy(), approves("bob"), group("S0SHIFT", "carol")),
        rule="patrol",
        needs=SHIFT,
        may="@S0SHIFT",
        state="refused",
        told={
            "alice": (STARTS, NOT_STARTED + "an approval no longer counts under today's policy.")
        },
        thread=("Not started: an approval no longer counts under today's policy.",),
        card=("Nothing was sent. The thread says why.",),
    ),
    Situation(
        "Hank, who asked, is deactivated before the approval",
        Ask("crew", "hank"),
        (becomes("hank", deleted=True), approves("bob")),
        rule="crew",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={"bob": (HANK + "This account is deactivated.",)},
    ),
    Situation(
        "Hank, who asked, leaves the requesters' group, and Bob can still deny",
        Ask("crew", "hank"),
        (group("S0CREW", "fred"), approves("bob"), denies("bob", "he is gone")),
        rule="crew",
        needs=ONE,
        may=GROUP,
        state="denied",
        hears={"bob": (HANK + NO_RULE,)},
        told={"hank": ("@bob denied your request `D`: “he is gone”. Nothing was sent.",)},
    ),
    Situation(
        "Hank, who asked, leaves the requesters' group after the approval and before the start",
        Ask("crew", "hank"),
        (busy(), approves("bob"), group("S0CREW", "fred")),
        rule="crew",
        needs=ONE,
        may=GROUP,
        state="refused",
        told={"hank": (STARTS, NOT_STARTED + "you may no longer ask for it.")},
        thread=("Not started: who asked may no longer ask for this.",),
    ),
    Situation(
        "Hank leaves while his request is halted, and Bob can only cancel it",
        Ask("crew", "hank"),
        (
            refuses("CPS.0006"),
            approves("bob"),
            stands("halted"),
            becomes("hank", deleted=True),
            clicks("bob", "resume"),
            clicks("bob", "cancel"),
        ),
        rule="crew",
        needs=ONE,
        may=GROUP,
        state="cancelled",
        hears={"bob": (HANK + "This account is deactivated.",)},
        told={"hank": (STARTS,)},
        thread=(
            HALTED,
            "Cancelled: 2 phones will not be sent. 0 are still under way.",
        ),
    ),
    Situation(
        "The approvers' group is renamed",
        Ask("patrol"),
        (renamed("S0SHIFT"), approves("bob")),
        rule="patrol",
        needs=SHIFT,
        may="@S0SHIFT",
        sent=2,
        told={"alice": (STARTS,)},
    ),
    Situation(
        "The approvers' group is disabled, and those escalate to whom the policy names",
        Ask("shift"),
        (
            group("S0SHIFT", "bob", "carol", disabled=True),
            approves("bob"),
            card_says(
                "*Still needed:* 1 approval of shift or leads",
                "*Too few people are in shift*, so leads may approve as well.",
                "May approve until TIME: @S0SHIFT, @dave",
            ),
            approves("dave"),
        ),
        rule="shift",
        needs=SHIFT,
        may="@S0SHIFT",
        sent=2,
        hears={"bob": (NOT_YOU + "@S0SHIFT, @dave.",)},
        told={"alice": ("@dave approved your request `D`; it starts.",)},
    ),
    Situation(
        "The approvers' group is emptied, and the operators may approve",
        Ask("patrol"),
        (
            group("S0SHIFT"),
            approves("bob"),
            card_says("*Too few people are in shift*, so oncall may approve as well."),
            approves("erin"),
        ),
        rule="patrol",
        needs=SHIFT,
        may="@S0SHIFT",
        sent=2,
        hears={"bob": (NOT_YOU + "@S0SHIFT, @erin.",)},
        told={"alice": ("@erin approved your request `D`; it starts.",)},
    ),
    Situation(
        "The approvers' group is emptied and an operator is the first to press Approve",
        Ask("patrol"),
        (group("S0SHIFT"), approves("erin")),
        rule="patrol",
        needs=SHIFT,
        may="@S0SHIFT",
        sent=2,
        told={"alice": ("@erin approved your request `D`; it starts.",)},
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_leaving(scene: Scene, row: Situation) -> None:
    await play(scene, row)
