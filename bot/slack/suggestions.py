"""What the form's menus offer while somebody types: answered in time, whatever the cloud does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from slack_bolt.async_app import AsyncAck

from bot.divert.suggesting import suggest_servers, suggest_tags
from bot.divert.world import World
from bot.slack.blocks import Block
from bot.slack.fields import OPTIONS, may_be_option, option
from bot.slack.form import read_place

PATIENCE: Final = 2.5  # seconds; Slack waits three

Suggest = Callable[[World, str, str, str], Awaitable[list[str]]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Suggestions:
    world: World
    _reading: set[asyncio.Future[list[str]]] = field(default_factory=set)

    async def servers(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(options=await self._options(suggest_servers, body))

    async def tags(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(options=await self._options(suggest_tags, body))

    async def nothing(self, ack: AsyncAck) -> None:
        """For a menu of another version."""
        await ack(options=[])

    async def _options(self, suggest: Suggest, body: dict[str, Any]) -> list[Block]:
        place = read_place(str((body.get("view") or {}).get("private_metadata") or ""))
        project = place.project or self.world.project_of(place.channel)
        person, typed = body["user"]["id"], str(body.get("value") or "")
        found = await self._in_time(suggest(self.world, person, project, typed))
        return [option(name, name) for name in found if may_be_option(name)][:OPTIONS]

    async def _in_time(self, suggesting: Awaitable[list[str]]) -> list[str]:
        """What is read too late is kept for the next letter, so the reading goes on."""
        reading = asyncio.ensure_future(suggesting)
        self._reading.add(reading)
        reading.add_done_callback(self._ended)
        await asyncio.wait({reading}, timeout=PATIENCE)
        failed = not reading.done() or reading.cancelled() or reading.exception() is not None
        return [] if failed else reading.result()

    def _ended(self, reading: asyncio.Future[list[str]]) -> None:
        self._reading.discard(reading)
        if not reading.cancelled() and (failure := reading.exception()) is not None:
            _log.warning("nothing could be suggested: %s", type(failure).__name__)
