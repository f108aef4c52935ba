"""Each condition of a rule: the last wish it fits and the first one it does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.divert.phones import Route
from bot.divert.policy import Effect, Extent, Hours, Kind, Place, Refused, Rule, Why, Wish
from bot.divert.policy.hours import read_span
from tests.divert.policy.people import NOON, WISH


def phones(number: int | None) -> Wish:
    return replace(WISH, phones=number)


def share(number: int, fleet: int | None) -> Wish:
    return replace(WISH, phones=number, extent=Extent(fleet))


def kinds(*given: Kind) -> Wish:
    return replace(WISH, kinds=frozenset(given))


def places(*given: Place) -> Wish:
    return replace(WISH, extent=Extent(places=given))


def at(hour: int, minute: int = 0) -> Wish:
    return replace(WISH, at=NOON.replace(hour=hour, minute=minute))


CORE, EDGE = Place("s-1", "core-1", ("env=prod",)), Place("s-2", "edge-1", ("env=test", "a=b"))
DAY = Hours((read_span("Mon-Fri 08:00-18:00"),))

TABLE: list[tuple[str, Rule, Wish, Why | None]] = [
    ("any project", Rule("r"), WISH, None),
    ("its project", Rule("r", projects=("x", "demo")), WISH, None),
    ("another project", Rule("r", projects=("x",)), WISH, Why.PROJECT),
    ("its route", Rule("r", routes=("routing",)), WISH, None),
    ("another route", Rule("r", routes=("routing",)), replace(WISH, route=Route.DIRECT), Why.ROUTE),
    ("its channel", Rule("r", channels=("C0OPS",)), WISH, None),
    ("another channel", Rule("r", channels=("C0X",)), WISH, Why.CHANNEL),
    ("first minute", Rule("r", hours=DAY), at(8), None),
    ("before it", Rule("r", hours=DAY), at(7, 59), Why.HOURS),
    ("last minute", Rule("r", hours=DAY), at(17, 59), None),
    ("after it", Rule("r", hours=DAY), at(18), Why.HOURS),
    ("another day", Rule("r", hours=DAY), replace(WISH, at=NOON + timedelta(days=4)), Why.HOURS),
    ("its kinds", Rule("r", selections=("ids", "file")), kinds(Kind.IDS, Kind.FILE), None),
    ("one kind more", Rule("r", selections=("ids",)), kinds(Kind.IDS, Kind.NAME), Why.SELECTION),
    ("kinds unknown", Rule("r", selections=("ids",)), WISH, None),
    ("its servers", Rule("r", servers=("core-*", "edge-*")), places(CORE, EDGE), None),
    ("one server more", Rule("r", servers=("edge-*",)), places(CORE, EDGE), Why.SERVERS),
    ("a server by its id", Rule("r", servers=("s-1",)), places(CORE), None),
    ("servers unknown", Rule("r", servers=("edge-*",)), WISH, None),
    ("its tags", Rule("r", tags=("env=*",)), places(CORE, EDGE), None),
    ("one tag less", Rule("r", tags=("env=prod",)), places(CORE, EDGE), Why.TAGS),
    ("no tag at all", Rule("r", tags=("env=*",)), places(Place("s-3", "x")), Why.TAGS),
    ("tags unknown", Rule("r", tags=("env=prod",)), WISH, None),
    ("enough phones", Rule("r", min_phones=3), phones(3), None),
    ("too few phones", Rule("r", min_phones=3), phones(2), Why.TOO_FEW),
    ("few phones, unknown", Rule("r", min_phones=3), phones(None), None),
    ("phones up to the limit", Rule("r", max_phones=3), phones(3), None),
    ("one phone more", Rule("r", max_phones=3), phones(4), Why.TOO_MANY),
    ("many phones, unknown", Rule("r", max_phones=3), phones(None), None),
    ("a share up to the limit", Rule("r", max_share=0.2), share(20, 100), None),
    ("one phone above the share", Rule("r", max_share=0.2), share(21, 100), Why.SHARE),
    ("a share, unknown", Rule("r", max_share=0.2), share(21, None), None),
    ("share enough", Rule("r", min_share=0.2), share(20, 100), None),
    ("too small a share", Rule("r", min_share=0.2), share(19, 100), Why.TOO_FEW),
]


@pytest.mark.parametrize(
    ("rule", "wish", "why"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_a_condition_of_a_rule_that_allows(rule: Rule, wish: Wish, why: Why | None) -> None:
    against = rule.against(wish)
    assert (against.why if against else None) == why
    if against is not None:
        assert against.rule == "r"
        assert not rule.surely_fits(wish)


def test_a_limit_is_told_in_phones() -> None:
    assert Rule("r", max_share=0.25).against(share(30, 101)) == Refused(Why.SHARE, 25, "r")
    assert Rule("r", max_share=0.07).against(share(8, 100)) == Refused(Why.SHARE, 7, "r")
    assert Rule("r", max_share=0.29).against(share(30, 100)) == Refused(Why.SHARE, 29, "r")
    assert Rule("r", min_share=0.07).against(share(6, 100)) == Refused(Why.TOO_FEW, 7, "r")
    assert Rule("r", min_share=0.25).against(share(3, 101)) == Refused(Why.TOO_FEW, 26, "r")
    both = Rule("r", min_phones=30, min_share=0.25)
    assert both.against(share(3, 101)) == Refused(Why.TOO_FEW, 30, "r")
    assert Rule("r", max_phones=3).against(phones(4)) == Refused(Why.TOO_MANY, 3, "r")
    assert Rule("r", min_phones=3).against(phones(2)) == Refused(Why.TOO_FEW, 3, "r")


def _deny(**how: object) -> Rule:
    return replace(Rule("r", effect=Effect.DENY), **how)  # type: ignore[arg-type]


DENYING: list[tuple[str, Rule, Wish, bool]] = [
    ("any of its kinds", _deny(selections=("name",)), kinds(Kind.IDS, Kind.NAME), True),
    ("none of its kinds", _deny(selections=("name",)), kinds(Kind.IDS), False),
    ("any of its servers", _deny(servers=("core-*",)), places(CORE, EDGE), True),
    ("none of its servers", _deny(servers=("core-*",)), places(EDGE), False),
    ("servers unknown", _deny(servers=("core-*",)), WISH, False),
    ("any of its tags", _deny(tags=("env=prod",)), places(CORE, EDGE), True),
    ("tags unknown", _deny(tags=("env=prod",)), WISH, False),
    ("more phones", _deny(min_phones=11), phones(11), True),
    ("phones unknown", _deny(min_phones=11), phones(None), False),
    ("everything", _deny(), WISH, True),
]


@pytest.mark.parametrize(
    ("rule", "wish", "fits"), [row[1:] for row in DENYING], ids=[row[0] for row in DENYING]
)
def test_a_rule_that_denies_fits_where_any_part_of_the_plan_does(
    rule: Rule, wish: Wish, fits: bool
) -> None:
    assert rule.surely_fits(wish) is fits
