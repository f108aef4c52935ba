"""A selection spread over the form's fields, and gathered from them again."""

from dataclasses import dataclass
from typing import Final

from bot.divert.grammar import Misread, Phones, read_command
from bot.divert.selection import BadTerm, Key, Selection, Term, read_selection, written_value
from bot.divert.wording import Words
from bot.slack.fields import OPTIONS, TEXT_LIMIT, may_be_option
from bot.slack.form import STATUS_WORDS, FormInput
from bot.slack.mrkdwn import cut, plain

_VERB: Final = "phones"  # the command that takes nothing but ids and terms
_NO_TERM: Final = ("key", "no_ids")  # kinds of misreading
_SHOWN: Final = 150  # characters of what is no term
_MENUS: Final = (Key.SERVER, Key.TAG, Key.STATUS)


@dataclass(frozen=True, slots=True)
class Spread:
    """What the menus show, and the rest as text; `fits` is False where that is too long."""

    servers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    terms: str = ""
    fits: bool = True


def spread(selection: Selection) -> Spread:
    """Whole terms only. Where not all of them fit none is shown: fewer terms mean more phones."""
    shown: dict[Key, tuple[str, ...]] = dict.fromkeys(_MENUS, ())
    rest = []
    for term in selection.terms:
        together = (*shown.get(term.key, ()), *term.values)
        if _is_for_a_menu(term) and len(together) <= OPTIONS:
            shown[term.key] = together
        else:
            rest.append(term)
    terms = str(Selection(tuple(rest)))
    if len(terms) > TEXT_LIMIT:
        return Spread(fits=False)
    return Spread(shown[Key.SERVER], shown[Key.TAG], shown[Key.STATUS], terms)


def _is_for_a_menu(term: Term) -> bool:
    if term.excluded or term.key not in _MENUS:
        return False
    if term.key is Key.STATUS:
        return set(term.values) <= set(STATUS_WORDS)
    return all(map(may_be_option, term.values))


def gathered(given: FormInput, words: Words) -> Selection | str:
    """All terms of the form as one selection, or what is wrong with those that were typed."""
    more = _typed(given.terms, words) if given.terms else Selection()
    if isinstance(more, str):
        return more
    menus = zip(_MENUS, (given.servers, given.tags, given.statuses), strict=True)
    chosen = [Term(key, (value,)) for key, values in menus for value in values]
    found = read_selection(_written(term) for term in (*chosen, *more.terms))
    if isinstance(found, BadTerm):
        return words.form_unreadable_terms(found.word)
    return found


def _written(term: Term) -> tuple[str, str, bool]:
    values = (written_value(term.key, value) for value in term.values)
    return term.key, ",".join(values), term.excluded


def _typed(text: str, words: Words) -> Selection | str:
    """Read terms as a command reads them, and nothing beside them."""
    read = read_command(f"{_VERB} {text}")
    match read:
        case Phones(reading, selection, None) if not reading.ids and not reading.unreadable:
            return selection
        case Misread():
            return _misread(read, words)
        case _:
            return words.form_unreadable_terms(cut(text, _SHOWN))


def _misread(read: Misread, words: Words) -> str:
    """What is wrong with a value is told as in a command; of keys the form takes fewer."""
    told = (
        words.form_unreadable_terms(cut(read.word, _SHOWN))
        if read.kind in _NO_TERM
        else plain(words.misread(read.kind, read.word))
    )
    better = read.suggestion.removeprefix(_VERB).strip()
    return f"{told} {words.form_did_you_mean(better)}" if better else told
