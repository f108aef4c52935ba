"""What `cph-bot policy check` warns of: rules, stages and freezes that cannot be meant so."""

import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from bot.command_line.policy_warnings import warnings
from bot.config_file import ConfigFile

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
BEGIN = """
[projects.demo]
region = "cn-north-4"
project_id = "0a1b2c"
channel = "C0OPS"
[projects.beta]
region = "cn-north-4"
project_id = "0a1b2c"
channel = "C0OPS"
[operators]
who = ["leads"]
[roles]
requesters = ["S0OPS", "U0ALICE", "U0BOB"]
alice = ["U0ALICE"]
approvers = ["S0APPROVE"]
leads = ["U0DAVE", "U0ERIN"]
nobody = []
"""
GIVEN = 'approvals = [{ count = 1, from = ["approvers"] }]\n'


def warned(toml: str) -> list[str]:
    policy = ConfigFile.model_validate(tomllib.loads(BEGIN + toml)).policy()
    return list(warnings(policy, NOW, timedelta(hours=8)))


def rules(*bodies: str) -> str:
    """Rules called a, b and so on; an allowing one needs one approval unless it says otherwise."""
    made = []
    for name, body in zip("abcdef", bodies, strict=False):
        is_whole = "effect" in body or "approvals" in body
        made.append(f'[[rules]]\nname = "{name}"\n{body}\n{"" if is_whole else GIVEN}')
    return "\n".join(made)


def test_a_policy_that_is_meant_so_is_warned_of_nothing() -> None:
    assert warned("") == []
    toml = rules(
        'who = ["requesters"]\nmax_phones = 10',
        'who = ["requesters"]\nmax_phones = 100\nhours = ["Mon-Fri 08:00-18:00"]',
        'who = ["leads"]\napprovals = [{ count = 2, from = ["leads"] }]',
        'effect = "deny"\nservers = ["core-*"]',
        'effect = "break_glass"\nwho = ["leads"]',
    )
    assert warned(toml) == []


# The first covers the second, by one thing alone.
WIDE = [
    ("", ""),
    ("", 'who = ["requesters"]'),
    ('who = ["requesters"]', 'who = ["alice"]'),
    ('who = ["requesters", "leads"]', 'who = ["leads", "requesters"]'),
    ('projects = ["demo", "beta"]', 'projects = ["beta"]'),
    ('routes = ["direct"]', 'routes = ["direct"]'),
    ('channels = ["C0A", "C0B"]', 'channels = ["C0B"]'),
    ('selections = ["ids", "tag"]', 'selections = ["tag"]'),
    ('servers = ["edge-*"]', 'servers = ["edge-0*", "edge-7"]'),
    ('servers = ["*"]', 'servers = ["a*b*c"]'),
    ('servers = ["a*b", "c"]', 'servers = ["ab", "axb", "a*xb", "c"]'),
    ('tags = ["env=*"]', 'tags = ["env=prod", "env=st*"]'),
    ("min_phones = 2", "min_phones = 2"),
    ("max_phones = 9", "max_phones = 8"),
    ('min_share = "5%"', 'min_share = "6%"'),
    ('max_share = "20%"', 'max_share = "20%"'),
    ('hours = ["Mon-Fri 08:00-18:00"]', 'hours = ["Tue 09:00-10:00"]'),
    ('hours = ["Mon-Sun 00:00-24:00"]', ""),
    ('hours = ["Mon-Sun 00:00-24:00"]', 'hours = ["Mon 1:00-2:00"]\nzone = "Asia/Shanghai"'),
    ('hours = ["22:00-06:00"]', 'hours = ["Mon-Sat 23:00-05:00"]'),
    ('hours = ["Mon,Sun 12:00-06:00"]', 'hours = ["Sun 23:00-24:00", "Mon 0:00-1:00"]'),
]
# The first leaves the second something.
NOT_WIDE = [
    ('who = ["alice"]', 'who = ["requesters"]'),
    ('who = ["requesters"]', ""),
    ('projects = ["demo"]', ""),
    ('projects = ["demo"]', 'projects = ["demo", "beta"]'),
    ('routes = ["direct"]', 'routes = ["routing"]'),
    ('channels = ["C0A"]', 'channels = ["C0B"]'),
    ('selections = ["ids"]', 'selections = ["ids", "name"]'),
    ('servers = ["edge-*"]', ""),
    ('servers = ["edge-0*"]', 'servers = ["edge-*"]'),
    ('servers = ["a*b"]', 'servers = ["a*"]'),
    ('tags = ["env=prod"]', 'tags = ["env=*"]'),
    ("min_phones = 3", "min_phones = 2"),
    ("min_phones = 3", ""),
    ("max_phones = 9", "max_phones = 10"),
    ("max_phones = 9", ""),
    ('min_share = "5%"', ""),
    ('max_share = "20%"', 'max_share = "21%"'),
    ('max_share = "20%"', "max_phones = 5"),
    ('hours = ["Mon 08:00-18:00"]', ""),
    ('hours = ["Mon 08:00-18:00"]', 'hours = ["Mon 08:00-18:01"]'),
    ('hours = ["Mon 08:00-18:00"]', 'hours = ["Mon 09:00-10:00"]\nzone = "Asia/Shanghai"'),
]


