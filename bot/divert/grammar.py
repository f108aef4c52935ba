"""`/cph …` as a person types it, read into a command or a named misreading."""

import re
from dataclasses import dataclass
from typing import Final

from bot.divert.phones import Reading, Route, read_words, words
from bot.divert.request import read_request_id

_CURLY: Final = str.maketrans("“”„‟«»", '""""""')
# key:value, or key:"several words"; a key is letters only, so an id with dashes is none.
_TERM: Final = re.compile(r'(?<!\S)([A-Za-z]+):(?:"([^"]*)"|(\S*))')
_KEYS: Final = ("reason", "project")


@dataclass(frozen=True, slots=True)
class Divert:
    """The wish as typed: route, ids, and the terms beside them."""

    route: Route
    reading: Reading
    reason: str = ""
    project: str | None = None


@dataclass(frozen=True, slots=True)
class OpenForm:
    """`/cph divert` alone."""


@dataclass(frozen=True, slots=True)
class Status:
    """`/cph status`, of one request or of the latest."""

    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """`/cph help`, or nothing at all."""


@dataclass(frozen=True, slots=True)
class Misread:
    """What could not be understood: `kind` chooses the sentence, `word` is shown in it."""

    kind: str
    word: str = ""


Command = Divert | OpenForm | Status | Help | Misread


def read_command(text: str) -> Command:
    """Read what follows `/cph`. Nothing is guessed: what does not fit is a `Misread`."""
    verb, _, rest = text.strip().partition(" ")
    match verb.casefold():
        case "divert":
            return _divert(rest)
        case "status":
            return _status(rest)
        case "" | "help":
            return Help()
        case _:
            return Misread("verb", verb)


def _divert(rest: str) -> Command:
    terms, bare = _terms(rest.translate(_CURLY))
    found = words(bare)
    unknown = next((key for key, _ in terms if key not in _KEYS), None)
    if not found and not terms:
        return OpenForm()
    if unknown is not None:
        return Misread("key", unknown)
    if not found or found[0].casefold() not in set(Route):
        return Misread("route", found[0] if found else "")
    return _with_ids(Route(found[0].casefold()), found[1:], dict(terms))


def _with_ids(route: Route, found: list[str], terms: dict[str, str]) -> Command:
    reading = read_words(found)
    if not reading.ids:
        return Misread("no_ids", " ".join(word.word for word in reading.unreadable[:5]))
    return Divert(route, reading, terms.get("reason", ""), terms.get("project") or None)


def _terms(text: str) -> tuple[list[tuple[str, str]], str]:
    """Split `key:value` terms from the bare words."""
    terms = [(m[1].casefold(), m[2] if m[2] is not None else m[3]) for m in _TERM.finditer(text)]
    return terms, _TERM.sub(" ", text)


def _status(rest: str) -> Command:
    named = words(rest)
    if not named:
        return Status()
    request_id = read_request_id(named[0])
    return Status(request_id) if request_id else Misread("request_id", named[0])
