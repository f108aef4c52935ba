"""What a card says of approvals: still needed, from whom, until when, and who gave them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.divert.approval_lines import given, wanted
from bot.divert.click import Verdict
from bot.divert.policy import Approving, Policy
from bot.divert.policy import Stage as ApprovalStage
from bot.divert.request import Request
from bot.divert.transaction import Decided
from bot.slack.mrkdwn import mrkdwn
from tests.cph.virtual import START
from tests.divert.asking_people import WORDS, asks, card_lines, policy
from tests.divert.state_machine.people import ALICE, BOB, CAROL, DAN, GUS
from tests.divert.state_machine.stage import Stage

ONE = ApprovalStage(1, ("approvers",))
LEADS = ApprovalStage(1, ("leads",))
UP = ApprovalStage(2, ("approvers",), timedelta(hours=2), ("leads",))
ALONE = (
    "*Too few people can approve this:* there is nobody else in nobody. Ask whoever keeps the "
    "policy."
)


def lines(stage: Stage, request: Request) -> list[str]:
    """What is still wanted; a moment is TIME."""

    async def now() -> list[str]:
        return [mrkdwn(one) for one in wanted(stage.life.world, request, 1, WORDS)]

    return [re.sub(r"<!date[^>]*>", "TIME", one) for one in stage.do(now())]


def decided(verdict: Verdict, person: str = DAN) -> Decided:
    return Decided(person, verdict, "why not", START)


def test_each_stage_is_named_with_all_who_may_approve_it(stage: Stage) -> None:
    request = asks(stage, policy(UP, LEADS))
    assert lines(stage, request)[0] == (
        "*Still needed:* 2 approvals of approvers · 1 approval of leads"
    )
    assert lines(stage, request)[1] == (
        f"May approve until TIME: <@{BOB}>, <@{CAROL}>, <@{DAN}>, <@{GUS}>"
    )


def test_what_is_approved_is_named_no_more(stage: Stage) -> None:
    asks(stage, policy(ONE, LEADS))
    stage.press(0, DAN, Verdict.APPROVE, 0)
    stage.work_on(4)
    (request_id,) = stage.truth().requests
    request = stage.do(stage.life.world.ledger.read(lambda tx: tx.request(request_id)))
    assert request is not None
    said = card_lines(stage, request)
    assert f"Approved by <@{DAN}>" in said
    assert "*Still needed:* 1 approval of approvers" in said
    assert f"<@{DAN}>" not in said[-1]


def test_why_more_people_may_approve_is_said_as_long_as_they_are_needed(stage: Stage) -> None:
    request = asks(stage, policy(UP, LEADS))
    stage.pass_time(7200)
    late = "approvers have not answered, so leads may approve as well."
    assert late in lines(stage, request)
    done = replace(request, note=replace(request.note, left=(0, 1)))
    assert late not in lines(stage, done)
    assert lines(stage, done)[0] == "*Still needed:* 1 approval of leads"


@pytest.mark.parametrize(
    ("operators", "told"),
    [
        (("oncall",), "*Too few people are in nobody*, so oncall may approve as well."),
        (
            (),
            ALONE,
        ),
    ],
)
def test_an_empty_role_is_said_on_the_card(
    stage: Stage, operators: tuple[str, ...], told: str
) -> None:
    empty = replace(policy(ApprovalStage(1, ("nobody",))), operators=operators)
    assert told in lines(stage, asks(stage, empty))


def test_who_is_written_to_is_not_mentioned_on_the_card(stage: Stage) -> None:
    request = asks(stage, policy(ONE, approving=Approving(direct=True)))
    assert lines(stage, request)[1:] == ["To be approved until TIME"]


def test_a_wait_without_an_end_names_nobody(stage: Stage) -> None:
    request = replace(asks(stage, policy(ONE)), expires_at=None)
    assert lines(stage, request) == ["*Still needed:* 1 approval of approvers"]


@pytest.mark.parametrize("now", [Policy(), policy(LEADS)])
def test_a_card_of_another_policy_says_that_it_is_planned_again(stage: Stage, now: Policy) -> None:
    request = asks(stage, policy(ONE))
    stage.outside.policy.append(now)
    assert lines(stage, request) == [
        "The policy has changed since; Approve makes the plan again under the new one."
    ]


@pytest.mark.parametrize(
    ("decisions", "told"),
    [
        ([], []),
        ([decided(Verdict.DENY)], []),
        (
            [decided(Verdict.APPROVE, BOB), decided(Verdict.APPROVE)],
            [f"Approved by <@{BOB}>, <@{DAN}>"],
        ),
        (
            [decided(Verdict.BREAK_GLASS)],
            [
                f"*Glass broken by <@{DAN}>*, without approval: “why not”",
                "*To be reviewed* by somebody else.",
            ],
        ),
        (
            [
                decided(Verdict.APPROVE, BOB),
                decided(Verdict.BREAK_GLASS),
                decided(Verdict.REVIEW, ALICE),
            ],
            [
                f"Approved by <@{BOB}>",
                f"*Glass broken by <@{DAN}>*, without approval: “why not”",
                f"Reviewed by <@{ALICE}>",
            ],
        ),
    ],
)
def test_a_card_says_who_decided_what(decisions: list[Decided], told: list[str]) -> None:
    assert [mrkdwn(one) for one in given(decisions, WORDS)] == told
