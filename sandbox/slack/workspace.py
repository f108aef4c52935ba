"""One Slack workspace with one app in it: all that the simulation knows."""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.slack.calls import CallLog
from sandbox.slack.cast import APP_ID, BOT_ID, BOT_USER, TEAM, Cast, demo_cast
from sandbox.slack.changes import Changes
from sandbox.slack.delivery import Delivery
from sandbox.slack.faults import Faults
from sandbox.slack.files import Files
from sandbox.slack.limits import RateLimits
from sandbox.slack.open_views import Identity, OpenView, Views, as_json
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.rooms import Message, Room
from sandbox.slack.settings import Settings
from sandbox.slack.shapes import Json
from sandbox.slack.sockets import Sockets
from sandbox.slack.triggers import Triggers

if TYPE_CHECKING:
    from sandbox.slack.people import User, UserGroup


class Workspace:
    team_id = TEAM
    team_name = "Sandbox"
    team_domain = "sandbox"
    bot_user = BOT_USER
    identity = Identity(TEAM, APP_ID, BOT_ID)

    def __init__(self, cast: Callable[[], Cast], settings: Settings | None = None) -> None:
        self._cast = cast
        self.settings = settings or Settings()
        self.origin = ""
        """Where this workspace is served; every URL it hands out begins with it."""
        self.changes = Changes()
        self.sockets = Sockets()
        self.faults = Faults()
        self.limits = RateLimits()
        self.delivery = Delivery(self.settings, self.sockets, self.faults)
        self._last_ts = 0
        self._furnish()

    @classmethod
    def demo(cls) -> "Workspace":
        return cls(demo_cast)

    def reset(self) -> None:
        """Back to the first cast: no messages, views, files, faults or records.

        Connections and the transport stay, so that a bot need not be started again.
        """
        self.faults.clear()
        self.delivery.forget()
        self.limits.set_scale(self.limits.scale)
        self._furnish()
        self.changes.mark()

    def _furnish(self) -> None:
        cast = self._cast()
        self.users: dict[str, User] = {u.id: u for u in cast.users}
        self.groups: dict[str, UserGroup] = {g.id: g for g in cast.groups}
        self.rooms: dict[str, Room] = {r.id: r for r in cast.rooms}
        self.files, self.views = Files(), Views()
        self.calls = self.delivery.log = CallLog()
        self.triggers, self.response_urls = Triggers(), ResponseUrls()
        self.offers: defaultdict[tuple[str, str, str, str], list[Json]] = defaultdict(list)
        """Options suggested, by person, view or message, block and action."""

    def new_ts(self) -> str:
        """A message's name: the time in microseconds, never the same twice."""
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def direct_room(self, user: str) -> Room:
        """The direct message between the bot and this person, made when first needed."""
        for room in self.rooms.values():
            if room.kind == "im" and user in room.members:
                return room
        room = Room("D0" + secrets.token_hex(4).upper(), "", "im", [user, self.bot_user])
        self.rooms[room.id] = room
        return room

    def bot_message(self, content: Json) -> Message:
        """A message by the bot, of `text`, `blocks`, `attachments`, `thread_ts`, not yet posted."""
        message = Message(self.new_ts(), self.bot_user, content.get("text") or "")
        message.bot_id, message.app_id = self.identity.bot_id, self.identity.app_id
        message.blocks = content.get("blocks") or []
        message.attachments = content.get("attachments") or []
        message.thread_ts = content.get("thread_ts")
        message.metadata = content.get("metadata")
        return message

    def post(self, room: Room, message: Message) -> Message:
        shelf = room.messages if message.only_for is None else room.ephemerals
        shelf[message.ts] = message
        self.changes.mark()
        return message

    def view_json(self, shown: OpenView) -> Json:
        return as_json(shown, self.identity)
