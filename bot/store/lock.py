"""On SQLite a lock on a file beside the database proves that its owner is alive, or dead."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyOwned(Exception):
    """Another process has the database."""


@contextmanager
def own(database: str) -> Iterator[None]:
    """Own a SQLite database while this process lives.

    Raises:
        AlreadyOwned: another process does.
    """
    path = Path(f"{database}.lock")
    with path.open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyOwned(
                f"CPH_BOT_DATABASE_URL: another bot is running on {database}; stop it first, or "
                "use PostgreSQL for more than one"
            ) from None
        yield
