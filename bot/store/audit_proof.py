"""The proof that the audit is as it was written, or the first entry that is not.

It needs no trigger: whoever took those away cannot mend the hashes without writing all of them,
and the head, anew. That is found by a head which was noted before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from bot.store.audit import BEGINNING, Entry, Head, chain, entries, head


class Wrong(StrEnum):
    """What can be wrong with an entry."""

    MISSING = "missing"  # with all up to `other`
    CUT = "cut"  # the same at the end
    MOVED = "moved"  # what was written here has the number `other`
    CHANGED = "changed"  # its words, or those before it together with their hash
    REHASHED = "rehashed"  # nothing but its hash
    LOOSE = "loose"  # it does not follow, and nothing tells more
    EARLY = "early"  # before the first
    AHEAD = "ahead"  # behind the head, which is at `other`
    NOT_THE_HEAD = "not the head"
    NO_HEAD = "no head"
    NOT_AS_NOTED = "not as noted"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that is wrong; what `other` means depends on what is wrong."""

    number: int
    wrong: Wrong
    other: int = 0


def verify(connection: Connection) -> Fault | None:
    """The first entry that is not as it was written; None if all is well."""
    found = prove(connection)
    return found if isinstance(found, Fault) else None


def prove(connection: Connection, noted: Head | None = None) -> Head | Fault:
    """The head if all is as it was written, or the first entry that is not.

    A head that was `noted` must still be part of the chain; its hash may be cut short.
    """
    last = Head(0, BEGINNING)
    if _is_another(last, noted):
        return Fault(0, Wrong.NOT_AS_NOTED)
    for entry in entries(connection):
        if (entry.number, entry.hash) != (last.number + 1, _due(last, entry)):
            return _fault(connection, last, entry)
        last = Head(entry.number, entry.hash)
        if _is_another(last, noted):
            return Fault(last.number, Wrong.NOT_AS_NOTED)
    return _at_the_end(last, head(connection), noted)


def _due(last: Head, entry: Entry) -> str:
    """The hash that an entry has if it was written behind the last one."""
    return chain(last.hash, last.number + 1, entry.told)


def _is_another(last: Head, noted: Head | None) -> bool:
    return (
        noted is not None and last.number == noted.number and not last.hash.startswith(noted.hash)
    )


def _at_the_end(last: Head, kept: Head | None, noted: Head | None) -> Head | Fault:
    """Whether the chain ends where its head is, and not before the noted one."""
    if kept is None:
        return Fault(last.number, Wrong.NO_HEAD)
    if kept.number > last.number:
        return Fault(last.number + 1, Wrong.CUT, kept.number)
    if kept.number < last.number:
        return Fault(kept.number + 1, Wrong.AHEAD, kept.number)
    if kept.hash != last.hash:
        return Fault(last.number, Wrong.NOT_THE_HEAD)
    if noted is not None and noted.number > last.number:
        return Fault(last.number + 1, Wrong.CUT, noted.number)
    return last


def _fault(connection: Connection, last: Head, entry: Entry) -> Fault:
    """What is wrong where an entry does not follow the last good one."""
    due = last.number + 1
    if entry.number < due:
        return Fault(entry.number, Wrong.EARLY)
    if (number := _stands_elsewhere(connection, entry)) is not None:
        return Fault(number, Wrong.MOVED, entry.number)
    for later in entries(connection, behind=due):
        if later.hash == _due(last, later):
            return Fault(due, Wrong.MOVED, later.number)
    if entry.number > due:
        return Fault(due, Wrong.MISSING, entry.number - 1)
    return Fault(due, _changed(connection, last, entry))


def _stands_elsewhere(connection: Connection, entry: Entry) -> int | None:
    """The earlier number that an entry was written under, where another one stands now.

    A copy of the one that stands there was not.
    """
    last = Head(0, BEGINNING)
    for one in entries(connection):
        if one.number >= entry.number:
            break
        if entry.hash == _due(last, entry):
            return None if one.hash == entry.hash else one.number
        last = Head(one.number, one.hash)
    return None


def _changed(connection: Connection, last: Head, entry: Entry) -> Wrong:
    """What was changed of an entry, by what was written behind it."""
    if _is_followed(connection, Head(entry.number, entry.hash)):
        return Wrong.CHANGED
    if _is_followed(connection, Head(entry.number, _due(last, entry))):
        return Wrong.REHASHED
    return Wrong.LOOSE


def _is_followed(connection: Connection, last: Head) -> bool:
    following: Iterable[Entry] = entries(connection, behind=last.number)
    for entry in following:
        return entry.hash == _due(last, entry)
    return head(connection) == last
