"""Phone ids as people write them, read without guessing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

# 31-character and dashed ids occur in the cloud's own pages, so the shape is loose.
PHONE_ID: Final = re.compile(r"[A-Za-z0-9-]{16,64}", re.ASCII)

_QUOTES: Final = dict.fromkeys(map(ord, "\"'`“”„‟«»‘’‚‛′″"))  # dropped around a word
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")  # phones turn - into these
_UNSEEN: Final = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"))
_TYPED: Final = {**_QUOTES, **_DASHES, **_UNSEEN}
_AUTOLINK: Final = re.compile(r"<(?:[^<>|]*\|)?([^<>|]*)>")
_GAPS: Final = re.compile(r"[\s,;，；、]+")


class Route(StrEnum):
    """Where a phone's traffic goes: `direct` is the default, `routing` the encoding container."""

    DIRECT = "direct"
    ROUTING = "routing"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as the cloud showed it at one moment; `status` is the cloud's number."""

    id: str
    route: str
    server: str
    name: str = ""
    status: int = 0


class Place(StrEnum):
    """What the number beside an unreadable word counts."""

    WORD = "word"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A word that can be no phone id, and where it stands (from 1)."""

    number: int
    word: str
    place: Place = Place.WORD


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one person's input: distinct ids in their order, and the rest counted."""

    ids: tuple[str, ...] = ()
    repeated: int = 0
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(slots=True)
class Reader:
    """Collects ids word by word."""

    _ids: dict[str, None] = field(default_factory=dict)
    _repeated: int = 0
    _unreadable: list[Unreadable] = field(default_factory=list)

    def take(self, number: int, word: str, place: Place) -> None:
        if not PHONE_ID.fullmatch(word):
            self._unreadable.append(Unreadable(number, word, place))
        elif word in self._ids:
            self._repeated += 1
        else:
            self._ids[word] = None

    def reading(self) -> Reading:
        return Reading(tuple(self._ids), self._repeated, tuple(self._unreadable))


def as_meant(text: str) -> str:
    """Undo what keyboards and Slack do to typed ids: quotes, dashes, autolinks, unseen marks."""
    return _AUTOLINK.sub(r" \1 ", text).translate(_TYPED)


def words(text: str) -> list[str]:
    """Split a text into words at white space, commas and semicolons."""
    return [word for word in _GAPS.split(as_meant(text)) if word]


def read_words(found: Iterable[str]) -> Reading:
    """Read ids from words; an unreadable word is placed by its number among the words."""
    reader = Reader()
    for number, word in enumerate(found, 1):
        reader.take(number, word, Place.WORD)
    return reader.reading()


def read_text(text: str) -> Reading:
    """Read ids from a text of any number of lines."""
    return read_words(words(text))
