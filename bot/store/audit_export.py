"""The audit as lines of JSON or CSV, entry by entry, however long it is."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection

from bot.divert.spreadsheet import BOM, defused
from bot.store.audit import BEGINNING, Entry, canonical, entries

NAMED: Final = (
    "at", "who", "event", "verdict", "reason", "request", "project", "rule", "policy",
    "from", "to", "plan",
)  # fmt: skip
COLUMNS: Final = ("number", *NAMED, "detail", "hash")  # the detail is all that has no column

Linked = tuple[str, Entry]  # the hash of the entry before, and the entry
Form = Callable[[Iterator[Linked]], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are wanted: with one of the `values` of each key, and in time.

    The keys are request, project, who and event; `who` is empty for what the bot did by itself.
    A verdict counts as an event, so that `approve` means each approval, and not only the one
    that moves the request.
    """

    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None  # up to this moment, and not at it

    def takes(self, told: Mapping[str, Any]) -> bool:
        has_values = all(wanted & _said(told, key) for key, wanted in self.values.items())
        return has_values and self._is_in_time(told)

    def _is_in_time(self, told: Mapping[str, Any]) -> bool:
        if self.since is None and self.until is None:
            return True
        at = _moment(told)
        if at is None:
            return False
        return (self.since or at) <= at and (self.until is None or at < self.until)


def _said(told: Mapping[str, Any], key: str) -> set[str]:
    said = (told.get(key), told.get("verdict") if key == "event" else None)
    return {value for value in said if isinstance(value, str)}


def _moment(told: Mapping[str, Any]) -> datetime | None:
    """When it happened; None where somebody has changed that into no moment."""
    try:
        at = datetime.fromisoformat(str(told.get("at")))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def unknown(
    connection: Connection, values: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """The values that no entry has, by their key."""
    left = {key: set(wanted) for key, wanted in values.items()}
    for entry in entries(connection):
        if not any(left.values()):
            break
        for key, unseen in left.items():
            unseen.difference_update(_said(entry.told, key))
    return {key: frozenset(unseen) for key, unseen in left.items() if unseen}


def export(connection: Connection, form: Form, wanted: Wanted) -> Iterator[str]:
    """The wanted entries in a form, in their order; few of them are in memory at a time."""
    return form(one for one in _linked(connection) if wanted.takes(one[1].told))


def _linked(connection: Connection) -> Iterator[Linked]:
    before = BEGINNING
    for entry in entries(connection):
        yield before, entry
        before = entry.hash


def as_jsonl(chosen: Iterator[Linked]) -> Iterator[str]:
    """One entry a line, with all that its hash is made of."""
    for before, entry in chosen:
        line = {
            "number": entry.number,
            "before": before,
            "entry": entry.told,
            "hash": entry.hash,
        }
        yield canonical(line) + "\n"


def as_csv(chosen: Iterator[Linked]) -> Iterator[str]:
    """A table for a spreadsheet, which runs none of its cells as a formula."""
    yield BOM + _row(COLUMNS)
    for _, entry in chosen:
        rest = {name: value for name, value in entry.told.items() if name not in NAMED}
        detail = json.dumps(rest, ensure_ascii=False) if rest else ""
        named = (str(entry.told.get(name, "")) for name in NAMED)
        yield _row((str(entry.number), *named, detail, entry.hash))


class _Written:
    """What `csv` takes for a file, so that a row comes back as text."""

    write = staticmethod(str)


_WRITER: Final = csv.writer(_Written())


def _row(cells: Sequence[str]) -> str:
    return str(_WRITER.writerow([defused(cell) for cell in cells]))


FORMS: Final[dict[str, Form]] = {"jsonl": as_jsonl, "csv": as_csv}
