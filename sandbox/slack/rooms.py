"""Channels and direct messages with what was said in them."""

from dataclasses import dataclass, field
from typing import Literal

from sandbox.slack.shapes import Json

RoomKind = Literal["channel", "private", "im"]


@dataclass
class Message:
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    edited_ts: str | None = None
    metadata: Json | None = None
    only_for: str | None = None
    """The one user who sees it, when the message is ephemeral."""

    is_tombstone: bool = False
    """It was deleted, but its thread lives on."""

    def become_tombstone(self) -> None:
        self.is_tombstone, self.text = True, "This message was deleted."
        self.blocks, self.attachments, self.files = [], [], []

    def as_json(self, team_id: str) -> Json:
        """The `message` of `chat.postMessage` and of an interaction payload."""
        shown: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        shown["team"] = team_id
        if self.bot_id:
            shown |= {"bot_id": self.bot_id, "app_id": self.app_id}
        if self.edited_ts:
            shown["edited"] = {"user": self.user, "ts": self.edited_ts}
        for name in ("blocks", "attachments", "files", "metadata", "thread_ts"):
            if value := getattr(self, name):
                shown[name] = value
        if self.is_tombstone:
            shown["subtype"] = "tombstone"
        if self.broadcast:
            shown["subtype"] = "thread_broadcast"
        return shown


@dataclass
class Room:
    id: str
    name: str
    kind: RoomKind = "channel"
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    is_ext_shared: bool = False
    """People of other workspaces read along."""
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)

    def find(self, ts: str) -> Message | None:
        return self.messages.get(ts) or self.ephemerals.get(ts)

    def as_json(self, bot_user: str) -> Json:
        """The `channel` of `conversations.info`."""
        if self.kind == "im":
            partner = next((m for m in self.members if m != bot_user), bot_user)
            return {"id": self.id, "is_im": True, "user": partner, "is_archived": self.is_archived}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.kind == "private",
            "is_archived": self.is_archived,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "is_general": False,
            "is_member": bot_user in self.members,
            "created": 1700000000,
        }
