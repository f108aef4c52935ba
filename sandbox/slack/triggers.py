"""Trigger ids: made with each interaction, good for one exchange within 3 seconds."""

import secrets
import time
from dataclasses import dataclass

from sandbox.slack.refusal import Refused


@dataclass
class Trigger:
    user: str
    born: float
    view_id: str | None = None
    """The view the interaction came from: `views.push` goes on top of it."""
    used: bool = False


class Triggers:
    def __init__(self) -> None:
        self._known: dict[str, Trigger] = {}

    def make(self, user: str, view_id: str | None = None) -> str:
        trigger_id = (
            f"{time.time_ns() // 1_000_000}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        )
        self._known[trigger_id] = Trigger(user, time.monotonic(), view_id)
        return trigger_id

    def exchange(self, trigger_id: str, lifetime: float) -> Trigger:
        """The trigger of this id, which is used up by it; `lifetime` in seconds."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if time.monotonic() - trigger.born > lifetime:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger
