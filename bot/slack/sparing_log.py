"""What the SDK writes while Slack is away: now and then, without tracebacks and secrets."""

import logging
import re
import time
from collections.abc import Callable
from typing import Final

# Every connection tries every few seconds; in an hour that makes 3 MB of the same tracebacks.
SILENCE: Final = 60.0  # seconds between two of the same
_COMPLAINTS: Final = (
    "Failed to retrieve WSS URL",
    "Failed to connect",
    "Failed to check the current session",
    "Failed to process a message",
    "Failed to run message listeners",
)
_TICKET: Final = re.compile(r"(ticket=)[^&'\"\s)]+")  # whoever has it may connect in our place


def only_first_line(record: logging.LogRecord) -> bool:
    """Of what nobody listens for, Bolt shows code that would: with other people's words in it."""
    said = record.getMessage()
    if said.startswith("Unhandled request"):
        record.msg, record.args = said.partition("\n")[0], None
    return True


class Sparing(logging.Filter):
    """Lets through what is no complaint about a connection, and of each of those one a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        complaint = next((one for one in _COMPLAINTS if said.startswith(one)), None)
        if complaint is None:
            return True
        record.exc_info = None  # where in the SDK it happened helps nobody
        record.msg, record.args = _TICKET.sub(r"\1…", said), None
        now = self._clock()
        if now - self._last.get(complaint, float("-inf")) < SILENCE:
            return False
        self._last[complaint] = now
        return True
