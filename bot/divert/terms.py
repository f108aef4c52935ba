"""A command's text cut into `key:value` terms and bare words, each with its place in the text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.divert.phones import PHONE_ID, Route, was_an_id
from bot.divert.selection import Key
from bot.divert.typed import GAPS, LINK, MARKS, QUOTED, same_length, words

REASON: Final = "reason"
PROJECT: Final = "project"
KEYS: Final = (*Key, REASON, PROJECT)

_ONE: Final = (  # "several words", key="several words", or one word
    rf"(?:\s*(?:{QUOTED})|[^\s{GAPS}=]*=(?:{QUOTED}))?(?:{LINK}|[^\s{GAPS}])*"
)
# A comma may stand before the next term as well as before the next value.
_NO_TERM: Final = rf"(?!-{{0,2}}(?i:{'|'.join(KEYS)}):)"
_TERM: Final = re.compile(
    rf"(?<![^\s{GAPS}])[{MARKS}]*(?P<dashes>-{{0,2}})"
    rf"(?:(?P<single>(?i:{REASON}|{PROJECT}))|(?P<many>[A-Za-z]+)):"
    rf"(?P<value>{_ONE}(?(many)(?:[{GAPS}]{_NO_TERM}{_ONE})*))"
)
_CHUNK: Final = re.compile(rf"<[^<>]*>|(?:[^\s{GAPS}<]|<(?![^<>]*>))+")


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word as it was meant; `start` and `end` take in what surrounds it without a gap.

    It is `alone` there, unless a link's label has several words.
    """

    text: str
    start: int
    end: int
    alone: bool = True

    @property
    def is_id(self) -> bool:
        return bool(PHONE_ID.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class TypedTerm:
    """A term as typed: `dashes` before its key, the key in small letters, and its value's text."""

    dashes: str
    key: str
    value: str
    start: int  # of the key, behind the dashes
    value_start: int

    def __str__(self) -> str:
        return f"{self.dashes}{self.key}:{self.value}"

    @property
    def end(self) -> int:
        return self.value_start + len(self.value)

    @property
    def excluded(self) -> bool:
        return bool(self.dashes)

    @property
    def wants_more(self) -> bool:
        """Whether the value has not begun, or ends in a comma."""
        given = self.value.strip()
        return not given or (self.key in set(Key) and given[-1] in GAPS)

    @property
    def is_quoted(self) -> bool:
        return bool(re.match(rf"\s*(?:{QUOTED})", self.value))


Part = Word | TypedTerm


def scan(text: str) -> list[Part]:
    """Terms and bare words in their order; no character of a word is in two of them.

    A value goes on behind a space where nothing else can be meant: `server: edge-07`,
    `server:edge-07, edge-08`, `reason:video ads`. A word that may be an id is never taken for it.
    """
    terms = [_term(text, found) for found in _TERM.finditer(same_length(text))]
    parts: list[Part] = [*terms, *_bare(text, terms)]
    parts.sort(key=lambda part: part.start)
    return _with_reason(text, _with_lists(text, parts))


def _term(text: str, found: re.Match[str]) -> TypedTerm:
    value = text[found.start("value") : found.end("value")]
    key = found["single"] or found["many"]
    return TypedTerm(found["dashes"], key.lower(), value, found.end("dashes"), found.start("value"))


def _bare(text: str, terms: Sequence[TypedTerm]) -> Iterator[Word]:
    """The words between the terms."""
    start = 0
    for stop, behind in [*((t.start - len(t.dashes), t.end) for t in terms), (len(text), 0)]:
        for chunk in _CHUNK.finditer(text, start, stop):
            found = words(chunk[0])
            for word in found:
                yield Word(word, chunk.start(), chunk.end(), alone=len(found) == 1)
        start = behind


def _with_lists(text: str, parts: Sequence[Part]) -> list[Part]:
    """Give values what stands behind a space after a colon or a comma."""
    read: list[Part] = []
    for part in parts:
        before = read[-1] if read else None
        if isinstance(before, TypedTerm) and isinstance(part, Word):
            longer = replace(before, value=text[before.value_start : part.start])
            if longer.wants_more and _may_be_value(part, before):
                read[-1] = replace(before, value=text[before.value_start : part.end])
                continue
        read.append(part)
    return read


def _may_be_value(word: Word, term: TypedTerm) -> bool:
    if word.is_id or not word.alone or term.key not in KEYS:
        return False
    if term.key in set(Key):
        return term.key == Key.ROUTE or word.text.casefold() not in set(Route)
    return not was_an_id(word.text)


def _with_reason(text: str, parts: list[Part]) -> list[Part]:
    """Give a reason without quotes all words up to the next term, if none may be an id."""
    for place, part in enumerate(parts):
        if isinstance(part, TypedTerm) and part.key == REASON and not part.is_quoted:
            behind = _first_words(parts[place + 1 :])
            if behind and _may_be_reason(parts[:place], behind):
                longer = replace(part, value=text[part.value_start : behind[-1].end])
                return [*parts[:place], longer, *parts[place + 1 + len(behind) :]]
    return parts


def _first_words(parts: Iterable[Part]) -> list[Word]:
    found = []
    for part in parts:
        if not isinstance(part, Word):
            break
        found.append(part)
    return found


def _may_be_reason(before: Iterable[Part], behind: Iterable[Word]) -> bool:
    """Verb and route must be there already; they are looked for among the words."""
    if sum(isinstance(part, Word) for part in before) < len(("verb", "route")):
        return False
    return not any(word.is_id or was_an_id(word.text) for word in behind)
