"""SQLite connections that keep few pages: DBOS has one a thread, and reads few rows at a time."""

import sqlite3
from typing import Any, Final

_PAGES: Final = 64  # of 4 KiB; by default a connection comes to keep 500, as the file grows


class SmallCache(sqlite3.Connection):
    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - the driver's own
        super().__init__(*arguments, **named)
        self.execute(f"PRAGMA cache_size={_PAGES}")


def engine_arguments(url: str) -> dict[str, Any]:
    """What DBOS is to make its engine with."""
    return {"connect_args": {"factory": SmallCache}} if url.startswith("sqlite") else {}
