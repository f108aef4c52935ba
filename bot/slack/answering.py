"""Telling who did something what came of it, and nobody else."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.divert.failures import Away, LedgerAway, Undeliverable
from bot.divert.sentence import Button, Post, Sentence, ToPerson
from bot.divert.transaction import Said
from bot.divert.wording import Words
from bot.divert.world import World
from bot.slack.cards import post_blocks
from bot.slack.failures import SlackFailure, slack_failures
from bot.slack.mrkdwn import joined

_telling: Final[set[asyncio.Task[None]]] = set()  # a task that nobody holds may vanish
_log = logging.getLogger(__name__)


def who(body: Mapping[str, Any]) -> ToPerson:
    """Who clicked, chose or sent a form, and where; nothing but Slack says who somebody is."""
    channel = (body.get("channel") or {}).get("id", "")
    return ToPerson(body["user"]["id"], channel, body.get("response_url", ""))


def words_of(world: World, person: str, channel: str) -> Words:
    """The language a person was last heard to speak, else the project's; nobody is asked now."""
    return world.heard_words(person, world.project_of(channel))


def immediate(sentences: Sequence[Sentence], buttons: Sequence[Button] = ()) -> dict[str, Any]:
    """An answer that goes with the acknowledgement of a command."""
    if not buttons:
        return {"text": joined(sentences)}
    blocks, text = post_blocks(Post(ToPerson(""), tuple(sentences), tuple(buttons)))
    return {"text": text, "blocks": blocks}


def answer_to(body: Mapping[str, Any], post: Post) -> Post:
    """What is said once to a click or a form, however often that is delivered."""
    return replace(post, answers=body["trigger_id"])


async def tell(world: World, post: Post, body: Mapping[str, Any]) -> None:
    """An answer where an acknowledgement can carry none."""
    post = answer_to(body, post)
    try:
        await world.ledger.write(lambda tx: tx.say(post))
    except LedgerAway:
        tell_straight(world, post)


def tell_straight(world: World, post: Post) -> None:
    """Begin to tell it without the outbox, which is in the ledger; the caller has no time left."""
    task = asyncio.create_task(_say(world, post))
    _telling.add(task)
    task.add_done_callback(_telling.discard)


async def _say(world: World, post: Post) -> None:
    try:
        await world.channel.say(Said("", post, "", "", posted=False), None)
    except (Away, Undeliverable) as failure:
        _log.warning("somebody could not be answered: %s", failure)


async def show_view(client: AsyncWebClient, trigger_id: str, view: dict[str, Any]) -> bool:
    """Open a form; False where Slack does not, for a trigger lives three seconds."""
    try:
        with slack_failures():
            await client.views_open(trigger_id=trigger_id, view=view)
    except SlackFailure as failure:
        _log.warning("a form could not be opened: %s", failure)
        return False
    return True
