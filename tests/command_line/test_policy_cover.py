"""A rule is called covered only where it is: nothing that fits it slips by the other one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.command_line.policy_cover import covers
from bot.divert.phones import Route
from bot.divert.policy import (
    Effect,
    Extent,
    Hours,
    Kind,
    Place,
    Policy,
    Rule,
    Span,
    Wish,
)

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
ROLES = {"a": frozenset({"UA", "UB"}), "b": frozenset({"UB"}), "c": frozenset({"UC"})}
POLICY = Policy(ROLES)


def some(*of: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(of), unique=True, max_size=2).map(tuple)


spans = st.builds(
    Span,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.sampled_from([0, 60, 1380]),
    st.sampled_from([60, 120, 1440]),
)
hours = st.builds(
    Hours,
    st.lists(spans, min_size=1, max_size=2).map(tuple),
    st.sampled_from(["UTC", "Asia/Tokyo"]),
)
rules = st.builds(
    Rule,
    st.just("r"),
    who=some("a", "b", "c"),
    projects=some("demo", "beta"),
    routes=some("direct", "routing"),
    channels=some("C0A", "C0B"),
    selections=some("ids", "name", "tag"),
    servers=some("*", "e*", "e1", "*1", "core"),
    tags=some("env=*", "env=prod", "env=p*"),
    min_phones=st.none() | st.integers(1, 3),
    max_phones=st.none() | st.integers(1, 3),
    min_share=st.none() | st.sampled_from([0.1, 0.2]),
    max_share=st.none() | st.sampled_from([0.1, 0.2]),
    hours=st.none() | hours,
)
places = st.builds(
    Place,
    st.just("id"),
    st.sampled_from(["e1", "e2", "core", "x"]),
    some("env=prod", "env=dev", "k=v"),
)
wishes = st.builds(
    Wish,
    st.sampled_from(["demo", "beta"]),
    st.sampled_from(Route),
    st.sampled_from(["C0A", "C0B"]),
    st.integers(0, 7 * 24 * 60 - 1).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    st.integers(1, 4),
    st.builds(Extent, st.just(20), st.lists(places, min_size=1, max_size=2).map(tuple)),
    st.frozensets(st.sampled_from([Kind.IDS, Kind.NAME, Kind.TAG]), min_size=1),
)


def narrowed(wide: Rule, other: Rule, keys: list[str]) -> Rule:
    """The rule with some of its limits taken from another, so that many pairs are close."""
    return replace(wide, **{key: getattr(other, key) for key in keys})


LIMITS = [
    "who", "projects", "routes", "channels", "selections", "servers", "tags", "min_phones",
    "max_phones", "min_share", "max_share", "hours",
]  # fmt: skip


@given(rules, rules, st.lists(st.sampled_from(LIMITS), unique=True, max_size=3), wishes)
def test_what_fits_a_covered_rule_fits_the_one_that_covers_it(
    wide: Rule, other: Rule, keys: list[str], wish: Wish
) -> None:
    narrow = narrowed(wide, other, keys)
    assume(covers(POLICY, wide, narrow))
    if narrow.against(wish) is None:
        assert wide.against(wish) is None
        assert replace(wide, effect=Effect.DENY).surely_fits(wish)
    of_narrow = {person for role in narrow.who for person in ROLES[role]}
    assert not wide.who or (narrow.who and of_narrow <= POLICY.members(wide.who))


@given(rules)
def test_a_rule_covers_itself(rule: Rule) -> None:
    assert covers(POLICY, rule, rule)