@pytest.mark.parametrize(("wide", "narrow"), WIDE)
def test_a_rule_behind_one_that_takes_all_of_it_is_named(wide: str, narrow: str) -> None:
    told = "rule 'b' can never match: all that fits it fits the rule 'a' before it"
    assert warned(rules(wide, narrow)) == [told]


@pytest.mark.parametrize(("wide", "narrow"), NOT_WIDE)
def test_a_rule_that_is_left_something_is_not_named(wide: str, narrow: str) -> None:
    assert warned(rules(wide, narrow)) == []


@pytest.mark.parametrize(("wide", "narrow"), WIDE)
def test_a_rule_that_is_denied_whole_is_named_wherever_it_stands(wide: str, narrow: str) -> None:
    denying, allowing = f'effect = "deny"\n{wide}', f"{narrow}\n{GIVEN}"
    told = "rule {!r} can never match: all that fits it is denied by the rule {!r}"
    assert warned(rules(denying, allowing)) == [told.format("b", "a")]
    assert warned(rules(allowing, denying)) == [told.format("a", "b")]


@pytest.mark.parametrize(("wide", "narrow"), NOT_WIDE)
def test_a_rule_that_is_denied_in_part_is_not_named(wide: str, narrow: str) -> None:
    assert warned(rules(f'effect = "deny"\n{wide}', narrow)) == []


def test_glass_that_may_not_be_broken_is_named() -> None:
    breaking = 'effect = "break_glass"\nwho = ["alice"]'
    told = "rule 'b' can never match: all that fits it is denied by the rule 'a'"
    assert warned(rules('effect = "deny"\nwho = ["requesters"]', breaking)) == [told]


def test_rules_of_other_effects_do_not_stand_in_each_other_s_way() -> None:
    assert warned(rules("", 'effect = "break_glass"\nwho = ["leads"]')) == []
    assert warned(rules("", 'effect = "deny"\nmin_phones = 9')) == []
    both = rules('effect = "deny"\nmin_phones = 9', 'effect = "deny"\nmin_phones = 10')
    assert warned(both) == [
        "rule 'b' can never match: all that fits it fits the rule 'a' before it"
    ]


def test_a_role_that_nobody_is_in_is_named_once_where_it_is_asked_for() -> None:
    toml = rules('who = ["nobody"]', 'approvals = [{ from = ["approvers", "nobody"] }]')
    assert warned(toml) == [
        "role 'nobody' has no members", "rule 'a' can never match: nobody is in its roles",
    ]  # fmt: skip
    assert warned('[[protected]]\nservers = ["x"]\napprovals = [{ from = ["nobody"] }]') == [
        "role 'nobody' has no members",
        "protected.0 needs more people than its roles have: 1 of 1 approvals nobody gives",
    ]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("min_phones = 5\nmax_phones = 4", "min_phones is above max_phones"),
        ('min_share = "5%"\nmax_share = "4.5%"', "min_share is above max_share"),
    ],
)
def test_a_least_above_its_most_is_named(body: str, told: str) -> None:
    assert warned(rules(body)) == [f"rule 'a' can never match: {told}"]


