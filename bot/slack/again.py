"""Asking again from a request of one's own: by the form as it was, by another column, or anyway."""

from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.divert.replacing import NotReplaced, ask, kept_ids, takes_its_place, to_edit
from bot.divert.request import Draft
from bot.divert.sentence import Post, ToPerson
from bot.divert.transaction import Transaction
from bot.divert.twice import answer, wanted_anyway
from bot.divert.wording import Words
from bot.divert.world import World
from bot.slack.answering import answer_to, show_view, tell, who, words_of
from bot.slack.blocks import Block
from bot.slack.form_filling import Source
from bot.slack.forms import form_again, new_form
from bot.slack.values import read_column, read_repeat, read_value


@dataclass(frozen=True, slots=True)
class Again:
    world: World

    async def open_form(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        """The form as it was, for a request of its own: after a bad file, or after a late press."""
        by = who(body)
        request_id, _ = read_value(str(body["actions"][0].get("value") or "")) or ("", "")
        source = await self.world.ledger.read(lambda tx: own_source(tx, request_id, by.user))
        channel = by.channel or (source.request.draft.channel if source else "")
        words = words_of(self.world, by.user, channel)
        view = (
            new_form(self.world, channel, words)
            if source is None
            else form_again(self.world, source, channel, words)
        )
        await self._show(view, body, client)
        await ack()

    async def edit(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        """The form as it was, for a request in the place of this one."""
        by = who(body)
        words = words_of(self.world, by.user, by.channel)
        request_id, _ = read_value(str(body["actions"][0].get("value") or "")) or ("", "")
        found = await self.world.ledger.read(lambda tx: source_to_edit(tx, request_id, by, words))
        if isinstance(found, Post):
            await tell(self.world, found, body)
        else:
            channel = found.request.draft.channel or by.channel
            await self._show(form_again(self.world, found, channel, words), body, client)
        await ack()

    async def _show(self, view: Block, body: dict[str, Any], client: AsyncWebClient) -> None:
        if not await show_view(client, body["trigger_id"], view):
            by = who(body)
            words = words_of(self.world, by.user, by.channel)
            await tell(self.world, Post(by, (words.press_again(),)), body)

    async def choose_column(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The same wish once more, with the column that was chosen of its file."""
        by = who(body)
        words = words_of(self.world, by.user, by.channel)
        request_id, column = read_column(str(body["actions"][0].get("value") or "")) or ("", "")
        draft = await self._own_draft(request_id, by.user)
        if draft is None or not draft.file_id:
            await tell(self.world, Post(by, (words.unknown_button(),)), body)
        else:
            await self._record(with_column(draft, request_id, column, by), body)
        await ack()

    async def ask_anyway(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """What was asked back a moment ago is wanted a second time."""
        by = who(body)
        words = words_of(self.world, by.user, by.channel)
        key = read_repeat(str(body["actions"][0].get("value") or "")) or ""
        repeat = await self.world.ledger.read(lambda tx: tx.repeat(key))
        if repeat is None or repeat.draft.requester != by.user:
            await tell(self.world, Post(by, (words.unknown_button(),)), body)
        else:
            await self._record(wanted_anyway(repeat, by), body, anyway=True)
        await ack()

    async def _record(self, draft: Draft, body: dict[str, Any], *, anyway: bool = False) -> None:
        by = who(body)
        words = words_of(self.world, by.user, by.channel)

        def keep(tx: Transaction) -> None:
            told = answer(ask(self.world, tx, draft, anyway=anyway), words)
            tx.say(answer_to(body, Post(by, told.sentences, told.buttons)))

        try:
            await self.world.ledger.write(keep)
        except NotReplaced:
            await tell(self.world, Post(by, (words.unknown_button(),)), body)

    async def _own_draft(self, request_id: str, person: str) -> Draft | None:
        request = await self.world.ledger.read(lambda tx: tx.request(request_id))
        return request.draft if request is not None and request.requester == person else None


def with_column(draft: Draft, request_id: str, column: str, by: ToPerson) -> Draft:
    """Two clicks on one column make one request, by its key."""
    return replace(
        draft,
        key=f"column:{request_id}#{column}",
        column=column,
        channel=by.channel or draft.channel,
        reply_url=by.reply_url,
    )


def own_source(tx: Transaction, request_id: str, person: str) -> Source | None:
    request = tx.request(request_id)
    if request is None or request.requester != person:
        return None
    return Source(request, kept_ids(tx, request), takes_its_place(request))


def source_to_edit(tx: Transaction, request_id: str, by: ToPerson, words: Words) -> Source | Post:
    found = to_edit(tx, request_id, by, words)
    if isinstance(found, Post):
        return found
    return Source(found, kept_ids(tx, found), instead=True)
