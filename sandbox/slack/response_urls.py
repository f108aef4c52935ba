"""Response URLs: five uses within thirty minutes of the interaction."""

import secrets
import time
from dataclasses import dataclass

USES = 5


@dataclass
class ResponseUrl:
    user: str
    room: str
    message_ts: str | None
    """The message whose button was pressed; None for a slash command."""
    thread_ts: str | None
    born: float
    uses: int = 0


class ResponseUrls:
    def __init__(self) -> None:
        self._known: dict[str, ResponseUrl] = {}

    def make(
        self, user: str, room: str, message_ts: str | None = None, thread_ts: str | None = None
    ) -> str:
        key = secrets.token_urlsafe(24)
        self._known[key] = ResponseUrl(user, room, message_ts, thread_ts, time.monotonic())
        return key

    def use(self, key: str, lifetime: float) -> ResponseUrl | str:
        """The place to answer to, with one use counted; or the word of the refusal."""
        place = self._known.get(key)
        if place is None:
            return "invalid_url"
        if time.monotonic() - place.born > lifetime:
            return "expired_url"
        if place.uses >= USES:
            return "used_url"
        place.uses += 1
        return place
