from dataclasses import replace

import pytest

from bot.divert.phones import Route
from bot.divert.policy import (
    Allowed,
    Person,
    Policy,
    Refused,
    Rule,
    Stage,
    Why,
    Wish,
    may_approve,
    may_ask,
    missing,
)

ALICE = Person("UALICE", groups=frozenset({"SOPS"}))
BOB = Person("UBOB", groups=frozenset({"SAPPROVE"}))
CAROL = Person("UCAROL", groups=frozenset({"SAPPROVE"}))
DAVE = Person("UDAVE")
EVE = Person("UEVE")
RULE = Rule(
    "phones",
    who=("requesters",),
    projects=("demo",),
    routes=("routing", "direct"),
    channels=("C0OPS",),
    max_phones=5000,
    approvals=(Stage(1, ("approvers",)),),
)
ROLES = {
    "requesters": frozenset({"SOPS", "UEVE"}),
    "approvers": frozenset({"SAPPROVE"}),
    "leads": frozenset({"UDAVE"}),
}
POLICY = Policy(ROLES, (RULE,))
WISH = Wish("demo", Route.ROUTING, "C0OPS", 10)


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
def test_a_wish_outside_the_rule_is_refused_with_the_reason(wish: Wish, why: Why) -> None:
    assert may_ask(POLICY, ALICE, wish) == Refused(why)


def test_a_route_the_rule_does_not_name_is_refused() -> None:
    policy = Policy(ROLES, (replace(RULE, routes=("direct",)),))
    assert may_ask(policy, ALICE, WISH) == Refused(Why.ROUTE)


def test_the_limit_of_phones_is_the_last_one_allowed() -> None:
    assert may_ask(POLICY, ALICE, replace(WISH, phones=5000)) == Allowed(RULE)
    assert may_ask(POLICY, ALICE, replace(WISH, phones=5001)) == Refused(Why.TOO_MANY, 5000)


def test_before_the_phones_are_counted_only_the_rest_of_the_rule_decides() -> None:
    assert may_ask(POLICY, ALICE, replace(WISH, phones=None)) == Allowed(RULE)


def test_of_several_limits_the_refusal_names_the_largest() -> None:
    policy = Policy(ROLES, (replace(RULE, max_phones=5), RULE, replace(RULE, routes=("direct",))))
    assert may_ask(policy, ALICE, replace(WISH, phones=9999)) == Refused(Why.TOO_MANY, 5000)


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
def test_bots_guests_and_people_from_elsewhere_neither_ask_nor_approve(
    person: Person, why: Why
) -> None:
    assert may_ask(POLICY, person, WISH) == Refused(why)
    assert may_approve(POLICY, RULE, person, "UEVE", ()) == Refused(why)


def test_an_approver_may_approve() -> None:
    assert may_approve(POLICY, RULE, BOB, ALICE.id, ()) == Allowed(RULE)


def test_nobody_else_may_approve() -> None:
    assert may_approve(POLICY, RULE, DAVE, ALICE.id, ()) == Refused(Why.NOT_APPROVER)


def test_nobody_approves_their_own_request_unless_the_rule_says_so() -> None:
    assert may_approve(POLICY, RULE, BOB, BOB.id, ()) == Refused(Why.OWN_REQUEST)
    allowing = replace(RULE, self_approval=True)
    assert may_approve(POLICY, allowing, BOB, BOB.id, ()) == Allowed(allowing)


def test_nobody_approves_twice() -> None:
    assert may_approve(POLICY, RULE, BOB, ALICE.id, (BOB,)) == Refused(Why.ALREADY_APPROVED)


def test_a_stage_is_over_when_enough_people_of_its_roles_approved() -> None:
    assert missing(POLICY, RULE, ()) == RULE.approvals
    assert missing(POLICY, RULE, (BOB,)) == ()
    two = replace(RULE, approvals=(Stage(2, ("approvers",)),))
    assert missing(POLICY, two, (BOB,)) == (Stage(1, ("approvers",)),)
    assert missing(POLICY, two, (BOB, CAROL)) == ()


def test_one_person_counts_for_one_stage_only() -> None:
    stages = (Stage(1, ("approvers",)), Stage(1, ("approvers", "leads")))
    rule = replace(RULE, approvals=stages)
    assert missing(POLICY, rule, (BOB,)) == (stages[1],)
    assert missing(POLICY, rule, (BOB, DAVE)) == ()


def test_only_groups_that_a_role_names_are_worth_a_look_up() -> None:
    assert POLICY.groups() == {"SOPS", "SAPPROVE"}
    assert POLICY.members(["approvers", "leads", "nobody"]) == {"SAPPROVE", "UDAVE"}
    assert RULE.approving_roles == ["approvers"]
