"""Files: uploaded by people or by the bot, and what `files.info` shows of them."""

import mimetypes
import secrets
import time
from dataclasses import dataclass, field
from pathlib import PurePath
from urllib.parse import quote

from sandbox.slack.shapes import Json


@dataclass
class File:
    id: str
    name: str
    user: str
    content: bytes
    title: str = ""
    created: int = field(default_factory=lambda: int(time.time()))
    bot_may_read: bool = False
    """A person's upload is the person's own until it is sent to a channel or through a form."""
    rooms: list[str] = field(default_factory=list)

    @property
    def mimetype(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def as_json(self, origin: str, team_id: str) -> Json:
        place = f"{team_id}-{self.id}"
        name = quote(self.name)
        extension = PurePath(self.name).suffix.lstrip(".").lower() or "text"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": extension,
            "pretty_type": extension.upper(),
            "user": self.user,
            "user_team": team_id,
            "editable": False,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": f"{origin}/files-pri/{place}/{name}",
            "url_private_download": f"{origin}/files-pri/{place}/download/{name}",
            "permalink": f"{origin}/files/{self.user}/{self.id}/{name}",
            "channels": list(self.rooms),
            "file_access": "visible",
        }


@dataclass
class Ticket:
    """What `files.getUploadURLExternal` promised: a file of this name and length."""

    file_id: str
    name: str
    length: int
    content: bytes | None = None


class Files:
    def __init__(self) -> None:
        self.known: dict[str, File] = {}
        self.tickets: dict[str, Ticket] = {}

    def add(self, name: str, user: str, content: bytes, file_id: str | None = None) -> File:
        file = File(file_id or new_file_id(), name, user, content)
        self.known[file.id] = file
        return file

    def ticket(self, name: str, length: int) -> tuple[str, Ticket]:
        key = secrets.token_urlsafe(24)
        self.tickets[key] = Ticket(new_file_id(), name, length)
        return key, self.tickets[key]

    def uploaded(self, file_id: str) -> Ticket | None:
        """The promise of this file id, once its bytes have come."""
        found = (t for t in self.tickets.values() if t.file_id == file_id)
        return next((t for t in found if t.content is not None), None)

    def close_ticket(self, file_id: str) -> None:
        self.tickets = {k: t for k, t in self.tickets.items() if t.file_id != file_id}


def new_file_id() -> str:
    return "F0" + secrets.token_hex(5).upper()
