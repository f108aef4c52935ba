from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.policy import Allowed, Needed, Person, Policy, Refused, Stage, Why, reachable
from tests.divert.policy.people import ALICE, BOB, CAROL, DAVE, EVE, POLICY, ROLES, RULE, WISH

UP = Stage(1, ("approvers",), timedelta(hours=2), ("leads",))


def needed(*stages: Stage, self_approval: bool = False) -> Needed:
    rule = replace(RULE, self_approval=self_approval)
    return Needed(POLICY, rule, stages or RULE.approvals, ALICE.id, WISH)


def test_an_approver_may_approve_and_nobody_else() -> None:
    assert needed().may_approve(BOB, ()) == Allowed(RULE)
    assert needed().may_approve(DAVE, ()) == Refused(Why.NOT_APPROVER, rule="phones")


def test_nobody_approves_their_own_request_unless_the_rule_says_so() -> None:
    own = replace(needed(), requester=BOB.id)
    assert own.may_approve(BOB, ()) == Refused(Why.OWN_REQUEST, rule="phones")
    allowing = replace(needed(self_approval=True), requester=BOB.id)
    assert allowing.may_approve(BOB, ()) == Allowed(allowing.rule)


def test_nobody_approves_twice() -> None:
    assert needed().may_approve(BOB, (BOB,)) == Refused(Why.ALREADY_APPROVED, rule="phones")


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (replace(BOB, bot=True), Why.BOT),
        (replace(BOB, deactivated=True), Why.DEACTIVATED),
        (replace(BOB, external=True), Why.EXTERNAL),
        (replace(BOB, guest=True), Why.GUEST),
    ],
)
def test_who_may_do_nothing_here_neither_approves_nor_counts(person: Person, why: Why) -> None:
    assert needed().may_approve(person, ()) == Refused(why)
    assert needed().left((person,)) == (1,)


def test_a_stage_is_over_when_enough_people_of_its_roles_approved() -> None:
    assert needed().left(()) == (1,)
    assert needed().left((BOB,)) == (0,)
    two = needed(Stage(2, ("approvers",)))
    assert two.left((BOB,)) == (1,)
    assert two.left((BOB, CAROL)) == (0,)


def test_who_has_left_the_role_no_longer_counts() -> None:
    assert needed().left((replace(BOB, groups=frozenset()),)) == (1,)


def test_one_person_counts_for_one_stage_only() -> None:
    both = needed(Stage(1, ("approvers",)), Stage(1, ("approvers", "leads")))
    assert both.left((BOB,)) == (0, 1)
    assert both.left((BOB, DAVE)) == (0, 0)


def test_whoever_comes_first_people_count_where_they_leave_least_open() -> None:
    stages = needed(Stage(1, ("approvers", "leads")), Stage(1, ("approvers",)))
    assert stages.left((BOB, DAVE)) == (0, 0), "Bob moves to the stage that Dave cannot take"
    assert stages.left((DAVE, BOB)) == (0, 0)
    assert stages.left((EVE,)) == (1, 1)


PEOPLE = [Person(f"U{n}") for n in range(5)]


@st.composite
def panels(draw: st.DrawFn) -> tuple[Needed, list[Person]]:
    names = ["a", "b", "c"]
    roles = {
        name: frozenset(draw(st.sets(st.sampled_from([p.id for p in PEOPLE])))) for name in names
    }
    stage = st.builds(
        Stage,
        st.integers(1, 3),
        st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple),
    )
    stages = tuple(draw(st.lists(stage, min_size=1, max_size=3)))
    asked = Needed(Policy(roles), RULE, stages, "UX", WISH)
    return asked, draw(st.lists(st.sampled_from(PEOPLE), unique=True))


def fewest_open(asked: Needed, approved: Sequence[Person]) -> int:
    """The same by trying all: the largest set of people that can each have a place."""
    places = [stage for stage in asked.stages for _ in range(stage.count)]
    for size in range(min(len(places), len(approved)), 0, -1):
        for people in combinations(approved, size):
            if _all_seated(asked, list(people), places):
                return len(places) - size
    return len(places)


def _all_seated(asked: Needed, people: list[Person], places: list[Stage]) -> bool:
    if not people:
        return True
    own = asked.policy.roles_of(people[0])
    return any(
        own & set(place.roles) and _all_seated(asked, people[1:], places[:n] + places[n + 1 :])
        for n, place in enumerate(places)
    )


@given(panels())
def test_approvals_never_leave_more_open_than_they_must(panel: tuple[Needed, list[Person]]) -> None:
    asked, approved = panel
    assert sum(asked.left(approved)) == fewest_open(asked, approved)


def test_a_stage_is_open_to_more_people_once_it_has_waited() -> None:
    assert reachable(POLICY, (UP,), timedelta(hours=1, minutes=59), ())[0].roles == ("approvers",)
    assert reachable(POLICY, (UP,), timedelta(hours=2), ())[0].roles == ("approvers", "leads")


def test_a_stage_with_too_few_people_is_escalated_at_once() -> None:
    stages = (Stage(1, ("leads",)), UP)
    up = reachable(POLICY, stages, timedelta(), (1,))
    assert [stage.roles for stage in up] == [("leads",), ("approvers", "leads")]


def test_it_goes_to_the_operators_where_the_policy_names_nobody_else() -> None:
    operated = replace(POLICY, operators=("leads",))
    (stage,) = reachable(operated, RULE.approvals, timedelta(), (0,))
    assert stage.roles == ("approvers", "leads")
    (stage,) = reachable(POLICY, RULE.approvals, timedelta(days=9), (0,))
    assert stage.roles == ("approvers",)


def test_the_roles_of_all_stages_are_named_once() -> None:
    assert needed(UP, Stage(1, ("leads", "approvers"))).roles == ("approvers", "leads")
    assert ROLES["approvers"] == {"SAPPROVE"}
