from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.divert.policy import (
    Approving,
    Effect,
    Extent,
    Freeze,
    Hours,
    Place,
    Policy,
    Protected,
    Rule,
    Stage,
)
from bot.divert.policy.hours import read_span
from tests.divert.policy.people import ALICE, BOB, DAVE, POLICY, ROLES, RULE, WISH

LEADS = Stage(1, ("leads",))
CORE = Protected(("core-*",), ("env=prod",), ("demo",), (LEADS,))
MAY_DAY = datetime(2026, 5, 1, tzinfo=UTC)


def test_only_groups_that_a_role_names_are_worth_a_look_up() -> None:
    assert POLICY.groups() == {"SOPS", "SAPPROVE"}
    assert POLICY.members(["approvers", "leads", "nobody"]) == {"SAPPROVE", "UDAVE"}
    assert RULE.approving_roles == ["approvers"]


def test_a_policy_has_one_version_however_its_sets_are_ordered() -> None:
    again = Policy({name: frozenset(sorted(ids)) for name, ids in reversed(ROLES.items())}, (RULE,))
    assert again.version == POLICY.version
    assert len(POLICY.version) == 12


@pytest.mark.parametrize(
    "other",
    [
        replace(POLICY, roles=ROLES | {"leads": frozenset({"UEVE"})}),
        replace(POLICY, rules=(replace(RULE, max_phones=4999),)),
        replace(POLICY, rules=(replace(RULE, hours=Hours((read_span("08:00-18:00"),))),)),
        replace(POLICY, protected=(CORE,)),
        replace(POLICY, freezes=(Freeze("x", until=MAY_DAY),)),
        replace(POLICY, operators=("leads",)),
        replace(POLICY, approving=Approving(type_above=5)),
    ],
)
def test_another_policy_has_another_version(other: Policy) -> None:
    assert other.version != POLICY.version


def _on(*places: Place) -> Extent:
    return Extent(places=places)


@pytest.mark.parametrize(
    ("extent", "project", "stages"),
    [
        (_on(Place("1", "edge-1"), Place("2", "core-1")), "demo", (*RULE.approvals, LEADS)),
        (_on(Place("1", "edge-1", ("env=prod",))), "demo", (*RULE.approvals, LEADS)),
        (_on(Place("1", "edge-1", ("env=test",))), "demo", RULE.approvals),
        (_on(Place("2", "core-1")), "other", RULE.approvals),
        (Extent(), "demo", RULE.approvals),
    ],
)
def test_protected_servers_need_more_approvals(
    extent: Extent, project: str, stages: tuple[Stage, ...]
) -> None:
    policy = replace(POLICY, protected=(CORE,))
    assert policy.stages(RULE, replace(WISH, project=project, extent=extent)) == stages


def test_what_is_protected_in_no_project_by_name_is_protected_in_all() -> None:
    policy = replace(POLICY, protected=(replace(CORE, projects=()),))
    wish = replace(WISH, project="other", extent=_on(Place("2", "core-1")))
    assert policy.stages(RULE, wish) == (*RULE.approvals, LEADS)


def test_a_freeze_holds_from_its_start_until_its_end() -> None:
    freeze = Freeze("x", ("demo",), MAY_DAY, MAY_DAY + timedelta(days=1))
    policy = replace(POLICY, freezes=(freeze,))
    assert policy.freeze("demo", MAY_DAY - timedelta(seconds=1)) is None
    assert policy.freeze("demo", MAY_DAY) == freeze
    assert policy.freeze("demo", MAY_DAY + timedelta(hours=23)) == freeze
    assert policy.freeze("demo", MAY_DAY + timedelta(days=1)) is None
    assert policy.freeze("other", MAY_DAY) is None
    assert freeze.ends(MAY_DAY) == MAY_DAY + timedelta(days=1)


def test_a_freeze_may_come_back_every_week_and_have_an_end_all_the_same() -> None:
    weekly = Freeze("weekend", hours=Hours((read_span("Fri 16:00-20:00"),)))
    assert weekly.holds("any", MAY_DAY + timedelta(hours=17))
    assert not weekly.holds("any", MAY_DAY + timedelta(hours=21))
    assert weekly.ends(MAY_DAY + timedelta(hours=17)) == MAY_DAY + timedelta(hours=20)
    last = replace(weekly, until=MAY_DAY + timedelta(hours=18))
    assert last.ends(MAY_DAY + timedelta(hours=17)) == MAY_DAY + timedelta(hours=18)
    assert Freeze("for ever", start=MAY_DAY).ends(MAY_DAY) is None


def test_of_two_freezes_the_one_that_ends_last_is_named() -> None:
    short = Freeze("short", until=MAY_DAY + timedelta(hours=1))
    long = Freeze("long", until=MAY_DAY + timedelta(hours=2))
    endless = Freeze("endless", start=MAY_DAY)
    assert replace(POLICY, freezes=(short, long)).freeze("demo", MAY_DAY) == long
    assert replace(POLICY, freezes=(endless, long)).freeze("demo", MAY_DAY) == endless


def test_operators_are_those_of_the_roles_it_names() -> None:
    policy = replace(POLICY, operators=("leads",))
    assert policy.may_operate(DAVE)
    assert not policy.may_operate(BOB)
    assert not POLICY.may_operate(DAVE)
    assert not policy.may_operate(replace(DAVE, guest=True)), "guests may do nothing"


def test_operators_and_who_could_have_approved_may_review() -> None:
    policy = replace(POLICY, operators=("leads",))
    assert policy.reviewers("demo") == {"UDAVE", "SAPPROVE"}
    assert policy.may_review(BOB, "demo")
    assert policy.may_review(DAVE, "demo")
    assert not policy.may_review(ALICE, "demo")
    assert not policy.may_review(BOB, "other")


def test_only_what_the_policy_speaks_of_is_asked_of_the_cloud() -> None:
    assert not POLICY.speaks_of_servers("demo")
    assert not POLICY.speaks_of_shares("demo")
    tagged = Rule("t", effect=Effect.DENY, projects=("demo",), tags=("env=prod", "zone=*"))
    policy = Policy(ROLES, (RULE, tagged, Rule("s", projects=("other",), max_share=0.5)), (CORE,))
    assert policy.speaks_of_servers("demo")
    assert policy.tag_keys("demo") == {"env", "zone"}
    assert not policy.speaks_of_servers("other")
    assert policy.speaks_of_shares("other")
    assert not policy.speaks_of_shares("demo")
    assert policy.tag_keys("other") == frozenset()


def test_a_rule_is_found_by_its_name() -> None:
    assert POLICY.rule_named("phones") == RULE
    assert POLICY.rule_named("other") is None


def test_the_number_is_typed_of_more_phones_than_the_policy_says() -> None:
    asked = Approving(type_above=5)
    assert not asked.types(5)
    assert asked.types(6)
    assert Approving(type_above=0).types(1)
    assert not Approving().types(1_000_000)
