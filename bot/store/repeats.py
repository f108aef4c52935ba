"""Drafts that were asked back, and the lock that lets one of two equal ones come first."""

from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import insert, select, text

from bot.divert.request import Draft
from bot.divert.twice import Repeat
from bot.store.held import Held
from bot.store.tables import repeats

_DRAFT: Final = TypeAdapter(Draft)
_LOCKS: Final = 7_126  # a number of our own, before the wish's, for PostgreSQL's advisory locks
_LOCK: Final = text("SELECT pg_advisory_xact_lock(:ours, :wish)")


class RepeatRows(Held):
    """The repeats' part of a transaction."""

    __slots__ = ()

    def one_at_a_time(self, wish: str) -> None:
        """SQLite takes one writer at a time as it is."""
        if self.connection.dialect.name == "postgresql":
            number = int(wish[:8], 16) - 2**31  # it takes 32 bits with a sign
            self.connection.execute(_LOCK, {"ours": _LOCKS, "wish": number})

    def put_aside(self, repeat: Repeat) -> None:
        self.connection.execute(
            insert(repeats).values(
                key=repeat.draft.key,
                request_id=repeat.request_id,
                draft=_DRAFT.dump_python(repeat.draft, mode="json"),
                at=repeat.at,
            )
        )

    def repeat(self, key: str) -> Repeat | None:
        found = self.connection.execute(select(repeats).where(repeats.c.key == key)).one_or_none()
        if found is None:
            return None
        return Repeat(_DRAFT.validate_python(found.draft), found.request_id, found.at)
