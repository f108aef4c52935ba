"""Every sentence that a person reads comes from the catalogue: in a language made up of another
alphabet, no letter of English is left.
"""

import inspect
import itertools
import re
import string
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, get_origin, get_type_hints

import pytest
from babel.messages.catalog import Catalog

from bot.divert.outcome import Counts, PhoneState
from bot.divert.phones import Route
from bot.divert.policy import Refused, Why
from bot.divert.request import State
from bot.divert.sentence import Button, Card, Code, Mention, Sentence
from bot.divert.wording import Words, words_in
from bot.divert.wording.speech import Speech
from bot.slack.cards import card_blocks
from bot.slack.form import FormPlace, build, deny_form
from bot.slack.mrkdwn import mrkdwn
from tests.foundations.messages import extracted, write

FIELD = re.compile(r"\{(\w+)\}")
KEPT = re.compile(r"\{\w+\}|`[^`]*`")  # what a translation takes over as it is
PSEUDO = "eo"  # a language that Babel knows and we have not translated
LETTERS = str.maketrans(
    string.ascii_letters, "".join(chr(0x430 + n % 32) for n in range(len(string.ascii_letters)))
)
# What comes from elsewhere: routes, values given below, and the words that Babel has for time.
GIVEN = ("direct", "routing", "D-7K3M", "C0OPS", "U0ALICE")
MISREADINGS = ("route", "no_ids", "key", "request_id", "verb")
BAD_FILES = ("not_text", "too_large", "too_many", "no_ids", "spreadsheet", "gone", "http_500")


def pseudo(text: str) -> str:
    """The text with every letter of ours turned into another alphabet's."""
    kept = KEPT.findall(text)
    parts = [part.translate(LETTERS) for part in KEPT.split(text)]
    return "".join(itertools.chain(*itertools.zip_longest(parts, kept, fillvalue="")))


@pytest.fixture(scope="session")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    """All sentences in a language that was made up from the template."""
    folder = tmp_path_factory.mktemp("locale")
    made = Catalog(locale=PSEUDO)
    for message in extracted():
        if isinstance(message.id, tuple):
            made.add(message.id, tuple(map(pseudo, message.id)))
        elif message.id:
            made.add(message.id, pseudo(str(message.id)))
    write(folder / PSEUDO / "LC_MESSAGES" / "messages.po", made)
    return words_in(PSEUDO, folder)


def examples(name: str, kind: Any) -> list[Any]:  # noqa: ANN401 - a type as it was written
    """Values for a parameter, enough to reach every sentence; none has a letter of its own."""
    by_name: dict[str, list[Any]] = {
        "kind": list(MISREADINGS), "why": list(BAD_FILES), "place": ["line", "word"],
        "servers": [("1",), ("1",) * 9], "title": [Sentence("{n}", {"n": "5"})],
        "missing": [1, 2], "refused": [Refused(why, 7) for why in Why],
        "jobs": [5, 1] if kind is int else [[("1", "2")], [("1", "2")] * 3],
        "phones": [5, 1] if kind is int else [[("1", "2")]],
        "reason": ["", "7"], "by": ["", "U0ALICE"], "requester": ["U0ALICE"],
    }  # fmt: skip
    by_kind: dict[Any, list[Any]] = {
        int: [0, 1, 5], float: [5.0], str: ["7"], State: list(State), Route: list(Route),
        datetime: [datetime(2026, 1, 1, tzinfo=UTC)], Counts: list(counts()),
    }  # fmt: skip
    if name in by_name:
        return by_name[name]
    return [("1", "2")] if get_origin(kind) is not None else by_kind[kind]


def counts() -> Iterator[Counts]:
    """None of a state, all of it, and one of each."""
    yield Counts(dict.fromkeys(PhoneState, 1))
    yield Counts({PhoneState.SUCCEEDED: 1})
    yield Counts({PhoneState.SUCCEEDED: 3})


def public() -> list[str]:
    return [name for name in dir(Words) if name[0] != "_" and name not in dir(Speech)]


def said(method: Callable[..., Any]) -> Iterator[str]:
    """All that a method says, over all its examples."""
    hints = get_type_hints(method)
    choices = [examples(name, hints[name]) for name in inspect.signature(method).parameters]
    for arguments in itertools.product(*choices):
        answer = method(*arguments)
        for one in answer if isinstance(answer, tuple) else (answer,):
            yield mrkdwn(bare(one)) if isinstance(one, Sentence) else one


def bare(sentence: Sentence) -> Sentence:
    """Without values that are no text of ours."""
    texts = {n: v if isinstance(v, str) else Code("1") for n, v in sentence.values.items()}
    return Sentence(sentence.template, texts)


def english(text: str) -> list[str]:
    """Words in it that no catalogue has translated."""
    for given in GIVEN:
        text = text.replace(given, "")
    return re.findall(r"[A-Za-z]+", re.sub(r"`[^`]*`", "", text))


@pytest.mark.parametrize("name", [name for name in public() if name != "time_left"])
def test_every_sentence_comes_from_the_catalogue(words: Words, name: str) -> None:
    spoken = list(said(getattr(words, name)))
    assert spoken
    assert [(text, english(text)) for text in spoken if english(text)] == []
    assert any(re.search(r"[а-я]", text) for text in spoken) or name in {
        "progress",
        "standing_line",
    }


def test_the_time_left_has_babel_s_words_and_no_other_of_ours(words: Words) -> None:
    sentence = words.time_left(90, 10)
    assert english(FIELD.sub("", sentence.template)) == []
    assert sentence.values["left"] == words.span(90)


def test_the_forms_come_from_the_catalogue(words: Words) -> None:
    views = [
        build(None, words, FormPlace(), ("7", "8")),
        deny_form("D-7K3M", "0", words),
    ]
    texts = [text for view in views for text in shown(view)]
    assert len(texts) == 19  # every text of both forms
    assert [text for text in texts if english(text)] == []


def test_a_card_comes_from_the_catalogue_with_its_dialogs(words: Words) -> None:
    confirm = words.confirm_approve(5, Route.ROUTING)
    button = Button("approve", words.approve(), "D-7K3M", "0", "primary", confirm, words.back())
    card = Card(
        "D-7K3M", 1, words.card_title("D-7K3M", 5, Route.ROUTING, State.PENDING),
        (words.asked_by("U0ALICE", "7", "8"), words.left_out(1, 2, 3, 4)), (button,),
        (words.nothing_sent(),),
    )  # fmt: skip
    blocks, text = card_blocks(card)
    texts = [text, *itertools.chain(*map(shown, blocks))]
    assert len(texts) == 9
    assert [text for text in texts if english(text)] == []


def shown(part: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Every text of a view or a block that a person sees."""
    if isinstance(part, list):
        for one in part:
            yield from shown(one)
    elif isinstance(part, dict):
        if part.get("type") in ("plain_text", "mrkdwn"):
            yield part["text"]
        for one in part.values():
            yield from shown(one)


def test_a_mention_is_no_word() -> None:
    assert english(mrkdwn(Sentence("{who}", {"who": Mention("U0ALICE")}))) == []
