"""What the command line does."""

import asyncio
import logging
import signal
from collections.abc import Coroutine

from bot.app import PATIENCE, Bot
from bot.config import Config
from bot.slack.failures import SlackAway

_log = logging.getLogger(__name__)


async def run(config: Config, patience: float = PATIENCE) -> int:
    """Serve until SIGTERM or SIGINT; the exit code. SIGHUP has the policy read anew at once."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    bot = Bot(config, patience)
    loop.add_signal_handler(signal.SIGHUP, bot.reload)
    try:
        started = await _unless(told, bot.start())
    except SlackAway as away:
        _log.error("Slack at %s could not be reached: %s", config.slack.api_url, away)
        return 1
    if started:
        _log.info("serving Slack as executor %s; health at %s/healthz", bot.id, bot.address)
        await told.wait()
        _log.info("stopping")
        await bot.stop()
    return 0


async def _unless(told: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Whether the work came to its end; it is dropped when the event comes first."""
    working, hearing = asyncio.create_task(work), asyncio.create_task(told.wait())
    await asyncio.wait({working, hearing}, return_when=asyncio.FIRST_COMPLETED)
    hearing.cancel()
    if not working.done():
        working.cancel()
        await asyncio.wait({working})
        return False
    working.result()
    return True
