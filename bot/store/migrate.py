"""The schema brought up to date at start, by one process at a time."""

from importlib.resources import files
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from bot.store.database import Database

VERSION_TABLE: Final = "cph_bot_version"  # DBOS keeps its own beside it
_LOCK: Final = 7_126_002  # a number of our own for PostgreSQL's advisory lock


async def migrate(database: Database) -> None:
    """Run the migrations that are missing, all in one transaction."""
    await database.write(_upgrade)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(files("bot.store") / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
