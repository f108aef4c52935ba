from dataclasses import replace

import pytest

from bot.divert.phones import Route
from bot.divert.policy import (
    Allowed,
    Effect,
    Extent,
    Judged,
    Person,
    Place,
    Policy,
    Refused,
    Rule,
    Why,
    Wish,
    explain,
    may_ask,
    may_break_glass,
    may_look,
)
from tests.divert.policy.people import ALICE, BOB, DAVE, EVE, NOON, POLICY, ROLES, RULE, WISH

NO_CORE = Rule("no core", effect=Effect.DENY, servers=("core-*",))
GLASS = Rule("night", ("leads",), Effect.BREAK_GLASS, max_phones=100)


def test_a_member_of_a_role_may_ask_by_user_id_or_by_group() -> None:
    assert may_ask(POLICY, ALICE, WISH) == Allowed(RULE)
    assert may_ask(POLICY, EVE, WISH) == Allowed(RULE)


def test_no_rule_that_allows_means_refused() -> None:
    assert may_ask(POLICY, DAVE, WISH) == Refused(Why.NO_RULE)
    assert may_ask(Policy(ROLES), ALICE, WISH) == Refused(Why.NO_RULE)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (replace(WISH, project="other"), Why.PROJECT),
        (replace(WISH, channel="C0ELSE"), Why.CHANNEL),
    ],
)
def test_a_wish_outside_the_rule_is_refused_with_reason_and_rule(wish: Wish, why: Why) -> None:
    assert may_ask(POLICY, ALICE, wish) == Refused(why, rule="phones")


def test_a_route_the_rule_does_not_name_is_refused() -> None:
    policy = Policy(ROLES, (replace(RULE, routes=("direct",)),))
    assert may_ask(policy, ALICE, WISH) == Refused(Why.ROUTE, rule="phones")


def test_the_limit_of_phones_is_the_last_one_allowed() -> None:
    assert may_ask(POLICY, ALICE, replace(WISH, phones=5000)) == Allowed(RULE)
    assert may_ask(POLICY, ALICE, replace(WISH, phones=5001)) == Refused(
        Why.TOO_MANY, 5000, "phones"
    )


def test_before_the_phones_are_counted_only_the_rest_of_the_rule_decides() -> None:
    assert may_ask(POLICY, ALICE, replace(WISH, phones=None)) == Allowed(RULE)


def test_of_several_limits_the_refusal_names_the_largest() -> None:
    policy = Policy(ROLES, (replace(RULE, max_phones=5), RULE, replace(RULE, routes=("direct",))))
    assert may_ask(policy, ALICE, replace(WISH, phones=9999)) == Refused(
        Why.TOO_MANY, 5000, "phones"
    )


def test_the_first_rule_that_allows_is_the_one() -> None:
    second = Rule("all", who=("requesters",))
    policy = Policy(ROLES, (replace(RULE, max_phones=5), second))
    assert may_ask(policy, ALICE, WISH) == Allowed(second)


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (replace(ALICE, bot=True), Why.BOT),
        (replace(ALICE, deactivated=True), Why.DEACTIVATED),
        (replace(ALICE, external=True), Why.EXTERNAL),
        (replace(ALICE, guest=True), Why.GUEST),
    ],
)
def test_bots_guests_and_people_from_elsewhere_may_do_nothing(person: Person, why: Why) -> None:
    anyone = Policy(ROLES, (Rule("any"), replace(GLASS, who=())))
    assert may_ask(anyone, person, WISH) == Refused(why)
    assert may_break_glass(anyone, person, WISH) == Refused(why)
    assert may_look(anyone, person, "demo") == Refused(why)


def _on(*names: str) -> Wish:
    return replace(WISH, extent=Extent(places=tuple(Place(f"id-{n}", n) for n in names)))


def test_a_denial_wins_wherever_it_stands_and_names_its_rule() -> None:
    for rules in ((RULE, NO_CORE), (NO_CORE, RULE)):
        refused = may_ask(Policy(ROLES, rules), ALICE, _on("edge-1", "core-1"))
        assert refused == Refused(Why.DENIED, rule="no core")


