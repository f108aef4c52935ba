"""What time does to a request that waits: more people may approve, people are reminded, it ends."""

import pytest

from tests.situations.ahead import Ahead
from tests.situations.between import ends, later, policy
from tests.situations.play import play
from tests.situations.said import (
    AGAIN,
    COUNTS,
    GROUP,
    NOT_YOU,
    ONE,
    ONE_MORE,
    SHIFT,
    STARTS,
    TOO_OLD,
)
from tests.situations.scene import Scene
from tests.situations.situation import Ask, Situation
from tests.situations.steps import approves, card_says, told, waits_again

DAVE = "@dave approved your request `D`; it starts."
ERIN = "@erin approved your request `D`; it starts."
PLEASE = "`D` waits for your approval until TIME: 2 phones to routing. Its card is in #here."
OTHERWISE = (
    "*The policy has changed.* `VERSION` is in force from now on, in place of `VERSION`.\n"
    "• People are asked to approve in another way"
)
DIRECT = policy(('tell = "card"', 'tell = "direct"'))
REMIND = policy(('tell = "card"', 'tell = "card"\nremind = "30m"'))

ROWS = (
    Situation(
        "The shift has not answered for half an hour, and Dave approves as well",
        Ask("shift"),
        (
            later(31),
            card_says(
                "*Still needed:* 1 approval of shift or leads",
                "shift have not answered, so leads may approve as well.",
                "May approve until TIME: @S0SHIFT, @dave",
            ),
            approves("dave"),
        ),
        rule="shift",
        needs=SHIFT,
        may="@S0SHIFT",
        sent=2,
        told={"alice": (DAVE,), "bob": (PLEASE,), "carol": (PLEASE,), "dave": (PLEASE,)},
    ),
    Situation(
        "Dave presses Approve before the half hour is over",
        Ask("shift"),
        (later(28), approves("dave")),
        rule="shift",
        needs=SHIFT,
        may="@S0SHIFT",
        state="pending",
        hears={"dave": (NOT_YOU + "@S0SHIFT.",)},
    ),
    Situation(
        "The approvers have not answered for longer than a plan may be old",
        Ask("slow"),
        (
            later(121),
            card_says("approvers have not answered, so leads may approve as well."),
            approves("dave"),
            waits_again(),
            approves("dave"),
        ),
        rule="slow",
        needs=ONE,
        may=GROUP,
        sent=2,
        hears={"dave": (TOO_OLD,)},
        told={"alice": (DAVE,), "bob": (PLEASE,), "carol": (PLEASE,), "dave": (PLEASE,)},
        thread=(AGAIN,),
    ),
    Situation(
        "There is nobody in the role, and those it escalates to may approve at once",
        Ask("vacant"),
        (
            card_says("*Too few people are in nobody*, so leads may approve as well."),
            approves("dave"),
        ),
        rule="vacant",
        needs="1 approval of nobody or leads",
        may="@S0NOBODY, @dave",
        sent=2,
        told={"alice": (DAVE,)},
    ),
    Situation(
        "There is nobody in the role, and it escalates to nobody but the operators",
        Ask("forgotten"),
        (
            card_says("*Too few people are in nobody*, so oncall may approve as well."),
            approves("erin"),
        ),
        rule="forgotten",
        needs="1 approval of nobody or oncall",
        may="@S0NOBODY, @erin",
        sent=2,
        told={"alice": (ERIN,)},
    ),
    Situation(
        "Too few people are in the role, and the operators are the same",
        Ask("lonely"),
        (approves("erin"),),
        rule="lonely",
        needs="2 approvals of oncall",
        may="@erin",
        state="pending",
        hears={"erin": (COUNTS,)},
        told={"alice": ("@erin approved your request `D`. One more approval is needed.",)},
        card=(
            (
                "*Too few people can approve this:* there is nobody else in oncall. Ask whoever "
                "keeps the policy."
            ),
        ),
    ),
    Situation(
        "The only approver is who asked",
        Ask("solo", "bob"),
        (approves("bob"), approves("erin")),
        rule="solo",
        needs="1 approval of seniors or oncall",
        may="@bob, @erin",
        sent=2,
        hears={
            "bob": ("Nobody decides on their own request, but you may withdraw it. Ask @erin.",)
        },
        told={"bob": (ERIN,)},
    ),
    Situation(
        "One person is all there is for two stages",
        Ask("twice"),
        (approves("bob"), approves("erin")),
        rule="twice",
        needs="1 approval of seniors · 1 approval of seniors or oncall",
        may="@bob, @erin",
        sent=2,
        hears={"bob": (COUNTS,)},
        told={"alice": (ONE_MORE, ERIN)},
    ),
    Situation(
        "Nobody approves within the time of the rule",
        Ask("brief"),
        rule="brief",
        needs=ONE,
        may=GROUP,
        state="expired",
        told={"alice": ("Nobody approved your request `D` in time. Nothing was sent; ask again.",)},
        card=("Nobody approved in time. Nothing was sent; ask again if needed.",),
    ),
    Situation(
        "One of two approves in time",
        Ask("pair"),
        (approves("bob"), ends()),
        rule="pair",
        needs="2 approvals of approvers",
        may=GROUP,
        state="expired",
        hears={"bob": (COUNTS,)},
        told={
            "alice": (
                ONE_MORE,
                "Not all approved your request `D` in time. Nothing was sent; ask again.",
            )
        },
        card=(
            "Approved by @bob",
            "Not all approved in time. Nothing was sent; ask again if needed.",
        ),
    ),
)
# While the policy is another one, nothing else is played.
ALONE = (
    Situation(
        "Approvers are written to and not mentioned on the card",
        Ask("plain"),
        (told("bob", 1), approves("bob")),
        before=(DIRECT,),
        rule="plain",
        needs=ONE,
        sent=2,
        told={"alice": (STARTS,), "bob": (PLEASE,), "carol": (PLEASE,)},
        desk=(OTHERWISE,),
    ),
    Situation(
        "Approvers are reminded after half an hour, and once more after another whole one",
        Ask("plain"),
        (later(31), told("bob", 1), later(60), told("bob", 2)),
        before=(REMIND,),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        told={"bob": (PLEASE, PLEASE), "carol": (PLEASE, PLEASE)},
        desk=(OTHERWISE,),
    ),
    Situation(
        "Who has approved is not reminded, and who has not is",
        Ask("pair"),
        (approves("bob"), later(31), told("carol", 1)),
        before=(REMIND,),
        rule="pair",
        needs="2 approvals of approvers",
        may=GROUP,
        state="pending",
        hears={"bob": (COUNTS,)},
        told={"alice": (ONE_MORE,), "carol": (PLEASE,)},
        desk=(OTHERWISE,),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_waiting(ahead: Ahead, row: Situation) -> None:
    await ahead.play(row)


@pytest.mark.parametrize("row", ALONE, ids=str)
async def test_waiting_alone(scene: Scene, row: Situation) -> None:
    await play(scene, row)
