"""Buttons that decide something, and the form that asks why: kept first, decided afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.divert.click import Click, Verdict, record_click
from bot.divert.sentence import Post, ToPerson
from bot.divert.wording import Words
from bot.divert.world import World
from bot.slack.answering import show_view, tell, who, words_of
from bot.slack.deny_form import deny_errors, deny_form, parse_deny
from bot.slack.values import read_value


@dataclass(frozen=True, slots=True)
class Clicks:
    world: World

    async def decide(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        action, by = body["actions"][0], who(body)
        request_id, plan = carried(action)
        await self._keep(
            Click(
                key=f"{action['action_ts']}:{by.user}:{action['action_id']}",
                request_id=request_id,
                person=by.user,
                verdict=Verdict(action["action_id"]),
                plan=plan,
                channel=by.channel,
                reply_url=by.reply_url,
            )
        )
        await ack()

    async def _keep(self, click: Click) -> None:
        await self.world.ledger.write(lambda tx: record_click(tx, click))

    async def unknown(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A button of another version, or of nobody: it does nothing, and says so."""
        by = who(body)
        await tell(self.world, Post(by, (self._words(by).unknown_button(),)), body)
        await ack()

    async def open_denial(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient
    ) -> None:
        by = who(body)
        words = self._words(by)
        view = deny_form(*carried(body["actions"][0]), words)
        if not await show_view(client, body["trigger_id"], view):
            await tell(self.world, Post(by, (words.press_again(),)), body)
        await ack()

    async def submit_denial(
        self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]
    ) -> None:
        request_id, plan, reason = parse_deny(view)
        by = who(body)
        wrong = deny_errors(reason, self._words(by))
        if wrong:
            await ack(response_action="errors", errors=wrong)
            return
        key = f"{view['id']}:{by.user}"
        await self._keep(Click(key, request_id, by.user, Verdict.DENY, plan, reason))
        await ack()

    def _words(self, by: ToPerson) -> Words:
        return words_of(self.world, by.user, by.channel)


def carried(action: Mapping[str, Any]) -> tuple[str, str]:
    """Request and plan of a button; a value that is not ours names no request."""
    return read_value(str(action.get("value") or "")) or ("", "")
