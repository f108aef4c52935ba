"""What the terms of a command say: the selection, the reason, the project."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.divert.mistyped import Mistyped, nearest
from bot.divert.phones import Route
from bot.divert.selection import STATUSES, BadTerm, Key, Selection, read_selection, term_items
from bot.divert.terms import KEYS, PROJECT, REASON, TypedTerm
from bot.divert.typed import items, literal

_KIND: Final[Mapping[Key, str]] = {Key.ROUTE: "route_term", Key.STATUS: "status"}
_KNOWN: Final[Mapping[Key, Collection[str]]] = {Key.ROUTE: list(Route), Key.STATUS: STATUSES}


def check_keys(terms: Iterable[TypedTerm], known: Collection[str]) -> None:
    """Refuse a key that means nothing here, and a dash before one that excludes nothing.

    Raises:
        Mistyped: with the key.
    """
    for term in terms:
        place = term.start, term.start + len(term.key)
        if term.key not in KEYS:
            raise Mistyped("key", term.key, place, nearest(term.key, known))
        if term.key not in known:
            raise Mistyped("no_place", term.key)
        if term.dashes and (term.key not in set(Key) or term.dashes != "-"):
            raise Mistyped("key", term.dashes + term.key)


def selection_of(terms: Iterable[TypedTerm]) -> Selection:
    """The terms that select phones.

    Raises:
        Mistyped: a value that is none of its key.
    """
    chosen = [term for term in terms if term.key in set(Key)]
    read = read_selection((term.key, term.value, term.excluded) for term in chosen)
    if isinstance(read, BadTerm):
        raise _bad_value(chosen, read)
    return read


def _bad_value(terms: Iterable[TypedTerm], bad: BadTerm) -> Mistyped:
    if not bad.word or bad.key not in _KIND:
        return Mistyped("empty_term", bad.key.value)
    place = next(places(terms, bad.key, bad.word))
    return Mistyped(_KIND[bad.key], bad.word, place, nearest(bad.word, _KNOWN[bad.key]))


def places(terms: Iterable[TypedTerm], key: Key, value: str) -> Iterator[tuple[int, int]]:
    """Where a value stands in the text (start, end)."""
    for term in terms:
        if term.key == key:
            for item in term_items(key, term.value):
                if item.value == value:
                    yield term.value_start + item.start, term.value_start + item.end


def reason_of(terms: Iterable[TypedTerm]) -> str:
    """The last reason, as it was typed; empty where there is none."""
    given = _given(terms, REASON)
    return literal(given[-1]) if given else ""


def project_of(terms: Iterable[TypedTerm]) -> str | None:
    """The last project named, or None.

    Raises:
        Mistyped: it is named by nothing.
    """
    given = _given(terms, PROJECT)
    if not given:
        return None
    named = items(given[-1])
    if not named:
        raise Mistyped("empty_term", PROJECT)
    return named[0].value


def _given(terms: Iterable[TypedTerm], key: str) -> Sequence[str]:
    return [term.value for term in terms if term.key == key]
