"""Buttons that open a form in which a plan is looked at once more, and what is sent in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.divert.click import Click, Verdict, record_click
from bot.divert.sentence import Post, Sentence
from bot.divert.weighing import Weighed, weigh
from bot.divert.wording import Words
from bot.divert.world import World
from bot.slack.answering import show_view, tell, who, words_of
from bot.slack.blocks import Block
from bot.slack.clicks import carried
from bot.slack.mrkdwn import plain
from bot.slack.weighing_forms import (
    NUMBER,
    REASON,
    Given,
    approve_form,
    glass_form,
    number_mistakes,
    parse,
    reason_mistakes,
)

Form = Callable[[Weighed, str, Words], Block]
Mistakes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Weighing:
    """One form is one decision, however often it is sent."""

    world: World

    async def open_approval(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await self._open(approve_form, body, client)
        await ack()

    async def open_glass(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await self._open(glass_form, body, client)
        await ack()

    async def _open(self, form: Form, body: dict[str, Any], client: AsyncWebClient) -> None:
        by = who(body)
        words = words_of(self.world, by.user, by.channel)
        found = await self._weigh(*carried(body["actions"][0]), words)
        if not isinstance(found, Weighed):
            await tell(self.world, Post(by, (found,)), body)
        elif not await show_view(client, body["trigger_id"], form(found, by.channel, words)):
            await tell(self.world, Post(by, (words.press_again(),)), body)

    async def _weigh(self, request_id: str, plan: str, words: Words) -> Weighed | Sentence:
        return await self.world.ledger.read(
            lambda tx: weigh(self.world, tx, request_id, plan, words)
        )

    async def submit_approval(
        self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]
    ) -> None:
        given = parse(view)
        words = words_of(self.world, body["user"]["id"], given.channel)
        wrong = await self._mistakes(given, NUMBER, words)
        await self._take(ack, body, given, Verdict.APPROVE, wrong)

    async def submit_glass(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        given = parse(view)
        words = words_of(self.world, body["user"]["id"], given.channel)
        wrong = reason_mistakes(given, words) or await self._mistakes(given, REASON, words)
        await self._take(ack, body, given, Verdict.BREAK_GLASS, wrong)

    async def _mistakes(self, given: Given, field: str, words: Words) -> Mistakes:
        """A number that is another, or that the plan is no longer what was looked at."""
        found = await self._weigh(given.request_id, given.plan, words)
        if isinstance(found, Weighed):
            return number_mistakes(given, found, words)
        return {field: plain(found)}

    async def _take(
        self,
        ack: AsyncAck,
        body: dict[str, Any],
        given: Given,
        verdict: Verdict,
        wrong: Mistakes,
    ) -> None:
        if wrong:
            await ack(response_action="errors", errors=wrong)
            return
        user = body["user"]["id"]
        click = Click(
            key=f"{body['view']['id']}:{user}",
            request_id=given.request_id,
            person=user,
            verdict=verdict,
            plan=given.plan,
            reason=given.reason,
            channel=given.channel,
            typed=given.number,
        )
        await self.world.ledger.write(lambda tx: record_click(tx, click))
        await ack()
