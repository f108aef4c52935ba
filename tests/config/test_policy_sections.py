"""Each key of the policy's part of the TOML file: what it means, and how a mistake is told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.phones import Route
from bot.divert.policy import (
    Approving,
    Effect,
    Freeze,
    Hours,
    Kind,
    Policy,
    Protected,
    Rule,
    Span,
    Stage,
)
from bot.policy_file import read_share
from tests.config.setting import Setting

EVERY_KEY = """
[operators]
who = ["leads"]

[approving]
tell = "direct"
remind = "30m"
type_above = 1000

[[rules]]
name = "edge by day"
who = ["requesters"]
projects = ["demo"]
routes = ["routing"]
channels = ["C0OPS"]
selections = ["ids", "server"]
servers = ["edge-*"]
tags = ["env=staging"]
min_phones = 2
max_phones = 5000
min_share = "0.5%"
max_share = "20 %"
hours = ["Mon 08:00-18:00"]
zone = "Asia/Shanghai"
approvals = [{ count = 2, from = ["approvers"], escalate = { after = "2h", to = ["leads"] } }]
self_approval = true
expires = "4h"

[[rules]]
effect = "deny"
tags = ["env=prod"]

[[rules]]
name = "night"
effect = "break_glass"
who = ["leads"]

[[protected]]
servers = ["core-*"]
tags = ["env=prod"]
projects = ["demo"]
approvals = [{ from = ["leads"] }]

[[freezes]]
name = "year end"
from = "2026-12-24T18:00"
until = 2027-01-02
zone = "Europe/Berlin"
projects = ["demo"]

