"""Decisions that meet others, or come when it is too late."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from bot.divert.approval import decide
from bot.divert.approvers import needed
from bot.divert.click import Click, Verdict
from bot.divert.intake import person
from bot.divert.jury import AskedAgain, Jury
from bot.divert.phones import Route
from bot.divert.plan import SHOWN_HASH
from bot.divert.policy import Rule
from bot.divert.policy import Stage as ApprovalStage
from bot.divert.request import Draft, Request, State
from bot.divert.sending import send_slice
from bot.divert.transaction import Ledger, Transaction
from tests.walk.requests_of import approve_without_start, request_of
from tests.walk.stage import Stage, request_id

T = TypeVar("T")
NOBODYS = Draft("", "U0NOBODY", "demo", Route.ROUTING)


def click(stage: Stage, request: Request, verdict: Verdict, who: str = "U0BOB") -> Click:
    plan = request.plan_hash[:SHOWN_HASH]
    return Click("", request.id, who, verdict, plan, channel=stage.channel)


async def test_a_click_on_an_unknown_request_answers(stage: Stage) -> None:
    lost = Click("", "D-NOWHERE", "U0BOB", Verdict.APPROVE, channel=stage.channel)
    await decide(stage.bot.world, lost)
    await stage.hears("no request for this button", stage.bob)


async def test_a_click_on_another_plan_answers_and_decides_nothing(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    request = await request_of(stage, card)
    await decide(stage.bot.world, replace(click(stage, request, Verdict.APPROVE), plan="0" * 12))
    await stage.hears("has changed since this card", stage.bob)
    assert (await request_of(stage, card)).state is State.PENDING


@pytest.mark.parametrize("verdict", [Verdict.CANCEL, Verdict.RESUME])
async def test_steering_what_is_done_answers_with_its_state(stage: Stage, verdict: Verdict) -> None:
    card = await stage.runs("routing", await stage.phones(1))
    await decide(stage.bot.world, click(stage, await request_of(stage, card), verdict))
    await stage.hears("is done", stage.bob)


async def test_withdrawing_what_runs_already_answers_with_its_state(stage: Stage) -> None:
    card = await stage.runs("routing", await stage.phones(1))
    request = await request_of(stage, card)
    await decide(stage.bot.world, click(stage, request, Verdict.WITHDRAW, "U0ALICE"))
    await stage.hears("is done")


async def test_who_approved_may_still_deny_while_others_are_missing(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1), "project:token")
    await stage.approve(card)
    await stage.hears("One more is needed", stage.bob)
    await stage.bob.click("deny", message=card)
    await stage.bob.submit({"reason": {"value": "second thoughts"}})
    denied = await stage.card(request_id(card["text"]), "denied")
    assert "second thoughts" in denied["text"]


async def test_an_approval_that_came_between_look_up_and_decision_is_looked_up_again(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1), "project:token")
    await stage.approve(card)
    await stage.hears("One more is needed", stage.bob)
    world, request = stage.bot.world, await request_of(stage, card)
    carol = await person(world, "U0CAROL", fresh=True)
    rule = Rule("r", approvals=(ApprovalStage(2, ("approvers",)),))
    asked = needed(world, request, rule, 1)
    words = world.project_words(request.project)
    pressed = click(stage, request, Verdict.APPROVE, "U0CAROL")
    with pytest.raises(AskedAgain):
        await world.ledger.write(Jury(world, words, pressed, asked, carol, (), ()).judge)
    await decide(world, pressed)
    await stage.ends(card)


async def test_a_decision_on_a_request_that_is_no_more_is_an_error(stage: Stage) -> None:
    world, words = stage.bot.world, stage.bot.world.project_words("demo")
    bob = await person(world, "U0BOB", fresh=False)
    lost = Click("", "D-NOWHERE", "U0BOB", Verdict.APPROVE)
    asked = needed(
        world, Request("D-NOWHERE", NOBODYS, State.PENDING, 1, datetime.now(UTC)), Rule("r"), 1
    )
    with pytest.raises(LookupError):
        await world.ledger.write(Jury(world, words, lost, asked, bob, (), ()).judge)


async def test_two_approvals_at_once_both_count_where_two_are_needed(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1), "project:token")
    await stage.approve(card, stage.bob)
    await stage.approve(card, stage.carol)
    ended = await stage.ends(card)
    assert {"<@U0BOB>", "<@U0CAROL>"} <= set(ended["text"].replace(",", "").split())


async def test_a_cancel_before_the_first_slice_sends_nothing(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(2))
    request = await approve_without_start(stage, card)
    await decide(stage.bot.world, click(stage, request, Verdict.CANCEL, "U0ALICE"))
    cancelled = await stage.card(request.id, "cancelled")
    assert "2 cancelled" in cancelled["text"]


class Overtaken:
    """A ledger in which somebody else decides just before the first write."""

    def __init__(self, ledger: Ledger) -> None:
        self.read, self._ledger, self._is_late = ledger.read, ledger, True

    async def write(self, work: Callable[[Transaction], T], within: float | None = None) -> T:
        if self._is_late:
            self._is_late = False
            raise AskedAgain
        return await self._ledger.write(work, within)


async def test_who_is_overtaken_between_look_up_and_decision_decides_anew(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    world = replace(stage.bot.world, ledger=Overtaken(stage.bot.world.ledger))
    await decide(world, click(stage, await request_of(stage, card), Verdict.APPROVE))
    await stage.ends(card)


async def test_a_requester_who_left_after_the_approval_is_found_at_the_start(
    stage: Stage,
) -> None:
    left = {"id": "U0IRIS", "name": "iris", "deleted": True}
    await stage.slack.put("people", users=[left | {"deleted": False}])
    room = {"id": stage.channel, "members": ["U0IRIS", "U0BOB"], "bot_in": True}
    await stage.slack.put("channels", channels=[room])
    ids = await stage.phones(1)
    heard = await stage.says(f"/cph divert routing {ids[0]}", stage.slack.person("U0IRIS"))
    card = await stage.card(request_id(heard), "waiting for approval")
    request = await approve_without_start(stage, card)
    await stage.slack.put("people", users=[left])
    await send_slice(stage.bot.world, request.id, "0.1")
    await stage.card(request.id, "refused")
    await stage.posted(card, "who asked may no longer ask")


async def test_an_approver_who_left_after_the_approval_is_found_at_the_start(
    stage: Stage,
) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    request = await approve_without_start(stage, card, "U0DAVE")
    await send_slice(stage.bot.world, request.id, "0.1")
    await stage.card(request.id, "refused")
    await stage.posted(card, "an approval no longer counts")
