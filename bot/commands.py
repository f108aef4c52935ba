"""What the command line does."""

import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine

from sqlalchemy.exc import SQLAlchemyError

from bot.app import PATIENCE, Bot
from bot.config import Config
from bot.slack.failures import SlackAway
from bot.store.audit import verify
from bot.store.database import open_database

_log = logging.getLogger(__name__)


async def run(config: Config, patience: float = PATIENCE) -> int:
    """Serve until SIGTERM or SIGINT; the exit code."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    bot = Bot(config, patience)
    try:
        started = await _unless(told, bot.start())
    except SlackAway as away:
        _log.error("Slack at %s could not be reached: %s", config.slack.api_url, away)
        return 1
    if started:
        _log.info("serving Slack; health at %s/healthz", bot.address)
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


async def verify_audit(config: Config) -> int:
    """Look for the first entry that is not as it was written; the exit code."""
    database = open_database(config.database_url)
    try:
        broken = await database.read(verify)
    except SQLAlchemyError:
        print("there is no audit in the database that CPH_BOT_DATABASE_URL names", file=sys.stderr)  # noqa: T201 - the command line's answer
        return 2
    finally:
        await database.close()
    print("the audit is whole" if broken is None else f"the audit is broken at entry {broken}")  # noqa: T201 - as above
    return 0 if broken is None else 1
