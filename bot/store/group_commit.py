"""Work that waits together is committed together.

A commit costs a disk sync whatever is in it, and SQLite takes one writer at a time. So the writer
takes all work that came while it was busy, does each piece in a savepoint of its own, and commits
once. A piece that fails takes nothing of the others with it.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Engine

MOST: Final = 64  # pieces in one commit, so that the first does not wait long for the last


@dataclass(slots=True)
class Piece:
    """One transaction's work, and what came of it."""

    work: Callable[[Connection], Any]
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    failure: BaseException | None = None

    def do(self, connection: Connection) -> None:
        """Do the work; what it wrote is undone if it fails.

        Raises:
            Exception: all that was written is undone, for SQLite has ended the transaction, as it
                does where the disk is full. What came behind it would commit by itself.
        """
        try:
            with connection.begin_nested():
                self.result = self.work(connection)
        except Exception as failure:
            self.failure = failure
            if not _in_transaction(connection):
                raise

    def tell(self) -> None:
        if self.failure is not None:
            self.future.set_exception(self.failure)
        else:
            self.future.set_result(self.result)


class GroupCommit:
    """One thread that commits for everybody."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[Piece] = deque()
        self._thread = ThreadPoolExecutor(1, "store-write")

    def submit(self, work: Callable[[Connection], Any]) -> Future[Any]:
        """Do the work soon; the future has its result once it is committed.

        Until the database can be written, the future can be cancelled: the work is then not done.
        """
        piece = Piece(work)
        self._waiting.append(piece)
        self._thread.submit(self._commit_waiting)
        return piece.future

    def shutdown(self) -> None:
        """Commit what still waits, since somebody may be waiting for it, and end the thread."""
        self._thread.shutdown()

    def _commit_waiting(self) -> None:
        """Nothing is left to do where an earlier round took this piece along."""
        pieces: list[Piece] = []
        if not self._waiting:
            return
        try:
            with self._engine.begin() as connection:
                # Only now: another program may have held the lock for long.
                pieces = self._taken()
                for piece in pieces:
                    piece.do(connection)
        except Exception as failure:  # noqa: BLE001 - nothing was committed, and all must know
            pieces = pieces or self._taken()
            for piece in pieces:
                piece.failure = failure
        for piece in pieces:
            piece.tell()

    def _taken(self) -> list[Piece]:
        """The first that wait, without those that were cancelled."""
        first = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        return [piece for piece in first if piece.future.set_running_or_notify_cancel()]


def _in_transaction(connection: Connection) -> bool:
    return bool(connection.connection.dbapi_connection.in_transaction)  # type: ignore[union-attr]
