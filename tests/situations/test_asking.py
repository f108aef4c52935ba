"""Who may ask for what, where, when and how many: by which rule, and else why not."""

import pytest

from tests.situations import team
from tests.situations.ahead import Ahead
from tests.situations.said import GROUP, ONE
from tests.situations.situation import Ask, Place, Situation, refused
from tests.situations.steps import approved, approves, types

ROWS = (
    approved(
        "Alice asks, who is in the requesters' group, and Bob approves", Ask("plain"), "plain"
    ),
    approved("Fred asks, who is a requester by his own id", Ask("plain", "fred"), "plain"),
    refused(
        "Hank asks, who is in no role that may ask here",
        Ask("plain", "hank"),
        "No rule of the policy lets you ask for this in this project. This may be asked for by "
        "@S0OPS, @away, @bob, @fred, @gone and 4 more.",
    ),
    approved("Hank asks where anybody may", Ask("open", "hank"), "open"),
    refused("A guest asks where anybody may", Ask("open", "guest"), "Guests may not do this."),
    refused(
        "A guest asks who is a requester by id", Ask("plain", "guest"), "Guests may not do this."
    ),
    refused(
        "Somebody of another workspace asks in a shared channel",
        Ask("open", "out"),
        "People of other workspaces may not do this.",
    ),
    refused(
        "An account asks that has just been deactivated",
        Ask("open", "gone"),
        "This account is deactivated.",
    ),
    refused("A bot asks", Ask("open", "robot"), "Bots may not ask here."),
    refused(
        "Alice asks in a project that no rule of hers is for",
        Ask("crew"),
        "No rule of the policy lets you ask for this in this project. This may be asked for by "
        "@S0CREW.",
    ),
    refused(
        "Alice asks for a route that the rule has not",
        Ask("back"),
        "No rule of the policy lets you ask for this route.",
        "back only",
    ),
    approved(
        "Alice asks for the route that the rule has", Ask("back", route="direct"), "back only"
    ),
    refused(
        "Alice asks in another channel than the rule's",
        Ask("room"),
        "The policy lets you ask for this in other channels only.",
        "in the room",
    ),
    approved("Alice asks in the rule's channel", Ask("room", room=team.ROOM), "in the room"),
    approved("Alice asks in the hours of the rule, by the clock of its zone", Ask("day"), "by day"),
    refused(
        "Alice asks outside the hours of the rule",
        Ask("night"),
        "The policy lets you ask for this at other hours only.",
        "by night",
    ),
    refused(
        "Alice gives ids where the rule wants servers or tags named",
        Ask("pointed"),
        "The policy does not let you point at phones in this way.",
        "pointed",
    ),
    refused(
        "Alice names a server and a name where the rule wants servers or tags alone",
        Ask("pointed", places=(Place("rim"),), terms="server:{0} name:mobile-*"),
        "The policy does not let you point at phones in this way.",
        "pointed",
    ),
    Situation(
        "Alice names a server where the rule wants servers or tags named",
        Ask("pointed", places=(Place("rim"),), terms="server:{0}"),
        (types("bob", "10"),),
        rule="pointed",
        needs=ONE,
        may=GROUP,
        sent=10,
        told={"alice": ("@bob approved your request `D`; it starts.",)},
        card=("Selected by `server:{0}`",),
    ),
    approved(
        "Alice gives a file where the rule takes one", Ask("pointed", by_file=True), "pointed"
    ),
    refused(
        "Alice asks for one phone where two are the least",
        Ask("sized", phones=1),
        "The policy lets you ask for this from 2 phones on.",
        "sized",
    ),
    approved("Alice asks for the least there may be", Ask("sized", phones=2), "sized"),
    approved("Alice asks for the most there may be", Ask("sized", phones=4), "sized"),
    refused(
        "Alice asks for one more than there may be",
        Ask("sized", phones=5),
        "The policy lets you change at most 4 phones at a time.",
        "sized",
    ),
    refused(
        "Alice asks for less than the least share of the fleet",
        Ask("share", phones=1),
        "The policy lets you ask for this from 2 phones on.",
        "a share",
    ),
    approved("Alice asks for the least share of the fleet", Ask("share", phones=2), "a share"),
    refused(
        "Alice asks for more than the largest share of the fleet",
        Ask("share", phones=5),
        "The policy lets you change at most 4 phones of this project at a time, which is a share "
        "of them.",
        "a share",
    ),
    approved(
        "Alice asks for phones of servers that the rule names by a pattern",
        Ask("edges", places=(Place("rim"),)),
        "edges",
    ),
    refused(
        "Alice asks for phones of two servers and the rule names but one",
        Ask("edges", places=(Place("rim"), Place("hub"))),
        "The policy lets you ask for phones of other servers only.",
        "edges",
    ),
    approved(
        "Alice asks for phones of a server with the rule's tag",
        Ask("tagged", places=(Place("rim", {"env": "staging"}),)),
        "staging",
    ),
    refused(
        "Alice asks for phones of a server with another tag",
        Ask("tagged", places=(Place("rim", {"env": "staging"}), Place("rim", {"env": "prod"}))),
        "The policy lets you ask for phones of other tags only.",
        "staging",
    ),
    refused(
        "Alice asks for phones of which one is on a server that a rule denies",
        Ask("guarded", places=(Place("rim"), Place("core"))),
        "The policy denies this, by its rule `no core`.",
    ),
    approved(
        "Alice asks there for phones of other servers",
        Ask("guarded", places=(Place("rim"),)),
        "guarded",
    ),
    Situation(
        "Alice asks for so few phones that nobody has to approve",
        Ask("steps", phones=1),
        rule="few at once",
        sent=1,
    ),
    approved("Alice asks for more, and the next rule wants an approval", Ask("steps"), "more"),
    Situation(
        "Greta asks and hears it in German, and the channel in English",
        Ask("plain", "greta"),
        (approves("bob"),),
        rule="plain",
        needs=ONE,
        may=GROUP,
        sent=2,
        hears={"greta": ("Der Plan von `D` steht in #here und wartet auf Freigabe.",)},
        told={"greta": ("@bob hat deine Anfrage `D` freigegeben; sie läuft an.",)},
        card=("Approved by @bob",),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_asking(ahead: Ahead, row: Situation) -> None:
    await ahead.play(row)
