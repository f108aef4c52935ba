"""How DBOS is set up: under which name, with how many threads, and how it connects."""

import sqlite3
from typing import Any, Final

from dbos import DBOSConfig, DBOSPortableJSONSerializer

NAME: Final = "cph-bot"
# Changes only when a workflow's steps change; otherwise old work would wait for an old bot.
VERSION: Final = "1"
WRITERS: Final = 12  # threads that write down what was done; DBOS sets no end to them
PAGES: Final = 64  # of 4 KiB; by default a connection comes to keep 500, as the file grows


class SmallCache(sqlite3.Connection):
    """Keeps few pages: DBOS has one a thread, and reads few rows at a time."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - the driver's own
        super().__init__(*arguments, **named)
        self.execute(f"PRAGMA cache_size={PAGES}")


def engine_arguments(url: str) -> dict[str, Any]:
    """What DBOS is to make its engine with."""
    return {"connect_args": {"factory": SmallCache}} if url.startswith("sqlite") else {}


def dbos_config(url: str, executor_id: str) -> DBOSConfig:
    return DBOSConfig(
        name=NAME,
        system_database_url=url,
        application_version=VERSION,
        executor_id=executor_id,
        serializer=DBOSPortableJSONSerializer(),
        max_executor_threads=WRITERS,
        db_engine_kwargs=engine_arguments(url),
        notification_listener_polling_interval_sec=0.1,
        log_level="WARNING",
        enable_otlp=False,
    )
