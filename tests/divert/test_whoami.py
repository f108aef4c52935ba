"""What `/cph whoami` tells a person of what they may do here."""

from dataclasses import replace

import pytest

from bot.divert.policy import (
    Effect,
    Hours,
    Person,
    Policy,
    Protected,
    Rule,
    Stage,
)
from bot.divert.policy.hours import read_span
from bot.divert.whoami import Powers, whoami
from bot.divert.wording import words_in
from bot.slack.mrkdwn import mrkdwn

WORDS = words_in("en")
APPROVED = (Stage(1, ("approvers",)),)
FEW = Rule("few", who=("requesters",), projects=("demo",), max_phones=500, approvals=APPROVED)
ROLES = {
    "requesters": frozenset({"S0OPS", "U0ERIN"}),
    "approvers": frozenset({"U0BOB"}),
    "leads": frozenset({"U0DAVE"}),
}
POLICY = Policy(ROLES, rules=(FEW,), operators=("leads",))
ALICE = Person("U0ALICE", groups=frozenset({"S0OPS"}))
BOB, DAVE, EVE = Person("U0BOB"), Person("U0DAVE"), Person("U0EVE")


def told(person: Person, policy: Policy = POLICY, project: str = "demo") -> list[str]:
    return [mrkdwn(one) for one in whoami(Powers(policy, person, project), WORDS)]


def test_who_may_ask_hears_by_which_rules() -> None:
    assert told(ALICE) == [
        "You are <@U0ALICE>, in the role `requesters`.",
        "*In `demo` you may ask for this*, by the first rule that fits:",
        "• `few`: 500 phones at most · 1 approval of `approvers`",
        "You may approve nothing here.",
        "*You may look* at phones and plans: `/cph phones`, `/cph plan`, `/cph drift`.",
        f"This is by policy `{POLICY.version}`.",
    ]


def test_who_may_only_approve_hears_whose_requests() -> None:
    second = replace(FEW, name="more", approvals=(Stage(1, ("leads",), None, ("approvers",)),))
    third = replace(FEW, name="other", projects=("beta",))
    fourth = replace(FEW, name="denied", effect=Effect.DENY)
    lines = told(BOB, replace(POLICY, rules=(FEW, second, third, fourth)))
    assert lines[1:3] == [
        "In `demo` you may ask for nothing.",
        "*You may approve* what is asked for by the rules `few`, `more`.",
    ]


def test_who_may_do_nothing_hears_that_alone() -> None:
    assert told(EVE) == [
        "You are <@U0EVE>, in none of the policy's roles.",
        "In `demo` you may ask for nothing.",
        "You may approve nothing here.",
        f"This is by policy `{POLICY.version}`.",
    ]


def test_an_operator_hears_of_the_emergency_stop() -> None:
    assert "*You may stop everything* and let it go on: `/cph pause`." in told(DAVE)


def test_a_guest_hears_why_there_is_nothing() -> None:
    assert told(replace(ALICE, guest=True)) == [
        "You are <@U0ALICE>, in the role `requesters`.",
        "Guests may not do this.",
    ]


def test_what_is_denied_and_what_may_be_done_in_need_is_told_to_whom_it_concerns() -> None:
    denied = Rule("no", effect=Effect.DENY, routes=("direct",))
    broken = Rule("need", effect=Effect.BREAK_GLASS, who=("requesters",), max_phones=9)
    policy = replace(POLICY, rules=(FEW, denied, broken))
    lines = told(ALICE, policy)
    assert lines[3:7] == [
        "*What these rules fit is refused*, whatever others say:",
        "• `no`: `direct`",
        (
            "*In an emergency you may break the glass*: have this run at once without approval, "
            "with a reason, to be reviewed afterwards:"
        ),
        "• `need`: 9 phones at most",
    ]
    assert not [line for line in told(BOB, policy) if "need" in line]


def test_who_may_approve_for_protected_servers_hears_so() -> None:
    protected = Protected(("core-*",), approvals=(Stage(1, ("leads",)),))
    line = "*You may approve* what touches protected servers."
    assert line in told(DAVE, replace(POLICY, protected=(protected,)))
    assert line not in told(BOB, replace(POLICY, protected=(protected,)))
    elsewhere = replace(protected, projects=("beta",))
    assert line not in told(DAVE, replace(POLICY, protected=(elsewhere,)))
    assert line in told(DAVE, replace(POLICY, protected=(elsewhere,)), "beta")


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (Rule("r"), "anything"),
        (Rule("r", routes=("direct", "routing")), "`direct`, `routing`"),
        (Rule("r", min_phones=1, max_phones=1000), "1 phone at least · 1,000 phones at most"),
        (
            Rule("r", min_share=0.05, max_share=0.2),
            "5% of the project at least · 20% of the project at most",
        ),
        (Rule("r", selections=("ids", "tag")), "chosen by `ids`, `tag`"),
        (Rule("r", servers=("edge-*",)), "on servers `edge-*`"),
        (Rule("r", tags=("env=*",)), "on servers with `env=*`"),
        (Rule("r", channels=("C0OPS",)), "in <#C0OPS>"),
        (
            Rule("r", hours=Hours((read_span("Mon-Fri 08:00-18:00"),), "Asia/Shanghai")),
            "`Mon-Fri 08:00-18:00 Asia/Shanghai`",
        ),
    ],
)
def test_a_rule_is_told_with_its_limits(rule: Rule, line: str) -> None:
    denied = replace(rule, effect=Effect.DENY)
    assert f"• `r`: {line}" in told(EVE, replace(POLICY, rules=(denied,)))


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (Rule("r"), "anything · no approval needed"),
        (
            Rule("r", approvals=(Stage(2, ("a", "b")), Stage(1, ("c",)))),
            "anything · 2 approvals of `a`, `b` and 1 approval of `c`",
        ),
        (
            Rule("r", routes=("direct",), approvals=APPROVED, self_approval=True),
            "`direct` · 1 approval of `approvers` · your own counts",
        ),
        (Rule("r", self_approval=True), "anything · no approval needed"),
    ],
)
def test_a_rule_is_told_with_its_approvals(rule: Rule, line: str) -> None:
    assert f"• `r`: {line}" in told(EVE, replace(POLICY, rules=(rule,)))
