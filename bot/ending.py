"""How the process ends: in good order, or at once."""

import logging
import os
from typing import Final

from bot.engine.durable import Engine

REST: Final = 6.0  # seconds the slices in flight have when the bot is told to stop
WRITING: Final = 2  # seconds DBOS then has to write down the end of what has just ended
GIVEN_UP: Final = 75  # exit code: try again, as sysexits.h has it

_log = logging.getLogger(__name__)


async def end_engine(engine: Engine) -> None:
    """Let what is in flight end, within seconds."""
    rested = await engine.rest(REST)
    if not rested:
        _log.warning("a slice is still in flight; the next start settles it by reading back")
    await engine.destroy(WRITING if rested else 0)


def end_at_once() -> None:
    """End without another word to anybody.

    Others took this process for dead, since it had been silent for long: it was frozen, or cut
    off from the database. They have its work; whatever it did from now on would be done twice.
    """
    _log.critical("others have taken over this bot's work while it was silent; it ends at once")
    os._exit(GIVEN_UP)
