"""What a person points at instead of ids: `server:`, `tag:`, `name:`, `route:`, `status:`.

Terms of different keys must all hold; the values of one term are alternatives, and terms of one
key are read as one. Of `tag:` each tag key is a key of its own. `-key:` excludes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bot.divert.phones import Phone, Route
from bot.divert.typed import Item, items, written


class Key(StrEnum):
    """The keys of terms that select phones."""

    SERVER = "server"
    TAG = "tag"
    NAME = "name"
    ROUTE = "route"
    STATUS = "status"


# https://support.huaweicloud.com/api-cph/cph_api_0503.html; 5 is given to nothing.
STATUSES: Final[Mapping[str, int]] = {
    "creating": 1,
    "running": 2,
    "resetting": 3,
    "restarting": 4,
    "frozen": 6,
    "stopping": 7,
    "stopped": 8,
    "reset-failed": -5,
    "restart-failed": -6,
    "abnormal": -7,
    "creation-failed": -8,
    "stop-failed": -9,
}
_STATUS_WORDS: Final = {number: word for word, number in STATUSES.items()}


@dataclass(frozen=True, slots=True)
class Term:
    """`key:value,value`; of a tag the values are `key=value`, or `key` for any value."""

    key: Key
    values: tuple[str, ...]
    excluded: bool = False

    def __str__(self) -> str:
        values = ",".join(written_value(self.key, value) for value in self.values)
        return f"{'-' * self.excluded}{self.key}:{values}"


@dataclass(frozen=True, slots=True)
class Selection:
    """All terms of a request, in the order they were given."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    def of(self, *keys: Key) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.key in keys)

    @property
    def included(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.excluded)


@dataclass(frozen=True, slots=True)
class BadTerm:
    """A term whose value is no value of its key."""

    key: Key
    word: str


def read_selection(terms: Iterable[tuple[str, str, bool]]) -> Selection | BadTerm:
    """Read (key, text, excluded) as typed; terms of one key become one, in their order.

    The text is a list as `typed.items` reads it: a value with a comma or a quote in it is put
    into it by `written_value`.
    """
    merged: dict[tuple[Key, str, bool], dict[str, None]] = {}
    for word, text, excluded in terms:
        key = Key(word)
        for value in [item.value for item in term_items(key, text)] or [""]:
            if not _is_value(key, value):
                return BadTerm(key, value)
            tag = value.partition("=")[0] if key is Key.TAG else ""
            merged.setdefault((key, tag, excluded), {})[value] = None
    return Selection(
        tuple(
            Term(key, _ordered(key, values), excluded)
            for (key, _, excluded), values in merged.items()
        )
    )


def _ordered(key: Key, values: Iterable[str]) -> tuple[str, ...]:
    """A tag key alone comes first, for behind `key=value` it would be read as another value."""
    return tuple(sorted(values, key=lambda value: key is Key.TAG and "=" in value))


def term_items(key: Key, text: str) -> list[Item]:
    """The values of a term as meant, with their places; of a tag each has its key.

    A tag's value without a key has the one before it: `env=staging,test`. Routes and status
    words are read in small letters.
    """
    found: list[Item] = []
    for item in items(text):
        value = item.value
        tag, marked, _ = found[-1].value.partition("=") if found else ("", "", "")
        if key is Key.TAG and marked and "=" not in value:
            value = f"{tag}={value}"
        elif key in (Key.ROUTE, Key.STATUS):
            value = value.casefold()
        found.append(replace(item, value=value))
    return found


def written_value(key: Key, value: str) -> str:
    """A value as it is typed behind its key, so that it is read again as it is."""
    tag, marked, rest = value.partition("=")
    if key is Key.TAG and marked and written(tag) == tag:
        return f"{tag}={written(rest) if rest else ''}"
    return written(value)


def _is_value(key: Key, value: str) -> bool:
    match key:
        case Key.ROUTE:
            return value in set(Route)
        case Key.STATUS:
            return status_number(value) is not None
        case Key.TAG:
            return bool(value.partition("=")[0])
        case _:
            return bool(value)


@dataclass(frozen=True, slots=True)
class Server:
    """A server as the cloud showed it at one moment; `status` is the cloud's number."""

    id: str
    name: str
    status: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """What the cloud's list of phones can be narrowed by: one server, one status, part of a name.

    It saves pages and proves nothing: what comes back is held against the selection again.
    """

    server: str = ""
    status: int | None = None
    name: str = ""


def status_word(number: int) -> str:
    """A phone's status as people write it; a number nobody has described stays one."""
    return _STATUS_WORDS.get(number, str(number))


def status_number(word: str) -> int | None:
    """The cloud's number of a status word or a number, or None."""
    if re.fullmatch(r"-?[0-9]{1,4}", word):
        return int(word)
    return STATUSES.get(word.casefold())


def fits(phone: Phone, selection: Selection, homes: Mapping[Term, frozenset[str]]) -> bool:
    """Whether a phone is meant; `homes` are the servers that each `server:` and `tag:` means."""
    return all(_holds(term, phone, homes) is not term.excluded for term in selection.terms)


def _holds(term: Term, phone: Phone, homes: Mapping[Term, frozenset[str]]) -> bool:
    match term.key:
        case Key.SERVER | Key.TAG:
            return phone.server in homes[term]
        case Key.NAME:
            return any(matches(pattern, phone.name) for pattern in term.values)
        case Key.ROUTE:
            return phone.route in term.values
        case _:
            return any(status_number(word) == phone.status for word in term.values)


def matches(pattern: str, text: str) -> bool:
    """Compare exactly, case and all; `*` stands for any characters."""
    first, *middle = pattern.split("*")
    if not middle:
        return first == text
    last = middle.pop()
    if not (text.startswith(first) and text.endswith(last)):
        return False
    return _in_order(middle, text, len(first), len(text) - len(last))


def _in_order(parts: Iterable[str], text: str, start: int, stop: int) -> bool:
    """Each part at its first place: one search a part, where a pattern would try them all."""
    for part in parts:
        found = text.find(part, start, stop)
        if found < 0:
            return False
        start = found + len(part)
    return start <= stop
