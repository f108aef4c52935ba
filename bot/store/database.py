"""One database, its threads and its transactions."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.store.group_commit import GroupCommit

T = TypeVar("T")

BUSY_TIMEOUT: Final = 30_000  # milliseconds; the engine's own writes take the lock too
TRIES: Final = 5  # of a transaction that another one got in the way of
THREADS: Final = 4
_COLLISIONS: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock


class Database:
    """Runs work in short transactions on its own threads, never on the loop's."""

    def __init__(self, writing: Engine, reading: Engine) -> None:
        self.writing = writing
        self._reading = reading
        self._group = GroupCommit(writing) if self.is_sqlite else None
        self._writers = ThreadPoolExecutor(THREADS, "store-write")
        self._readers = ThreadPoolExecutor(THREADS, "store-read")

    @property
    def is_sqlite(self) -> bool:
        return self.writing.dialect.name == "sqlite"

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Commit what the work does, or nothing of it."""
        if self._group is not None:
            done: T = await asyncio.wrap_future(self._group.submit(work))
            return done
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writers, _transact, self.writing, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, _transact, self._reading, work)

    async def answers(self) -> bool:
        try:
            await self.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
        except SQLAlchemyError:
            return False
        return True

    async def close(self) -> None:
        if self._group is not None:
            await asyncio.to_thread(self._group.shutdown)
        self._writers.shutdown(wait=False, cancel_futures=True)
        self._readers.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._dispose)

    def _dispose(self) -> None:
        self.writing.dispose()
        self._reading.dispose()


def _transact(engine: Engine, work: Callable[[Connection], T]) -> T:
    for _ in range(TRIES - 1):
        try:
            with engine.begin() as connection:
                return work(connection)
        except OperationalError as failure:
            if getattr(failure.orig, "sqlstate", None) not in _COLLISIONS:
                raise
    with engine.begin() as connection:
        return work(connection)


def open_database(url: str) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; nothing is connected yet."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(_sqlite(parsed, "IMMEDIATE"), _sqlite(parsed, "DEFERRED"))
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=2 * THREADS,
        pool_pre_ping=True,
        **_GUARDED,
    )
    # What a card tells is read by several queries, so they all must see one moment.
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(engine, reading)


def _sqlite(url: URL, mode: str) -> Engine:
    """An engine that writes if it begins `IMMEDIATE`, and otherwise only reads."""
    if url.database:
        # Drafts hold answer addresses and reasons: nobody else on the machine should read them.
        Path(url.database).touch(mode=0o600)
    engine = create_engine(url, pool_size=THREADS, **_GUARDED)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
        connection.isolation_level = None  # the driver must not begin by itself
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
        connection.execute("PRAGMA journal_mode=WAL")
        # A commit outlives the process in either mode; FULL outlives the machine too.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA query_only={mode == 'DEFERRED'}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _written(value: object) -> str:
    """JSON that any database takes: half a surrogate pair would fit in none."""
    return json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()


# Values stay out of errors, so that no answer address or reason gets into a log.
_GUARDED: Final[dict[str, Any]] = {"hide_parameters": True, "json_serializer": _written}
