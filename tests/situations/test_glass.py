"""What cannot wait: who may break the glass, what still stops them, and who looks at it after."""

import pytest

from tests.situations.between import becomes
from tests.situations.play import play
from tests.situations.said import GROUP, ONE, STARTS
from tests.situations.scene import Scene
from tests.situations.situation import Ask, Situation
from tests.situations.steps import (
    approves,
    breaks,
    card_says,
    clicks,
    forges,
    has_no_button,
    stands,
)

RUNS = "@erin broke the glass and runs your request `D` at once: “all is down”"
THREAD = ("Started without approval, by breaking the glass: “all is down”",)
DESK = (
    "*Glass broken:* @erin runs `D` without approval, 2 phones to routing: “all is down”. To be "
    "reviewed on its card by "
)
NO_GLASS = (
    "No rule of the policy lets you break the glass for this now. These may, within its limits: "
    "@erin."
)
FREEZE = (
    "*Freeze “moving house”:* nothing is sent in project `frozen` until TIME. Until then no "
    "approval counts; the button stays where it is."
)
OTHERS = "This is for somebody else to review: "

ROWS = (
    Situation(
        "Erin breaks the glass, and Bob reviews it after others could not",
        Ask("plain"),
        (
            breaks("erin"),
            stands("done"),
            card_says("*To be reviewed* by somebody else."),
            clicks("erin", "review"),
            clicks("dave", "review"),
            clicks("guest", "review"),
            clicks("bob", "review"),
            clicks("carol", "review"),
        ),
        rule="plain",
        needs=ONE,
        may=GROUP,
        sent=2,
        hears={
            "erin": (OTHERS + "@S0APPROVE.",),
            "dave": (OTHERS + "@S0APPROVE.",),
            "guest": ("Guests may not do this.",),
            "carol": ("`D` was reviewed by @bob already.",),
        },
        told={"alice": (RUNS,)},
        thread=THREAD,
        desk=(DESK + "@S0APPROVE.",),
        card=("*Glass broken by @erin*, without approval: “all is down”", "Reviewed by @bob"),
    ),
    Situation(
        "Bob would break the glass, who may only approve",
        Ask("plain"),
        (breaks("bob"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={"bob": (NO_GLASS,)},
    ),
    Situation(
        "Erin would break it, who is a guest by now",
        Ask("plain"),
        (becomes("erin", is_restricted=True), breaks("erin")),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={"erin": ("Guests may not do this.",)},
    ),
    Situation(
        "Erin would break it where a rule denies her everything",
        Ask("two"),
        (breaks("erin"),),
        rule="two",
        needs="1 approval of approvers · 1 approval of leads",
        may="@S0APPROVE, @dave",
        state="pending",
        hears={"erin": ("The policy denies this, by its rule `hands off`.",)},
    ),
    Situation(
        "There are more phones than the glass may be broken for",
        Ask("plain", phones=4),
        (has_no_button("break_glass"), approves("bob")),
        rule="plain",
        needs=ONE,
        may=GROUP,
        sent=4,
        told={"alice": (STARTS,)},
    ),
    Situation(
        "There is no glass in this project",
        Ask("pair"),
        (has_no_button("break_glass"), forges("bob", "approve", "D:H")),
        rule="pair",
        needs="2 approvals of approvers",
        may=GROUP,
        state="pending",
        hears={"bob": ("Your approval of `D` counts. One more is needed.",)},
        told={"alice": ("@bob approved your request `D`. One more approval is needed.",)},
    ),
    Situation(
        "Hank is deactivated who asked, and Erin breaks the glass all the same",
        Ask("crew", "hank"),
        (becomes("hank", deleted=True), breaks("erin")),
        rule="crew",
        needs=ONE,
        may=GROUP,
        sent=2,
        thread=THREAD,
        desk=(DESK + "@S0APPROVE.",),
    ),
    Situation(
        "A freeze lets nobody approve, and Erin breaks the glass",
        Ask("frozen"),
        (approves("bob"), breaks("erin")),
        rule="frozen",
        needs=ONE,
        may=GROUP,
        sent=2,
        hears={"bob": (FREEZE,)},
        told={"alice": (RUNS,)},
        thread=THREAD,
        desk=(DESK + "@S0APPROVE.",),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_glass(scene: Scene, row: Situation) -> None:
    await play(scene, row)
