"""Tells of every commit of this process, the engine's own among them, before and after it."""

import re
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, Engine, Pool, event

_WRITES: Final = re.compile(
    r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+(?:"?\w+"?\.)?"?(\w+)', re.IGNORECASE
)
_WROTE, _COMMITTED = "first table written", "committed"


def tell_commits(pass_: Callable[[str], None]) -> None:
    """Call it with `commit.requests.before` and `.after`, by the first table that was written.

    The one after comes once the connection is given back: the driver tells of no end of a commit.
    """

    def executed(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        found = _WRITES.match(statement)
        if found is not None:
            connection.info.setdefault(_WROTE, found[1])

    def committing(connection: Connection) -> None:
        if _WROTE in connection.info:
            pass_(f"commit.{connection.info[_WROTE]}.before")
            connection.info[_COMMITTED] = True

    def given_back(_: object, record: Any) -> None:  # noqa: ANN401 - the pool's own
        wrote, committed = record.info.pop(_WROTE, ""), record.info.pop(_COMMITTED, False)
        if committed:
            pass_(f"commit.{wrote}.after")

    event.listen(Engine, "after_cursor_execute", executed)
    event.listen(Engine, "commit", committing)
    event.listen(Pool, "checkin", given_back)
