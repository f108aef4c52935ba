"""Slack does not say who somebody is: nothing is decided, and that is said."""

import pytest

from tests.situations.between import (
    busy,
    fails,
    newcomer,
    works_again,
)
from tests.situations.play import play
from tests.situations.said import GROUP, ONE, STARTS, WHO
from tests.situations.scene import Scene
from tests.situations.situation import Ask, Situation
from tests.situations.steps import approves

ROWS = (
    Situation(
        "Slack does not say who asks",
        Ask("open", "newbie"),
        before=(newcomer("newbie"), fails("users.info")),
        state="refused",
        hears={"newbie": (WHO,)},
    ),
    Situation(
        "Slack does not say who presses Approve, and then does",
        Ask("plain"),
        (fails("users.info"), approves("bob"), works_again(), approves("bob")),
        rule="plain",
        needs=ONE,
        may=GROUP,
        sent=2,
        hears={"bob": (WHO,)},
        told={"alice": (STARTS,)},
    ),
    Situation(
        "Slack does not say who is in the groups when Bob presses Approve",
        Ask("plain"),
        (fails("usergroups.users.list"), approves("bob")),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="pending",
        hears={"bob": (WHO,)},
    ),
    Situation(
        "Slack does not say at the start who asked and approved",
        Ask("plain"),
        (busy(), approves("bob"), fails("users.info", 200)),
        rule="plain",
        needs=ONE,
        may=GROUP,
        state="approved",
        told={"alice": (STARTS,)},
        thread=("Slack could not confirm who asked and approved; I try again until it can.",),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_lookups(scene: Scene, row: Situation) -> None:
    await play(scene, row)
