"""The schema brought up to date at start, by one process at a time."""

from importlib.resources import files
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.divert.failures import LedgerAway
from bot.store.database import Database

VERSION_TABLE: Final = "cph_bot_version"  # DBOS keeps its own beside it
_LOCK: Final = 7_126_002  # a number of our own for PostgreSQL's advisory lock


class NewerDatabase(Exception):
    """The database was migrated by a newer bot than this one."""


class Unreachable(Exception):
    """The database does not let the bot in."""


async def migrate(database: Database) -> None:
    """Run the migrations that are missing, all in one transaction.

    Raises:
        NewerDatabase: this bot does not know the schema it finds.
        Unreachable: no connection could be made.
    """
    try:
        await database.write(upgrade)
    except LedgerAway as away:
        cause = away.__cause__
        reason = str(cause.orig if isinstance(cause, DBAPIError) else away).partition("\n")[0]
        raise Unreachable(f"CPH_BOT_DATABASE_URL: no connection: {reason}") from away


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the schema up to a revision; the newest where none is named."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    folder = str(files("bot.store") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))  # % would be a field
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, to)
    except CommandError as failure:
        if not isinstance(failure.__cause__, ResolutionError):
            raise
        raise NewerDatabase(
            "CPH_BOT_DATABASE_URL: the database was made by a newer bot; run that one"
        ) from failure