def test_a_denial_of_others_denies_nothing_here() -> None:
    policy = Policy(ROLES, (RULE, replace(NO_CORE, who=("leads",))))
    assert may_ask(policy, ALICE, _on("core-1")) == Allowed(RULE)


def test_a_denial_waits_for_what_it_speaks_of() -> None:
    policy = Policy(ROLES, (RULE, NO_CORE))
    assert may_ask(policy, ALICE, WISH) == Allowed(RULE), "the servers are not known yet"
    assert may_ask(policy, ALICE, _on("edge-1")) == Allowed(RULE)


def test_all_conditions_of_a_denial_must_hold() -> None:
    policy = Policy(ROLES, (RULE, replace(NO_CORE, min_phones=11)))
    assert may_ask(policy, ALICE, _on("core-1")) == Allowed(RULE)
    assert may_ask(policy, ALICE, replace(_on("core-1"), phones=11)) == Refused(
        Why.DENIED, rule="no core"
    )


def test_a_broken_glass_has_rules_of_its_own_and_never_lets_anybody_ask() -> None:
    policy = Policy(ROLES, (RULE, GLASS))
    assert may_break_glass(policy, DAVE, WISH) == Allowed(GLASS)
    assert may_ask(policy, DAVE, WISH) == Refused(Why.NO_RULE)
    assert may_break_glass(policy, ALICE, WISH) == Refused(Why.NO_RULE)
    assert may_break_glass(policy, DAVE, replace(WISH, phones=101)) == Refused(
        Why.TOO_MANY, 100, "night"
    )


def test_what_is_denied_no_glass_opens() -> None:
    policy = Policy(ROLES, (GLASS, NO_CORE))
    assert may_break_glass(policy, DAVE, _on("core-1")) == Refused(Why.DENIED, rule="no core")


def test_an_explanation_says_of_every_rule_why_it_does_not_fit() -> None:
    policy = Policy(ROLES, (replace(RULE, routes=("direct",)), GLASS, RULE, NO_CORE))
    explained = explain(policy, ALICE, _on("edge-1"))
    assert explained.decision == Allowed(RULE)
    assert explained.judged == (
        Judged(policy.rules[0], Refused(Why.ROUTE, rule="phones")),
        Judged(GLASS, Refused(Why.NO_RULE, rule="night")),
        Judged(RULE, None),
        Judged(NO_CORE, Refused(Why.SERVERS, rule="no core")),
    )


def test_who_may_ask_or_approve_in_a_project_may_see_what_is_where_in_it() -> None:
    assert may_look(POLICY, ALICE, "demo") == Allowed(RULE)
    assert may_look(POLICY, BOB, "demo") == Allowed(RULE)
    assert may_look(POLICY, DAVE, "demo") == Refused(Why.NO_RULE)
    assert may_look(POLICY, ALICE, "other") == Refused(Why.PROJECT)


def test_a_rule_for_anybody_lets_anybody_of_the_workspace_look() -> None:
    open_rule = replace(RULE, who=())
    policy = replace(POLICY, rules=(open_rule,))
    assert may_look(policy, DAVE, "demo") == Allowed(open_rule)


def test_what_denies_or_breaks_glass_lets_nobody_look() -> None:
    policy = Policy(ROLES, (replace(NO_CORE, who=()), replace(GLASS, who=("leads",))))
    assert may_look(policy, DAVE, "demo") == Refused(Why.PROJECT)


def test_a_wish_of_an_empty_project_takes_all_of_it() -> None:
    assert Wish("demo", Route.DIRECT, "C0OPS", NOON, 3, Extent(0)).share == 1.0
    assert Wish("demo", Route.DIRECT, "C0OPS", NOON, 3, Extent(12)).share == 0.25
    assert Wish("demo", Route.DIRECT, "C0OPS", NOON, None, Extent(12)).share is None
