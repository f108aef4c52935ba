"""Cards, thread posts and words to one person, put where people read them."""

import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from bot.divert.failures import CardGone
from bot.divert.sentence import Card, Post, Sentence, ToChannel, ToPerson
from bot.divert.transaction import Said
from bot.slack.cards import card_blocks, post_blocks
from bot.slack.csv_file import csv_file
from bot.slack.failures import (
    ChannelGone,
    MessageGone,
    PersonGone,
    SlackFailure,
    SlackRefused,
    TokenRefused,
    slack_failures,
)
from bot.slack.mrkdwn import joined
from bot.slack.reply import reply
from bot.slack.web import Web

Rows = AsyncIterator[Sequence[str]]

NO_TS: Final = "unknown"  # where Slack does not tell a message's time stamp
log = logging.getLogger(__name__)


class SlackChannel:
    """The `Channel` of the use-cases.

    Every method raises `SlackAway` where the same call may work later, and `SlackRefused` where it
    will not.
    `no_file` says, with Slack's word for why, that a file could not be put into the thread.
    `named` are the channels of the configuration: what is shown there is the team's own choice.
    """

    def __init__(
        self, web: Web, no_file: Callable[[str], Sentence], named: Collection[str] = ()
    ) -> None:
        self._web = web
        self._client = web.client
        self._no_file = no_file
        self._named = named

    async def show(self, card: Card, channel: str, ts: str) -> tuple[str, str]:
        """Post the card, or edit it where it is; one that is gone is posted anew."""
        blocks, text = card_blocks(card)
        message = {"channel": channel, "blocks": blocks, "text": text}
        if ts:
            try:
                return await self._update(message, ts)
            except MessageGone:
                log.info("the card of %s is gone, posting it anew", card.request_id)
        return await self._post(message)

    async def say(self, said: Said, rows: Rows | None) -> str:
        """Post into the thread or to the person; the time stamp, or `NO_TS`.

        Raises:
            CardGone: the card or its channel is gone.
        """
        content = None if rows is None else await csv_file(rows)
        to = said.post.to
        if isinstance(to, ToPerson):
            return await self._tell(to, said.post, content)
        if isinstance(to, ToChannel):
            return await self._put(to.id, None, said.post, content)
        try:
            return await self._put(said.card_channel, said.card_ts, said.post, content)
        except (ChannelGone, MessageGone) as gone:
            raise CardGone(gone.code) from None

    async def reaches(self, channel: str) -> bool:
        """Whether the bot is in the channel and can post; no card goes into a direct message.

        Nor does one go where people of other workspaces read along, unless it was so configured.
        """
        if channel[:1] not in ("C", "G"):
            return False
        try:
            with slack_failures():
                found = await self._client.conversations_info(channel=channel)
        except (ChannelGone, PersonGone):
            return False
        except SlackRefused:
            return True  # posting will tell, and falls back where it may not
        except TokenRefused as refused:
            if not refused.needed:
                raise
            return False  # group messages and such, which the manifest asks no scope for
        info: dict[str, Any] = found["channel"]
        if _is_shared(info) and channel not in self._named:
            return False
        return bool(info.get("is_member")) and not info.get("is_archived")

    async def _update(self, message: dict[str, Any], ts: str) -> tuple[str, str]:
        with slack_failures():
            answer = await self._client.chat_update(ts=ts, **message)
        return str(answer["channel"]), str(answer["ts"])

    async def _post(self, message: dict[str, Any]) -> tuple[str, str]:
        answer = await self._send(message)
        return str(answer["channel"]), str(answer["ts"])

    async def _send(self, message: dict[str, Any]) -> Any:  # noqa: ANN401 - the SDK's
        with slack_failures():
            return await self._client.chat_postMessage(
                **message, unfurl_links=False, unfurl_media=False
            )

    async def _put(
        self, channel: str, thread: str | None, post: Post, content: bytes | None
    ) -> str:
        if content is not None and post.table is not None:
            return await self._put_file(channel, thread, post, content)
        blocks, text = post_blocks(post)
        message = {"channel": channel, "thread_ts": thread, "blocks": blocks, "text": text}
        answer = await self._send(message)
        if thread is not None and "thread_ts" not in answer["message"]:
            await self._take_back(channel, str(answer["ts"]))
            raise MessageGone("thread_not_found")
        return str(answer["ts"])

    async def _take_back(self, channel: str, ts: str) -> None:
        """Of a reply to a card that is gone Slack makes a message of its own, without a word."""
        log.info("a post was to be in a thread that is gone; it is taken back")
        with suppress(SlackFailure), slack_failures():
            await self._client.chat_delete(channel=channel, ts=ts)

    async def _put_file(self, channel: str, thread: str | None, post: Post, content: bytes) -> str:
        """The file with the sentences as its comment; without it they are said all the same."""
        name = post.table.name if post.table else ""
        try:
            with slack_failures():
                await self._client.files_upload_v2(
                    channel=channel,
                    thread_ts=thread,
                    content=content,
                    filename=name,
                    title=name,
                    initial_comment=joined(post.sentences),
                )
        except (ChannelGone, MessageGone):
            raise
        except (SlackRefused, TokenRefused) as refused:
            log.warning("a file could not be put into a thread: %s", refused.code)
            without = (*post.sentences, self._no_file(refused.code))
            return await self._put(channel, thread, replace(post, sentences=without), None)
        return NO_TS

    async def _tell(self, to: ToPerson, post: Post, content: bytes | None) -> str:
        """By the answer address while it lives, else where they are, else directly."""
        if content is not None:
            return await self._put(await self._direct(to.user), None, post, content)
        blocks, text = post_blocks(post)
        message = {"blocks": blocks, "text": text}
        if await reply(self._web, to.reply_url, message):
            return NO_TS
        return await self._where_they_are(to, message) or await self._directly(to, message)

    async def _where_they_are(self, to: ToPerson, message: dict[str, Any]) -> str | None:
        if not to.channel:
            return None
        try:
            with slack_failures():
                answer = await self._client.chat_postEphemeral(
                    channel=to.channel, user=to.user, **message
                )
        except (ChannelGone, PersonGone):
            return None
        return str(answer["message_ts"])

    async def _directly(self, to: ToPerson, message: dict[str, Any]) -> str:
        _, ts = await self._post({"channel": await self._direct(to.user), **message})
        return ts

    async def _direct(self, user: str) -> str:
        with slack_failures():
            answer = await self._client.conversations_open(users=user)
        return str(answer["channel"]["id"])


def _is_shared(info: dict[str, Any]) -> bool:
    """With another company, or with one that is invited already."""
    return bool(info.get("is_ext_shared") or info.get("is_pending_ext_shared"))
