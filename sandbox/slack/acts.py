"""What a person does in Slack: commands, clicks, shortcuts, words; and what then happens."""

from dataclasses import dataclass

from sandbox.slack import payloads
from sandbox.slack.actions import action_of, find_element
from sandbox.slack.answering import answer_command
from sandbox.slack.delivery import Kind, Outcome
from sandbox.slack.form import STATE_KEYS, BadAct, filled
from sandbox.slack.open_views import OpenView
from sandbox.slack.people import User
from sandbox.slack.rooms import Message, Room
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace


@dataclass(frozen=True)
class Person:
    """One user at the keyboard."""

    workspace: Workspace
    user: User

    async def command(self, channel: str, line: str) -> Outcome:
        """Type `line`, beginning with the command's slash, into a channel."""
        command, _, text = line.strip().partition(" ")
        if not command.startswith("/"):
            raise BadAct("a command begins with a slash")
        room = self.room(channel)
        payload = payloads.slash_command(self.workspace, self.user, room, command, text.strip())
        outcome = await self._send("slash_commands", payload, answers=True)
        if outcome.acked and outcome.body:
            outcome.error = answer_command(self.workspace, room, self.user.id, outcome.body)
        return outcome

    async def click_message(
        self, channel: str, ts: str, action_id: str, block_id: str | None, value: object
    ) -> Outcome:
        room, message = self.message(channel, ts)
        block, element = find_element(message.blocks, action_id, block_id)
        action = action_of(block, element, value, self.offers(ts, block, element))
        payload = payloads.message_click(self.workspace, self.user, room, message, action)
        return await self._send("interactive", payload)

    async def click_view(
        self, view_id: str, action_id: str, block_id: str | None, value: object
    ) -> Outcome:
        """Press or choose in a form or Home tab; what is chosen stays in its state."""
        shown = self.view(view_id)
        block, element = find_element(shown.view["blocks"], action_id, block_id)
        offers = self.offers(shown.id, block, element)
        action = action_of(block, element, value, offers)
        if element["type"] in STATE_KEYS:
            shown.values[block["block_id"]][action_id] = filled(element, value, offers)
            self.workspace.changes.mark()
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Outcome(acked=True, body={"delivered": False})
        payload = payloads.view_click(self.workspace, self.user, shown, action)
        return await self._send("interactive", payload)

    async def shortcut(self, callback_id: str, channel: str | None, ts: str | None) -> Outcome:
        """Choose a global shortcut, or with channel and ts the one on a message."""
        if channel is None or ts is None:
            payload = payloads.global_shortcut(self.workspace, self.user, callback_id)
        else:
            room, message = self.message(channel, ts)
            payload = payloads.message_shortcut(
                self.workspace, self.user, room, message, callback_id
            )
        return await self._send("interactive", payload)

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Post in a channel; the bot hears of it when mentioned, or in its direct message."""
        room = self.room(channel)
        message = Message(self.workspace.new_ts(), self.user.id, text, thread_ts=thread_ts)
        self.workspace.post(room, message)
        if room.kind == "im":
            self._tell("message", room, message)
        elif self._mentions_bot(room, text):
            self._tell("app_mention", room, message)
        return message

    def _mentions_bot(self, room: Room, text: str) -> bool:
        bot = self.workspace.bot_user
        return f"<@{bot}>" in text and bot in room.members

    def open_home(self) -> None:
        event: Json = {"type": "app_home_opened", "user": self.user.id, "tab": "home"}
        room = self.workspace.direct_room(self.user.id)
        event |= {"channel": room.id, "event_ts": self.workspace.new_ts()}
        if home := self.workspace.views.homes.get(self.user.id):
            event["view"] = self.workspace.view_json(home)
        self.workspace.delivery.send_event(event, payloads.event_callback(self.workspace, event))

    def offers(self, shown: str, block: Json, element: Json) -> list[Json]:
        """What the app suggested to this person for a menu of this view or message, so far."""
        menu = (self.user.id, shown, block["block_id"], element.get("action_id", ""))
        return self.workspace.offers[menu]

    def room(self, name: str) -> Room:
        room = self.workspace.rooms.get(name)
        if room is None or self.user.id not in room.members:
            raise BadAct(f"{self.user.id} is not in a channel {name!r}")
        if room.is_archived:
            raise BadAct(f"{name} is archived")
        return room

    def message(self, channel: str, ts: str) -> tuple[Room, Message]:
        room = self.room(channel)
        message = room.find(ts)
        if message is None or message.only_for not in (None, self.user.id):
            raise BadAct(f"{self.user.id} sees no message {ts!r} in {channel}")
        return room, message

    def view(self, view_id: str) -> OpenView:
        shown = self.workspace.views.find(view_id=view_id)
        if shown is None or shown.user != self.user.id:
            raise BadAct(f"{self.user.id} has no view {view_id!r} open")
        if shown.view["type"] == "modal" and shown != self.workspace.views.top(self.user.id):
            raise BadAct(f"another form lies on top of {view_id!r}")
        return shown

    def _tell(self, kind: str, room: Room, message: Message) -> None:
        event = payloads.message_event(self.workspace, room, message, kind)
        self.workspace.delivery.send_event(event, payloads.event_callback(self.workspace, event))

    async def _send(self, kind: Kind, payload: Json, *, answers: bool = False) -> Outcome:
        return await self.workspace.delivery.send(kind, payload, answers=answers)


def person(workspace: Workspace, user_id: str) -> Person:
    user = workspace.users.get(user_id)
    if user is None or user.deleted or user.is_bot:
        raise BadAct(f"there is no active person {user_id!r}")
    return Person(workspace, user)
