"""One database, its threads and its transactions."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from bot.divert.failures import LedgerAway, Trouble
from bot.store.group_commit import GroupCommit
from bot.store.transacting import keep
from bot.store.trouble import in_our_words

T = TypeVar("T")

BUSY_TIMEOUT: Final = 30_000  # milliseconds; the engine's own writes take the lock too
IDLE_TIMEOUT: Final = 8_000  # milliseconds between two statements of a transaction
THREADS: Final = 4
PAGES: Final = 250  # of 4 KiB, kept in memory by each SQLite connection
# How long a PostgreSQL that says nothing is waited for: to connect (seconds), and for what was
# sent to be taken (milliseconds). Without these it would be the system's many minutes.
_PATIENCE: Final = {"connect_timeout": 5, "tcp_user_timeout": 15_000}


Guard = Callable[[Connection], None]


class Database:
    """Runs work in short transactions on its own threads, never on the loop's.

    `guard` is asked on PostgreSQL at the beginning of each that writes.
    """

    def __init__(self, writing: Engine, reading: Engine) -> None:
        self.writing = writing
        self._reading = reading
        self.guard: Guard | None = None
        self._group = GroupCommit(writing) if self.is_sqlite else None
        self._writers = ThreadPoolExecutor(THREADS, "store-write")
        self._readers = ThreadPoolExecutor(THREADS, "store-read")

    @property
    def is_sqlite(self) -> bool:
        return self.writing.dialect.name == "sqlite"

    async def write(self, work: Callable[[Connection], T], within: float | None = None) -> T:
        """Commit what the work does, or nothing of it.

        Raises:
            LedgerAway: it cannot be kept; with `within`, also where the commit was not begun in
                so many seconds. Then it never is.
        """
        with in_our_words():
            if self._group is not None:
                return await self._in_time(self._group.submit(work), within)
            guarded = _guarded(self.guard, work) if self.guard else work
            return await self._in_time(_begun(self._writers, self.writing, guarded), within)

    async def read(self, work: Callable[[Connection], T], within: float | None = None) -> T:
        """Read in one transaction; `within` as for `write`."""
        with in_our_words(but=Trouble.READ_ONLY):  # a read that writes is a mistake of ours
            return await self._in_time(_begun(self._readers, self._reading, work), within)

    async def _in_time(self, future: Future[T], within: float | None) -> T:
        """What is in the commit already is waited for: what became of it must be known."""
        done = asyncio.wrap_future(future)
        if within is not None:
            await asyncio.wait({done}, timeout=within)
            if not done.done() and future.cancel():
                raise LedgerAway(Trouble.LOCKED if self.is_sqlite else Trouble.AWAY)
        return await done

    async def close(self) -> None:
        if self._group is not None:
            await asyncio.to_thread(self._group.shutdown)
        self._writers.shutdown(wait=False, cancel_futures=True)
        self._readers.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._dispose)

    def _dispose(self) -> None:
        self.writing.dispose()
        self._reading.dispose()


def _guarded(guard: Guard, work: Callable[[Connection], T]) -> Callable[[Connection], T]:
    def both(connection: Connection) -> T:
        guard(connection)
        return work(connection)

    return both


def _begun(threads: Executor, engine: Engine, work: Callable[[Connection], T]) -> Future[T]:
    """The future is cancelled too where the threads end before they came to the work."""
    future: Future[T] = Future()
    doing = threads.submit(keep, engine, work, future)
    doing.add_done_callback(lambda done: done.cancelled() and future.cancel())
    return future


def with_an_end(url: str) -> str:
    """The URL, its transactions ended by PostgreSQL where a frozen process leaves them open.

    Their locks would hold everybody up. Well before the process is given up (`roster.py`), so
    that no transaction of before goes on after.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        return url
    given = parsed.query.get("options", "")
    options = f"{given} -c idle_in_transaction_session_timeout={IDLE_TIMEOUT}".strip()
    return parsed.update_query_dict({"options": options}).render_as_string(hide_password=False)


def open_database(url: str) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; nothing is connected yet."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(_sqlite(parsed, "IMMEDIATE"), _sqlite(parsed, "DEFERRED"))
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=2 * THREADS,
        pool_pre_ping=True,
        connect_args=_PATIENCE,
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
        connection.execute(f"PRAGMA cache_size={PAGES}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _written(value: object) -> str:
    """JSON that any database takes: half a surrogate pair would fit in none."""
    return json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()


# Values stay out of errors, so that no answer address or reason gets into a log.
_GUARDED: Final[dict[str, Any]] = {"hide_parameters": True, "json_serializer": _written}