[[freezes]]
name = "friday"
hours = ["Fri 16:00-24:00"]
"""
LEADS = '\nleads = ["U0DAVE"]\n\n[[rules]]'


def policy_of(setting: Setting) -> Policy:
    setting.toml = setting.toml.replace("\n[[rules]]", LEADS, 1) + EVERY_KEY
    return setting.load().file.policy()


def test_every_key_of_a_rule_is_read(setting: Setting) -> None:
    _, edge, denied, night = policy_of(setting).rules
    assert edge == Rule(
        "edge by day",
        ("requesters",),
        Effect.ALLOW,
        ("demo",),
        (Route.ROUTING,),
        ("C0OPS",),
        (Kind.IDS, Kind.SERVER),
        ("edge-*",),
        ("env=staging",),
        2,
        5000,
        0.005,
        0.2,
        Hours((Span(frozenset({0}), 480, 1080),), "Asia/Shanghai"),
        (Stage(2, ("approvers",), timedelta(hours=2), ("leads",)),),
        True,
        timedelta(hours=4),
    )
    assert denied == Rule("rule 3", effect=Effect.DENY, tags=("env=prod",))
    assert night == Rule("night", ("leads",), Effect.BREAK_GLASS)


def test_every_key_beside_the_rules_is_read(setting: Setting) -> None:
    policy = policy_of(setting)
    leads = Stage(1, ("leads",))
    assert policy.operators == ("leads",)
    assert policy.approving == Approving(direct=True, remind=timedelta(minutes=30), type_above=1000)
    assert policy.protected == (Protected(("core-*",), ("env=prod",), ("demo",), (leads,)),)
    year_end, friday = policy.freezes
    assert (year_end.name, year_end.projects, year_end.hours) == ("year end", ("demo",), None)
    assert year_end.start == datetime(2026, 12, 24, 17, tzinfo=UTC), "18:00 in Berlin"
    assert year_end.until == datetime(2027, 1, 1, 23, tzinfo=UTC)
    assert friday == Freeze("friday", hours=Hours((Span(frozenset({4}), 960, 1440),)))


def test_without_these_keys_nothing_applies_beside_the_rules(setting: Setting) -> None:
    policy = setting.load().file.policy()
    assert (policy.operators, policy.protected, policy.freezes) == ((), (), ())
    assert policy.approving == Approving()


def test_a_moment_may_name_its_own_zone(setting: Setting) -> None:
    setting.toml += '\n[[freezes]]\nname = "x"\nfrom = "2026-12-24T18:00+08:00"\n'
    (freeze,) = setting.load().file.policy().freezes
    assert freeze.start == datetime(2026, 12, 24, 10, tzinfo=UTC)


RULE = '[[rules]]\nname = "x"\napprovals = []\n'
APPROVED = 'approvals = [{ from = ["approvers"] }]'
ESCALATED = 'approvals = [{ from = ["approvers"], escalate = { after = "1h"'
FREEZE = '[[freezes]]\nname = "x"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (RULE + 'effect = "maybe"', "rules.1.effect: Input should be 'allow', 'deny' or 'break_gl"),
        (RULE + 'effect = "deny"', "rules.1: approvals: a rule of the effect deny has none"),
        ('[[rules]]\neffect = "allow"', "rules.1: approvals: missing; write [] if none are need"),
        ('[[rules]]\neffect = "break_glass"', "rules.1: who: missing; say which roles may break"),
        (RULE + 'selections = ["all"]', "rules.1.selections.0: Input should be 'ids', 'file', 's"),
        (RULE + 'servers = [""]', "rules.1.servers.0: String should have at least 1 character"),
        (RULE + 'tags = ["prod"]', "rules.1.tags.0: 'prod' is no tag; write one like env=prod"),
        (RULE + 'tags = ["*=prod"]', "rules.1.tags.0: '*=prod' is no tag"),
        (RULE + 'max_share = "2"', "rules.1.max_share: '2' is no share; write one like \"20%\""),
        (RULE + 'max_share = "101%"', "rules.1.max_share: '101%' is no share"),
        (RULE + "max_share = 0.2", "rules.1.max_share: 0.2 is no share"),
        (RULE + 'hours = ["weekdays"]', "rules.1: hours: 'weekdays' are no hours; write them li"),
        (RULE + 'zone = "Mars/Base"', "rules.1.zone: 'Mars/Base' is no time zone; write one lik"),
        (RULE + 'zone = "../../etc"', "rules.1.zone: '../../etc' is no time zone"),
        (RULE + 'expires = "soon"', "rules.1.expires: 'soon' is no duration"),
        (
            f'[[rules]]\n{ESCALATED}, to = ["x"] }} }}]',
            "rules.1.approvals.escalate.to: 'x' is not defined; there is approvers, requesters",
        ),
        (
            f"[[rules]]\n{ESCALATED} }} }}]",
            "rules.1.approvals.0.escalate.to: missing",
        ),
        ('[[protected]]\nservers = ["a"]', "protected.0.approvals: missing"),
        ('[[protected]]\napprovals = [{ from = ["approvers"] }]', "protected.0: servers: missing"),
        (
            '[[protected]]\nservers = ["a"]\napprovals = [{ from = ["x"] }]',
            "protected.0.approvals.from: 'x' is not defined",
        ),
        (
            f'[[protected]]\nservers = ["a"]\nprojects = ["x"]\n{APPROVED}',
            "protected.0.projects: 'x' is not defined; there is beta, demo",
        ),
        (FREEZE, "freezes.0: from: missing; say from when until when, or in which hours"),
        ("[[freezes]]\nuntil = 2027-01-01", "freezes.0.name: missing"),
        (FREEZE + 'from = "tomorrow"', "freezes.0.from: 'tomorrow' is no time; write one like"),
        (
            FREEZE + "from = 2027-01-02\nuntil = 2027-01-01",
            "freezes.0: until: is not later than from",
        ),
        (FREEZE + 'hours = ["24:30-25:00"]', "freezes.0: hours: '24:30-25:00': a day has no 24:30"),
        (FREEZE + 'until = 2027-01-01\nprojects = ["x"]', "freezes.0.projects: 'x' is not defined"),
        ('[operators]\nwho = ["x"]', "operators.who: 'x' is not defined; there is approvers, req"),
        ('[approving]\ntell = "everybody"', "approving.tell: Input should be 'card' or 'direct'"),
        ('[approving]\nremind = "0s"', "approving.remind: '0s' is no duration"),
        ("[approving]\ntype_above = -1", "approving.type_above: Input should be greater"),
    ],
)
def test_a_mistake_is_told_with_key_and_reason(setting: Setting, text: str, told: str) -> None:
    setting.toml += f"\n{text}\n"
    (found,) = setting.mistakes_in_file()
    assert found.startswith(told)


@given(st.integers(0, 10_000))
def test_a_share_is_read_as_a_part_of_one(hundredths: int) -> None:
    assert read_share(f"{hundredths / 100}%") == pytest.approx(hundredths / 10_000)