@pytest.mark.parametrize(
    ("approvals", "lacking"),
    [
        ('[{ count = 2, from = ["leads"] }]', 0),
        ('[{ count = 3, from = ["leads"] }]', 1),
        ('[{ count = 9, from = ["approvers"] }]', 0),
        ('[{ count = 9, from = ["leads", "approvers"] }]', 0),
        ('[{ count = 1, from = ["leads"] }, { count = 2, from = ["leads"] }]', 1),
        ('[{ count = 1, from = ["alice"] }, { count = 2, from = ["alice", "leads"] }]', 0),
        ('[{ count = 2, from = ["alice"] }, { count = 2, from = ["leads"] }]', 1),
        ('[{ from = ["alice"] }, { from = ["alice"] }, { from = ["approvers"] }]', 1),
        ('[{ count = 3, from = ["leads"], escalate = { after = "1h", to = ["alice"] } }]', 0),
    ],
)
def test_a_stage_that_too_few_people_can_give_is_named(approvals: str, lacking: int) -> None:
    found = warned(rules(f"approvals = {approvals}"))
    if not lacking:
        assert found == []
        return
    (line,) = found
    assert line.startswith(f"rule 'a' needs more people than its roles have: {lacking} of ")


@pytest.mark.parametrize(("after", "late"), [("7h", False), ("8h", True), ("2d", True)])
def test_an_escalation_that_comes_too_late_is_named(after: str, *, late: bool) -> None:
    stage = f'[{{ from = ["leads"], escalate = {{ after = "{after}", to = ["approvers"] }} }}]'
    assert bool(warned(rules(f"approvals = {stage}"))) == late
    assert warned(rules(f'expires = "3d"\napprovals = {stage}')) == []


def test_a_freeze_that_is_over_or_never_ends_is_named() -> None:
    freezes = """
    [[freezes]]
    name = "old"
    until = "2026-11-30T18:00"
    zone = "Asia/Shanghai"
    [[freezes]]
    name = "to come"
    from = "2026-12-24"
    until = "2027-01-02"
    [[freezes]]
    name = "nights"
    hours = ["22:00-06:00"]
    [[freezes]]
    name = "always"
    hours = ["00:00-24:00"]
    projects = ["beta"]
    """
    assert warned(freezes) == [
        "freeze 'old' is over since 2026-11-30 18:00 CST", "freeze 'always' never ends",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("freeze", "body", "is_named"),
    [
        ('hours = ["Sat,Sun 00:00-24:00"]', 'hours = ["Sat 08:00-12:00"]', True),
        ('hours = ["Sat,Sun 00:00-24:00"]', 'hours = ["Sat 08:00-12:00", "Mon 8:00-9:00"]', False),
        ('hours = ["Sat 00:00-24:00"]\nuntil = "2027-01-01"', 'hours = ["Sat 8:00-9:00"]', False),
        ('hours = ["Sat 00:00-24:00"]\nprojects = ["beta"]', 'hours = ["Sat 8:00-9:00"]', False),
        ('hours = ["Sat 00:00-24:00"]\nprojects = ["beta"]',
         'hours = ["Sat 8:00-9:00"]\nprojects = ["beta"]', True),
        ('hours = ["Sat 00:00-24:00"]', "", False),
        ('hours = ["Sat 00:00-24:00"]', 'effect = "deny"\nhours = ["Sat 8:00-9:00"]', False),
    ],
)  # fmt: skip
def test_hours_that_are_frozen_every_week_are_named(
    freeze: str, body: str, *, is_named: bool
) -> None:
    found = warned(f'[[freezes]]\nname = "off"\n{freeze}\n{rules(body)}')
    told = ["rule 'a' can never match: all its hours are in the freeze 'off'"]
    assert found == (told if is_named else [])
