"""What keyboards and Slack do to a typed text, undone; and what stands in quotes, kept exactly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

GAPS: Final = ",;，；、"  # separate ids and the values of a term, beside white space
_DOUBLE: Final = '"＂“”„‟«»'
_SINGLE: Final = "'＇‘’‚‛"
_QUOTES: Final = f"{_DOUBLE}{_SINGLE}`′″"
_UNSEEN: Final = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
MARKS: Final = f"{_QUOTES}{_UNSEEN}"  # may stand before a word and are none of it
_AS_DASH: Final = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")  # phones turn - into these
_AS_SEEN: Final = {**_AS_DASH, **dict.fromkeys(map(ord, _UNSEEN))}
_AS_WORDS: Final = {
    **_AS_SEEN,
    **dict.fromkeys(map(ord, _QUOTES)),
    **dict.fromkeys(map(ord, GAPS), " "),
}
_SAME_LENGTH: Final = {**_AS_DASH, ord("："): ":"}
_AS_NO_QUOTE: Final = dict.fromkeys(map(ord, _SINGLE), "′")

# Slack puts every address and mention in angle brackets: <target|what was typed>, or <target>.
LINK: Final = r"<((?:[A-Za-z][A-Za-z0-9+.-]*:|[@#!])[^<>|]*)(?:\|([^<>|]*))?>"
_BRACKETS: Final = re.compile(r"<(?:[^<>|]*\|)?([^<>|]*)>")  # of Slack, or of who copied `<id>`
_TWICE: Final = "|".join(mark * 2 for mark in _DOUBLE)
# "say ""no"" twice", `no`, or 'don't', whose last mark is the one that ends a word.
QUOTED: Final = (
    rf"[{_DOUBLE}](?:[^{_DOUBLE}]|{_TWICE})*[{_DOUBLE}]"
    r"|`[^`]*`"
    rf"|[{_SINGLE}](?s:.*?)[{_SINGLE}](?![^\s{GAPS}])"
)
_PIECE: Final = re.compile(
    rf"(?P<gap>\s*[{GAPS}]\s*)|(?P<space>\s+)"
    rf"|(?<![^\s{GAPS}=])(?P<quoted>{QUOTED})"
    rf"|(?P<plain>(?:{LINK}|[^\s{GAPS}=])+=?|=)"
)
_PLAIN: Final = re.compile(r"[\w.*@/+-]+")
_LAST_END: Final = re.compile(rf"(?s:.*)[{_SINGLE}](?![^\s{GAPS}])")  # of what such a mark may end


def words(text: str) -> list[str]:
    """Split a text at white space, commas and semicolons; quotes and autolinks are undone."""
    return _BRACKETS.sub(r" \1 ", text).translate(_AS_WORDS).split()


def same_length(text: str) -> str:
    """The text to look for terms in: its places are those of the text as typed."""
    return _without_openings(text.translate(_SAME_LENGTH))


def _without_openings(text: str) -> str:
    """The text with the single quotes made plain that nothing ends.

    Each of them would be followed to the end of the text in vain: a hostile one of 100,000
    characters would take minutes.
    """
    found = _LAST_END.match(text)
    end = found.end() if found else 0
    return text[:end] + text[end:].translate(_AS_NO_QUOTE)


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a list as it was meant, and where it stands in the text."""

    value: str
    start: int
    end: int


def items(text: str) -> list[Item]:
    """The values of a term, separated by commas or semicolons; empty ones are left out.

    In quotes everything is kept, a comma too; a quote among them is written twice. Outside of
    quotes, dashes and autolinks are undone.
    """
    read = (
        Item("".join(_read(text, one) for one in pieces), pieces[0].start(), pieces[-1].end())
        for pieces in _between_gaps(_without_openings(text.rstrip()))
        if pieces
    )
    return [item for item in read if item.value]


def literal(text: str) -> str:
    """One value exactly as it was typed, without the quotes around it."""
    text = text.strip()
    if re.fullmatch(QUOTED, text):
        return _unquoted(text).strip()
    return _unlinked(text).strip(_QUOTES + GAPS).strip()


def written(value: str) -> str:
    """A value as it is typed into a term: in quotes where it could be read as something else.

    One thing does not survive: what looks like a link of Slack's is read as its label.
    """
    return value if _PLAIN.fullmatch(value) else quoted(value)


def quoted(value: str) -> str:
    """A text in quotes, with the quotes in it written twice."""
    return '"' + re.sub(rf"[{_DOUBLE}]", lambda mark: mark[0] * 2, value) + '"'


def _between_gaps(text: str) -> Iterator[list[re.Match[str]]]:
    pieces: list[re.Match[str]] = []
    for piece in _PIECE.finditer(text, len(text) - len(text.lstrip())):
        if piece["gap"]:
            yield pieces
            pieces = []
        else:
            pieces.append(piece)
    yield pieces


def _read(text: str, piece: re.Match[str]) -> str:
    typed = text[piece.start() : piece.end()]
    if piece["quoted"]:
        return _unquoted(typed)
    return _BRACKETS.sub(r"\1", typed).translate(_AS_SEEN).strip(_QUOTES)


def _unquoted(text: str) -> str:
    inside = _unlinked(text[1:-1])
    return re.sub(_TWICE, lambda twice: twice[0][0], inside) if text[0] in _DOUBLE else inside


def _unlinked(text: str) -> str:
    return re.sub(LINK, lambda link: link[2] or link[1], text)
