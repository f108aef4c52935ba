"""The form is opened, follows the chosen project, and is sent."""

import logging
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.divert.failures import LedgerAway
from bot.divert.replacing import Mistake, NotReplaced, ask
from bot.divert.request import Draft
from bot.divert.sentence import Post, ToPerson
from bot.divert.transaction import Transaction
from bot.divert.twice import answer
from bot.divert.wording import Words
from bot.divert.world import World
from bot.slack.answering import words_of
from bot.slack.blocks import Block
from bot.slack.clicks import Clicks
from bot.slack.failures import SlackFailure, slack_failures
from bot.slack.form import IDS, ROUTE, FormInput, FormPlace, build, parse, read_place
from bot.slack.form_filling import Source, filled, place_of
from bot.slack.intake_form import draft_of

_log = logging.getLogger(__name__)


def new_form(world: World, channel: str, words: Words) -> Block:
    place = FormPlace(channel, project=world.project_of(channel))
    return build(FormInput(), words, place, list(world.projects))


def form_again(world: World, source: Source, channel: str, words: Words) -> Block:
    """The form filled in from a request."""
    place = place_of(source, FormPlace(channel), words)
    return build(filled(source), words, place, list(world.projects))


@dataclass(frozen=True, slots=True)
class Forms:
    world: World

    async def choose_project(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient
    ) -> None:
        """From now on its servers and tags are offered.

        A menu that asks for options does not say what else is chosen (bolt-js#1146), so the form
        itself has to remember it. Fields that stay keep what is in them.
        """
        if "view" not in body:  # no form has it: somebody made it up
            await Clicks(self.world).unknown(ack, body)
            return
        view = body["view"]
        given = parse(view["state"]["values"])
        place = replace(read_place(view.get("private_metadata") or ""), project=given.project)
        words = words_of(self.world, body["user"]["id"], place.channel)
        shown = build(given, words, place, list(self.world.projects))
        try:
            with slack_failures():
                await client.views_update(view_id=view["id"], view=shown)
        except SlackFailure as failure:
            _log.warning("the form could not follow the chosen project: %s", failure)
        await ack()

    async def submit(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        """What is wrong is shown in the form, what is right is recorded."""
        channel = read_place(view.get("private_metadata") or "").channel
        words = words_of(self.world, body["user"]["id"], channel)
        draft = draft_of(parse(view["state"]["values"]), body, self.world, words)
        wrong = draft if isinstance(draft, dict) else await self._record(draft, words)
        if wrong:
            await ack(response_action="errors", errors=wrong)
        else:
            await ack()

    async def _record(self, draft: Draft, words: Words) -> dict[str, str]:
        """Nothing, or that it could not be recorded."""

        def keep(tx: Transaction) -> None:
            recorded = ask(self.world, tx, draft)
            if recorded.first:
                told = answer(recorded, words)
                to = ToPerson(draft.requester, draft.channel)
                tx.say(Post(to, told.sentences, told.buttons))

        try:
            await self.world.ledger.write(keep)
        except NotReplaced as mistake:
            return {ROUTE: not_replaced(mistake, words)}
        except LedgerAway:
            raise  # answered for all listeners in one place
        except Exception:  # noqa: BLE001 - whatever it was, the person must hear of it
            _log.exception("a draft could not be recorded")
            return {IDS: words.form_not_recorded()}
        return {}


def not_replaced(failure: NotReplaced, words: Words) -> str:
    told = {
        Mistake.NOT_THEIRS: words.form_not_theirs,
        Mistake.UNCHANGED: words.form_unchanged,
    }
    return told[failure.mistake](failure.request_id)
