"""The plan or the servers change under the card, between the asking and the end."""

import pytest

from tests.situations.ahead import Ahead
from tests.situations.between import later, phones, server
from tests.situations.said import (
    AGAIN,
    COUNTS,
    GROUP,
    ONE,
    ONE_MORE,
    OTHER_PLAN,
    REFUSED,
    STARTS,
    TOO_OLD,
    TWO,
)
from tests.situations.situation import Ask, Place, Situation
from tests.situations.steps import approves, card_says, clicks, old_card, waits_again

ROWS = (
    Situation(
        "Carol is the second to approve a plan that got too old, and stays the same",
        Ask("pair"),
        (approves("bob"), later(61), approves("carol"), waits_again(), approves("carol")),
        rule="pair",
        needs="2 approvals of approvers",
        may=GROUP,
        sent=2,
        hears={"bob": (COUNTS,), "carol": (TOO_OLD,)},
        told={"alice": (ONE_MORE, "@carol approved your request `D`; it starts.")},
        thread=(AGAIN,),
        card=("Approved by @bob, @carol",),
    ),
    Situation(
        "A phone is moved by somebody else, the plan gets too old, and what was approved is void",
        Ask("pair", phones=3),
        (
            approves("bob"),
            phones(0, route="routing"),
            later(61),
            approves("carol"),
            waits_again(),
            old_card("carol", "approve"),
            approves("carol"),
        ),
        rule="pair",
        needs="2 approvals of approvers",
        may=GROUP,
        state="pending",
        hears={"bob": (COUNTS,), "carol": (TOO_OLD, OTHER_PLAN, COUNTS)},
        told={
            "alice": (ONE_MORE, "@carol approved your request `D`. One more approval is needed.")
        },
        thread=(AGAIN,),
        card=("Approved by @carol", "Left out: 1 is there already."),
    ),
    Situation(
        "All phones were moved by somebody else, and there is nothing left to approve",
        Ask("plain"),
        (phones(0, 1, route="routing"), later(61), approves("bob")),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="refused",
        hears={
            "bob": (TOO_OLD,),
            "alice": (
                "There is nothing to change: 2 are on routing already. Nothing was asked for.",
            ),
        },
        thread=(AGAIN, REFUSED),
    ),
    Situation(
        "Alice leaves phones out that cannot take it, while Bob looks at the old card",
        Ask("plain", phones=3),
        (clicks("alice", "leave_out"), waits_again(), old_card("bob", "approve"), approves("bob")),
        when_there=(phones(0, status=6),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        sent=2,
        hears={"bob": (OTHER_PLAN,)},
        told={"alice": (STARTS,)},
        thread=(
            (
                "The phones that may not take the change are left out; I am planning again, and "
                "earlier approvals no longer count."
            ),
            "1 phone is excluded: `P0`",
        ),
    ),
    Situation(
        "A server gets a protected name while its plan is young enough to be approved as it is",
        Ask("vault", places=(Place("rim"),)),
        (server(0, name="core-hidden"), approves("bob")),
        rule="vault",
        needs=ONE,
        may=GROUP,
        sent=2,
        told={"alice": (STARTS,)},
    ),
    Situation(
        "A server gets a protected name and the plan gets too old",
        Ask("vault", places=(Place("rim"),)),
        (
            server(0, name="core-renamed"),
            later(61),
            approves("bob"),
            card_says("*Still needed:* " + TWO),
            approves("bob"),
            approves("dave"),
        ),
        rule="vault",
        needs=ONE,
        may=GROUP,
        sent=2,
        hears={"bob": (TOO_OLD, COUNTS)},
        told={"alice": (ONE_MORE, "@dave approved your request `D`; it starts.")},
        thread=(AGAIN,),
    ),
    Situation(
        "A server gets a protected tag after one approved, and the plan gets too old",
        Ask("vault", places=(Place("core"),)),
        (
            approves("bob"),
            server(0, tags={"env": "prod"}),
            later(61),
            approves("dave"),
            card_says("*Still needed:* " + TWO + " · 1 approval of oncall"),
            approves("dave"),
        ),
        rule="vault",
        needs=TWO,
        may="@S0APPROVE, @dave",
        state="pending",
        hears={
            "bob": (COUNTS,),
            "dave": (TOO_OLD, "Your approval of `D` counts. 2 more are needed."),
        },
        told={
            "alice": (
                ONE_MORE,
                "@dave approved your request `D`. 2 more approvals are needed.",
            )
        },
        thread=(AGAIN,),
        card=("Approved by @dave", "*Still needed:* " + ONE + " · 1 approval of oncall"),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_changing(ahead: Ahead, row: Situation) -> None:
    await ahead.play(row)
