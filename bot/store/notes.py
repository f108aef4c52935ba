"""What happened and is bound to no request, or moved none: entered into the audit alone."""

from bot.store import audit
from bot.store.held import Held


class NoteRows(Held):
    """The notes' part of a transaction."""

    __slots__ = ()

    def note(self, event: str, by: str, **detail: str) -> None:
        where = {"request": "", "project": "", "rule": "", "policy": ""}
        what = {"at": self.moment.isoformat(), "who": by, "event": event}
        audit.append(self.connection, {**where, **detail, **what})
