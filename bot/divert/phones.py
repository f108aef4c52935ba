"""Phone ids as people write them, read without guessing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.divert.typed import words

# 31-character and dashed ids occur in the cloud's own pages, so the shape is loose.
ID_LENGTH: Final = 64
PHONE_ID: Final = re.compile(rf"[A-Za-z0-9-]{{16,{ID_LENGTH}}}", re.ASCII)
SPREADSHEET_NUMBER: Final = re.compile(
    r"\d(?:[.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE
)  # 6.31E+31
_PART_OF_ID: Final = re.compile(r"(?=[a-f-]*\d)[0-9a-f-]{8,}", re.ASCII | re.IGNORECASE)


class Route(StrEnum):
    """Where a phone's traffic goes: `direct` is the default, `routing` the encoding container."""

    DIRECT = "direct"
    ROUTING = "routing"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as the cloud showed it at one moment.

    `status` is the cloud's number, 0 where it gave none; `place` is where the list of all phones
    had it, -1 where it was read alone or in another list.
    """

    id: str
    route: str
    server: str
    name: str = ""
    status: int = 0
    place: int = -1


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

    @property
    def misread(self) -> int:
        """How many words were none."""
        return len(self._unreadable)

    def reading(self) -> Reading:
        return Reading(tuple(self._ids), self._repeated, tuple(self._unreadable))


def read_words(found: Iterable[str]) -> Reading:
    """Read ids from words; an unreadable word is placed by its number among the words."""
    reader = Reader()
    for number, word in enumerate(found, 1):
        reader.take(number, word, Place.WORD)
    return reader.reading()


def read_text(text: str) -> Reading:
    """Read ids from a text of any number of lines."""
    return read_words(words(text))


def was_an_id(word: str) -> bool:
    """Whether a word that is no id may be one that was cut or made a number on its way here."""
    return bool(_PART_OF_ID.search(word[:ID_LENGTH]) or SPREADSHEET_NUMBER.fullmatch(word))
