"""Sentences written as Slack's mrkdwn, within its limits.

Everything of ours and of others is escaped; only the typed values (`Mention`, `Code`, `Link`,
`Moment`) and our own `*bold*` become marks.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Final

from bot.divert.sentence import Code, Link, Mention, Moment, Sentence, Value

# Slack allows 3,000 a text and refused whole messages of about 13,200 (bolt-js#2509).
TEXT_LIMIT: Final = 2_900
VALUE_LIMIT: Final = 1_000
CUT: Final = "…"

_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOK_ALIKES: Final = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
_MARK: Final = re.compile(r"(?<!\w)[*_~]|[*_~](?!\w)|`")  # within a word they mark nothing
_TEMPLATE_MARK: Final = re.compile(r"[*`]")
_FIELD: Final = re.compile(r"\{(\w+)\}")
_GAP: Final = re.compile(r"\s+")
_ID: Final = re.compile(r"[UWSCG][A-Z0-9]{2,}", re.ASCII)
_URL: Final = re.compile(r"https?://[^\s<>|\"]+", re.ASCII | re.IGNORECASE)
_UNSEEN: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by name, blanks by look
_JOINING: Final = "\u200d"  # two emoji into one
_STRAY: Final = re.compile(f"(?<![\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]){_JOINING}")
# What must not be cut in two: an entity, a mark in angle brackets, a code span, a character
# with its accents and joined emoji.
_PIECE: Final = re.compile(
    r"&(?:amp|lt|gt);|<[^<>]*>|`[^`\n]*`"
    r"|.(?:[\u0300-\u036f\u20d0-\u20ff\ufe0e\ufe0f]|\u200d.)*",
    re.DOTALL,
)


def units(text: str) -> int:
    """Length as Slack's clients count it at worst: an emoji is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int = TEXT_LIMIT) -> str:
    """At most `limit` units, cut behind a whole character, entity or mark."""
    if units(text) <= limit:
        return text
    left = limit - len(CUT)
    kept: list[str] = []
    for piece in _PIECE.finditer(text):
        if units(piece[0]) > left:
            return "".join(kept) + _cut_piece(piece[0], left)
        left -= units(piece[0])
        kept.append(piece[0])
    return "".join(kept) + CUT


def _cut_piece(piece: str, left: int) -> str:
    """A code span is cut inside and closed; anything else goes whole."""
    inside = left + len(CUT) - len("``")
    if piece[0] == "`" and inside > len(CUT):
        return f"`{cut(piece[1:-1], inside)}`"
    return CUT


def clean(text: str) -> str:
    """One line of what can be seen."""
    return _GAP.sub(" ", visible(_GAP.sub(" ", text)))


def visible(text: str) -> str:
    """Text without what only its reader does not see: control characters, marks of no width.

    So two names that look alike are alike, and none is read backwards.
    """
    return _STRAY.sub("", "".join(filter(_is_seen, text)))


def _is_seen(character: str) -> bool:
    if character in ("\n", _JOINING):
        return True
    kind = unicodedata.category(character)
    return kind not in ("Cc", "Cf", "Cs") and character not in _UNSEEN


def escape(text: str) -> str:
    """Somebody else's text: no entity, no link, no mention, no mark, one line."""
    unmarked = _MARK.sub(lambda mark: _LOOK_ALIKES[mark[0]], clean(text))
    return cut(unmarked.translate(_ENTITIES), VALUE_LIMIT)


def unescaped(text: str) -> str:
    """What a person typed, where Slack has written the three marks of its own as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mrkdwn(sentence: Sentence) -> str:
    """The sentence with its marks, of any length."""
    written = {name: _value(value) for name, value in sentence.values.items()}
    return _filled(sentence.template.translate(_ENTITIES), written)


def plain(sentence: Sentence) -> str:
    """The sentence for a `plain_text` object, which knows no marks and no entities."""
    written = {name: _plain_value(value) for name, value in sentence.values.items()}
    return _filled(_TEMPLATE_MARK.sub("", sentence.template), written)


def joined(sentences: Iterable[Sentence], limit: int = TEXT_LIMIT) -> str:
    """Sentences as lines of one text."""
    return cut("\n".join(mrkdwn(sentence) for sentence in sentences), limit)


def packed(sentences: Iterable[Sentence], budget: int) -> list[str]:
    """Sentences as lines of as few texts as hold them, `budget` units in all."""
    texts: list[str] = []
    for line in filter(None, (cut(mrkdwn(sentence)) for sentence in sentences)):
        if texts and units(texts[-1]) + 1 + units(line) <= TEXT_LIMIT:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return _within(texts, budget)


def _within(texts: list[str], budget: int) -> list[str]:
    kept = []
    for text in texts:
        if budget <= len(CUT):
            break
        kept.append(cut(text, budget))
        budget -= units(kept[-1])
    return kept


def _filled(template: str, written: Mapping[str, str]) -> str:
    """A field that a translation invented stays as it stands."""
    return _FIELD.sub(lambda field: written.get(field[1], field[0]), template)


def _value(value: Value) -> str:
    match value:
        case Mention(id=name):
            return _mention(name)
        case Code(text=text):
            return _code(text)
        case Link(url=url, label=label):
            return _link(url, label)
        case Moment(at=at):
            return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{_utc(value)}>"
        case tuple():
            return ", ".join(_value(one) for one in value)
        case _:
            return escape(str(value))


def _plain_value(value: Value) -> str:
    match value:
        case Mention(id=name):
            return f"@{clean(name)}"
        case Code(text=text):
            return clean(text)
        case Link(label=label):
            return clean(label)
        case Moment():
            return _utc(value)
        case tuple():
            return ", ".join(_plain_value(one) for one in value)
        case _:
            return clean(str(value))


def _mention(name: str) -> str:
    if not _ID.fullmatch(name):
        return escape(name)
    if name[0] in "UW":
        return f"<@{name}>"
    return f"<!subteam^{name}>" if name[0] == "S" else f"<#{name}>"


def _code(text: str) -> str:
    quoted = clean(text).replace("`", _LOOK_ALIKES["`"]).translate(_ENTITIES)
    return f"`{cut(quoted, VALUE_LIMIT)}`" if quoted.strip() else ""


def _link(url: str, label: str) -> str:
    if not _URL.fullmatch(url) or units(url) > VALUE_LIMIT:
        return escape(label)
    return f"<{url.translate(_ENTITIES)}|{escape(label)}>"


def _utc(moment: Moment) -> str:
    return f"{moment.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
