"""What the policy wants to know of a plan's servers and of the fleet, and what that costs."""

import pytest

from bot.divert.extent import extent
from bot.divert.policy import Effect, Extent, Place, Policy, Protected, Rule
from bot.divert.policy import Stage as ApprovalStage
from sandbox.cloud.kinds import Kind
from tests.cph.opening import DEMO
from tests.divert.state_machine.stage import PHONES, Stage


def read(
    stage: Stage, rules: Policy, fleet: int | None = None, homes: int = 1
) -> tuple[Extent, list[Kind]]:
    """The extent of a plan on so many servers, and the calls that it took."""
    stage.outside.policy.append(rules)
    before, record = stage.sky.cloud.record.arrived, stage.sky.cloud.record
    servers = list(stage.sky.cloud.main.fleet.servers)[:homes]
    found = stage.do(extent(stage.life.world, DEMO, reversed(servers), fleet))
    return found, [call.kind for call in record.found(None, 0, before)]


def test_a_policy_that_speaks_of_neither_costs_no_call(stage: Stage) -> None:
    assert read(stage, Policy(rules=(Rule("r", max_phones=9),))) == (Extent(), [])


@pytest.mark.parametrize("rule", [Rule("r", min_share=0.1), Rule("r", max_share=0.1)])
def test_a_share_is_of_the_whole_fleet_which_one_page_tells(stage: Stage, rule: Rule) -> None:
    assert read(stage, Policy(rules=(rule,))) == (Extent(PHONES), [Kind.LIST_PHONES])
    assert read(stage, Policy(rules=(rule,)), fleet=7) == (Extent(7), [])


def test_what_another_project_s_rules_speak_of_is_not_asked_for(stage: Stage) -> None:
    other = Rule("r", projects=("other",), max_share=0.1, servers=("*",), tags=("env=*",))
    guarded = Protected(("*",), projects=("other",), approvals=(ApprovalStage(1, ("a",)),))
    assert read(stage, Policy(rules=(other,), protected=(guarded,))) == (Extent(), [])


def servers(stage: Stage) -> list[str]:
    """Ids in their order."""
    return sorted(list(stage.sky.cloud.main.fleet.servers)[:2])


def test_servers_are_known_by_the_names_that_they_have_now(stage: Stage) -> None:
    fleet = stage.sky.cloud.main.fleet.servers
    first, second = servers(stage)
    rules = Policy(rules=(Rule("r", effect=Effect.DENY, servers=("core-*",)),))
    places, calls = read(stage, rules, homes=2)
    assert places == Extent(
        None, (Place(first, fleet[first].name), Place(second, fleet[second].name))
    )
    assert calls == [Kind.LIST_SERVERS]
    fleet[first].name = "core-1"
    places, _ = read(stage, rules, homes=2)
    assert places.places is not None
    assert places.places[0] == Place(first, "core-1")


def test_of_tags_those_are_asked_for_that_the_policy_speaks_of(stage: Stage) -> None:
    fleet = stage.sky.cloud.main.fleet.servers
    first, second = servers(stage)
    fleet[first].tags = {"env": "prod", "rack": "r1", "other": "x"}
    fleet[second].tags = {"rack": "r2"}
    rules = Policy(
        rules=(Rule("r", tags=("env=prod",)),),
        protected=(Protected(tags=("rack=*",), approvals=(ApprovalStage(1, ("a",)),)),),
    )
    found, calls = read(stage, rules, fleet=9, homes=2)
    assert found == Extent(
        9,
        (
            Place(first, fleet[first].name, ("env=prod", "rack=r1")),
            Place(second, fleet[second].name, ("rack=r2",)),
        ),
    )
    assert sorted(calls) == sorted([Kind.LIST_SERVERS, *[Kind.LIST_RESOURCE_INSTANCES] * 2])


def test_a_server_that_is_gone_by_now_has_no_name(stage: Stage) -> None:
    stage.outside.policy.append(Policy(rules=(Rule("r", servers=("*",)),)))
    found = stage.do(extent(stage.life.world, DEMO, ["gone"], None))
    assert found == Extent(None, (Place("gone"),))
