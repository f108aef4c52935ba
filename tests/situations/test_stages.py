"""What must be approved: several people, several stages, protected servers, and many phones."""

import pytest

from tests.situations.ahead import Ahead
from tests.situations.said import BOTH, COUNTS, GROUP, NOT_YOU, ONE, ONE_MORE, STARTS, TWO
from tests.situations.situation import Ask, Place, Situation
from tests.situations.steps import approved, approves, at_once, card_says, denies, forges, types

ROWS = (
    Situation(
        "Two people must approve and one does so twice",
        Ask("pair"),
        (approves("bob"), approves("bob")),
        rule="pair",
        needs="2 approvals of approvers",
        may=GROUP,
        state="pending",
        hears={"bob": (COUNTS, "You have approved this already; another must too.")},
        told={"alice": (ONE_MORE,)},
        card=("Approved by @bob", "*Still needed:* " + ONE),
    ),
    Situation(
        "Two people must approve and both do, one after the other",
        Ask("pair"),
        (approves("bob"), approves("carol")),
        rule="pair",
        needs="2 approvals of approvers",
        may=GROUP,
        sent=2,
        hears={"bob": (COUNTS,)},
        told={"alice": (ONE_MORE, "@carol approved your request `D`; it starts.")},
        card=("Approved by @bob, @carol",),
    ),
    Situation(
        "Bob and Dave approve in one instant, each for a stage of his own",
        Ask("two"),
        (at_once(approves("bob"), approves("dave")),),
        rule="two",
        needs=TWO,
        may=BOTH,
        sent=2,
        hears={"bob": (COUNTS,)},
        told={"alice": (ONE_MORE, "@dave approved your request `D`; it starts.")},
        either=("bob", "dave"),
    ),
    Situation(
        "Carol approves where the approvers have done so and the leads have not",
        Ask("two"),
        (approves("bob"), card_says("*Still needed:* 1 approval of leads"), approves("carol")),
        rule="two",
        needs=TWO,
        may=BOTH,
        state="pending",
        hears={"bob": (COUNTS,), "carol": (NOT_YOU + "@dave.",)},
        told={"alice": (ONE_MORE,)},
        card=("Approved by @bob", "*Still needed:* 1 approval of leads"),
    ),
    Situation(
        "Carol denies where the approvers have approved and the leads have not",
        Ask("two"),
        (approves("bob"), denies("carol", "not today")),
        rule="two",
        needs=TWO,
        may=BOTH,
        state="denied",
        hears={"bob": (COUNTS,)},
        told={
            "alice": (ONE_MORE, "@carol denied your request `D`: “not today”. Nothing was sent.")
        },
        card=("Denied by @carol: “not today”", "Nothing was sent."),
    ),
    Situation(
        "Bob approves first, who fits both stages, and then Dave, who fits one",
        Ask("either"),
        (approves("bob"), approves("dave")),
        rule="either",
        needs="1 approval of approvers or leads · " + ONE,
        may=BOTH,
        sent=2,
        hears={"bob": (COUNTS,)},
        told={"alice": (ONE_MORE, "@dave approved your request `D`; it starts.")},
    ),
    Situation(
        "Dave approves first and then Bob",
        Ask("either"),
        (approves("dave"), approves("bob")),
        rule="either",
        needs="1 approval of approvers or leads · " + ONE,
        may=BOTH,
        sent=2,
        hears={"dave": (COUNTS,)},
        told={
            "alice": ("@dave approved your request `D`. One more approval is needed.", STARTS),
        },
    ),
    Situation(
        "Bob approves alone what needs two people, though he fits both stages",
        Ask("either"),
        (approves("bob"), approves("bob")),
        rule="either",
        needs="1 approval of approvers or leads · " + ONE,
        may=BOTH,
        state="pending",
        hears={"bob": (COUNTS, "You have approved this already; another must too.")},
        told={"alice": (ONE_MORE,)},
    ),
    Situation(
        "Phones stand on a server that is protected by its name",
        Ask("vault", places=(Place("core"),)),
        (approves("bob"), approves("dave")),
        rule="vault",
        needs=TWO,
        may=BOTH,
        sent=2,
        hears={"bob": (COUNTS,)},
        told={"alice": (ONE_MORE, "@dave approved your request `D`; it starts.")},
    ),
    Situation(
        "Phones stand on a server that is protected by its tag",
        Ask("vault", places=(Place("rim"), Place("rim", {"env": "prod"}))),
        (approves("erin"), approves("bob")),
        rule="vault",
        needs="1 approval of approvers · 1 approval of oncall",
        may="@S0APPROVE, @erin",
        sent=4,
        hears={"erin": (COUNTS,)},
        told={
            "alice": ("@erin approved your request `D`. One more approval is needed.", STARTS),
        },
    ),
    Situation(
        "Phones stand on a server that is protected by both",
        Ask("vault", places=(Place("core", {"env": "prod"}),)),
        (approves("bob"),),
        rule="vault",
        needs="1 approval of approvers · 1 approval of leads · 1 approval of oncall",
        may="@S0APPROVE, @dave, @erin",
        state="pending",
        hears={"bob": ("Your approval of `D` counts. 2 more are needed.",)},
        told={"alice": ("@bob approved your request `D`. 2 more approvals are needed.",)},
    ),
    approved(
        "Phones stand on a server there that is not protected",
        Ask("vault", places=(Place("rim", {"env": "test"}),)),
        "vault",
    ),
    Situation(
        "More phones than a click approves are approved with their number typed",
        Ask("plain", phones=6),
        (types("bob", "6"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        sent=6,
        told={"alice": (STARTS,)},
    ),
    Situation(
        "So many are approved by a plain click of an older card",
        Ask("plain", phones=6),
        (forges("bob", "approve", "D:H"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={"bob": ("For so many phones I need their number typed: 6. Press Approve again.",)},
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_stages(ahead: Ahead, row: Situation) -> None:
    await ahead.play(row)
