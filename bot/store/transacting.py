"""One transaction in one thread, begun again where another one got in its way."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine, Transaction
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.divert.failures import LedgerAway, Trouble
from bot.store.trouble import trouble_of

T = TypeVar("T")

TRIES: Final = 5  # of a transaction that another one got in the way of
_COLLISIONS: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock


def keep(engine: Engine, work: Callable[[Connection], T], future: Future[T]) -> None:
    """Do the work and commit it; if the future is cancelled before the commit, there is none."""
    try:
        result = _tried(lambda: _committed(engine, work, future))
    except CancelledError:
        return
    except Exception as failure:  # noqa: BLE001 - it is the caller's, who gets it
        if _is_wanted(future):
            future.set_exception(failure)
    else:
        future.set_result(result)


def _tried(once: Callable[[], T]) -> T:
    for _ in range(TRIES - 1):
        try:
            return once()
        except OperationalError as failure:
            if getattr(failure.orig, "sqlstate", None) not in _COLLISIONS:
                raise
    return once()


def _committed(engine: Engine, work: Callable[[Connection], T], future: Future[T]) -> T:
    with engine.connect() as connection, connection.begin() as transaction:
        result = work(connection)
        if not _is_wanted(future):
            raise CancelledError
        _commit(transaction)
    return result


def _is_wanted(future: Future[T]) -> bool:
    """Whether it is; from now on it cannot be cancelled."""
    return future.running() or future.set_running_or_notify_cancel()


def _commit(transaction: Transaction) -> None:
    """A connection that breaks now leaves open whether the server has committed."""
    try:
        transaction.commit()
    except DBAPIError as failure:
        if trouble_of(failure) is Trouble.AWAY:
            raise LedgerAway(Trouble.AWAY, unsure=True) from failure
        raise
