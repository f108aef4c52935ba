"""`/cph …` as a person types it, read into a command or a named misreading; and written again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.divert.command import (
    Command,
    Divert,
    Drift,
    Help,
    Misread,
    OpenForm,
    Phones,
    Plan,
    Status,
    Verb,
    Whoami,
)
from bot.divert.mistyped import Mistyped, nearest
from bot.divert.operator_grammar import read_pause, read_resume
from bot.divert.phones import Reading, Route, read_words, was_an_id
from bot.divert.request import Draft, read_request_id
from bot.divert.selection import Key, Selection, Term, written_value
from bot.divert.term_values import check_keys, places, project_of, reason_of, selection_of
from bot.divert.terms import KEYS, PROJECT, REASON, Part, TypedTerm, Word, scan
from bot.divert.typed import quoted, written

__all__ = [
    "Command",
    "Divert",
    "Drift",
    "Help",
    "Misread",
    "OpenForm",
    "Phones",
    "Plan",
    "Status",
    "Verb",
    "Whoami",
    "corrected",
    "read_command",
    "write_command",
]
LINE_LIMIT: Final = 60_000  # characters: some 1,800 ids; longer ones would keep others waiting
MENDED: Final = 3  # mistyped words in one suggestion; more of them mean that nothing is known
_SHOWN: Final = 5  # words without an id that are told again

Words = Sequence[Word]
Terms = Sequence[TypedTerm]


def read_command(text: str) -> Command:
    """Read what follows `/cph`. Nothing is guessed: what does not fit is a `Misread`."""
    text = text.strip()
    if len(text) > LINE_LIMIT:
        return Misread("too_long", str(LINE_LIMIT))
    try:
        return _read(text)
    except Mistyped as wrong:
        return Misread(wrong.kind, wrong.word, _suggestion(text, wrong, MENDED))


def write_command(draft: Draft) -> str:
    """The text behind `/cph` that makes the same draft again; a file is not in it."""
    reason = f"{REASON}:{quoted(draft.reason)}" if draft.reason else ""
    project = f"{PROJECT}:{written(draft.project)}"
    parts = (Verb.DIVERT, draft.route, str(draft.selection), *draft.ids, reason, project)
    return " ".join(filter(None, parts))


def corrected(command: str, term: Term, value: str, better: str) -> str:
    """A command with one value of one of its terms replaced, and all else as typed.

    It stays as it is where it has no such value.
    """
    typed = [part for part in scan(command) if isinstance(part, TypedTerm)]
    alike = [one for one in typed if one.excluded is term.excluded]
    for start, end in places(alike, term.key, value):
        return command[:start] + written_value(term.key, better) + command[end:]
    return command


def _suggestion(text: str, wrong: Mistyped, left: int) -> str:
    better = wrong.mended(text)
    if not better or not left:
        return ""
    try:
        _read(better)
    except Mistyped as another:
        return _suggestion(better, another, left - 1)
    return better


def _read(text: str) -> Command:
    parts = scan(text)
    if not parts:
        return Help()
    words = [part for part in parts[1:] if isinstance(part, Word)]
    terms = [part for part in parts[1:] if isinstance(part, TypedTerm)]
    return _READERS[_verb(parts[0])](words, terms)


def _verb(first: Part) -> Verb:
    if isinstance(first, TypedTerm):
        near = nearest(first.key, Verb)
        gap = " " if first.value[:1].strip() else ""  # `divert:routing`
        raise Mistyped("verb", str(first), (first.start, first.value_start), near and near + gap)
    word = first.text.casefold()
    if word in set(Route):
        raise Mistyped("verb", first.text, (first.start, first.start), f"{Verb.DIVERT} ")
    if word not in set(Verb):
        raise Mistyped("verb", first.text, (first.start, first.end), nearest(word, Verb))
    return Verb(word)


def _divert(words: Words, terms: Terms) -> Divert:
    check_keys(terms, KEYS)
    route, selection = _route(words), selection_of(terms)
    reading = _reading(words[1:], selection)
    if not reading.ids and not selection.included:
        raise Mistyped("only_excluded", str(selection)) if selection else Mistyped("no_ids")
    return Divert(route, reading, reason_of(terms), project_of(terms), selection)


def _divert_or_form(words: Words, terms: Terms) -> Command:
    return _divert(words, terms) if words or terms else OpenForm()


def _plan(words: Words, terms: Terms) -> Command:
    return Plan(_divert(words, terms))


def _phones(words: Words, terms: Terms) -> Command:
    check_keys(terms, (*Key, PROJECT))
    selection = selection_of(terms)
    return Phones(_reading(words, selection), selection, project_of(terms))


def _drift(words: Words, terms: Terms) -> Command:
    return Drift(_request_id(words, terms))


def _status(words: Words, terms: Terms) -> Command:
    return Status(_request_id(words, terms)) if words or terms else Status()


def _whoami(words: Words, terms: Terms) -> Command:
    check_keys(terms, (PROJECT,))
    if words:
        raise Mistyped("no_place", words[0].text)
    return Whoami(project_of(terms))


def _help(_words: Words, _terms: Terms) -> Command:
    return Help()


_READERS: Final[Mapping[Verb, Callable[[Words, Terms], Command]]] = {
    Verb.DIVERT: _divert_or_form,
    Verb.PLAN: _plan,
    Verb.PHONES: _phones,
    Verb.DRIFT: _drift,
    Verb.STATUS: _status,
    Verb.WHOAMI: _whoami,
    Verb.PAUSE: read_pause,
    Verb.RESUME: read_resume,
    Verb.HELP: _help,
}


def _route(words: Words) -> Route:
    if not words:
        raise Mistyped("route")
    word, place = words[0].text.casefold(), (words[0].start, words[0].end)
    if word not in set(Route):
        raise Mistyped("route", words[0].text, place, nearest(word, Route))
    return Route(word)


def _reading(words: Words, selection: Selection) -> Reading:
    """The ids; without any of those that were given, the terms would mean far more phones."""
    reading = read_words(word.text for word in words)
    lost = [one.word for one in reading.unreadable]
    if lost and not reading.ids and (not selection or any(map(was_an_id, lost))):
        raise Mistyped("no_ids", " ".join(lost[:_SHOWN]))
    return reading


def _request_id(words: Words, terms: Terms) -> str:
    given = [word.text for word in words] or [str(term) for term in terms]
    read = read_request_id(given[0]) if given else None
    if read is None:
        raise Mistyped("request_id", given[0] if given else "")
    return read
