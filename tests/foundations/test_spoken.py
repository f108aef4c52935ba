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

from bot.divert.failures import Trouble
from bot.divert.outcome import Counts, PhoneState
from bot.divert.pause import EVERY, Frozen, Pause
from bot.divert.phones import Route
from bot.divert.policy import Hours, Refused, Rule, Span, Stage, Why
from bot.divert.policy.changes import Change, How, Part
from bot.divert.request import Draft, Request, State
from bot.divert.selection import STATUSES, Key, Selection, Term
from bot.divert.sentence import Button, Card, Code, Mention, Sentence
from bot.divert.weighing import Weighed
from bot.divert.wording import Words, words_in
from bot.divert.wording.speech import Speech
from bot.slack.cards import card_blocks
from bot.slack.deny_form import deny_form
from bot.slack.form import FormInput, FormPlace, build
from bot.slack.mrkdwn import mrkdwn
from bot.slack.weighing_forms import approve_form, glass_form
from tests.foundations.messages import extracted, write

FIELD = re.compile(r"\{(\w+)\}")
KEPT = re.compile(r"\{\w+\}|`[^`]*`")  # what a translation takes over as it is
PSEUDO = "eo"  # a language that Babel knows and we have not translated
LETTERS = str.maketrans(
    string.ascii_letters, "".join(chr(0x430 + n % 32) for n in range(len(string.ascii_letters)))
)
# What comes from elsewhere: routes, values given below, and the words that Babel has for time.
GIVEN = ("direct", "routing", "D-7K3M", "C0OPS", "U0ALICE", *STATUSES)
MISREADINGS = (
    "route", "no_ids", "only_excluded", "key", "no_place", "route_term", "status", "empty_term",
    "request_id", "verb", "too_long",
)  # fmt: skip
BAD_FILES = (
    "not_text", "too_large", "too_many", "no_ids", "not_ids", "broken", "spreadsheet", "gone",
    "http_500",
)  # fmt: skip
SELECTION = Selection((Term(Key.SERVER, ("7",)),))
SECONDS = [1.0, 60.0, 3600.0, 86400.0]  # every stretch that has a word of its own


NOW = datetime(2026, 1, 1, tzinfo=UTC)
ASKED = Request("D-7K3M", Draft("1", "U0ALICE", "7", Route.ROUTING), State.PENDING, 1, NOW)
WEIGHED = Weighed(ASKED, Counts({PhoneState.PLANNED: 5}), types=True)
PAUSES = [Pause(one, "U0ALICE", NOW, reason) for one in (EVERY, "7") for reason in ("", "5")]
FREEZES = [Frozen("7", "5", until) for until in (NOW, None)]

STAGES = (Stage(1, ("1",)), Stage(2, ("1", "2")))
LIMITS = Rule(
    "1", routes=("1",), channels=("C0OPS",), selections=("1",), servers=("1",), tags=("1",),
    min_phones=1, max_phones=2, min_share=0.1, max_share=0.2, approvals=STAGES, self_approval=True,
    hours=Hours((Span(frozenset({1}), 0, 60),)),
)  # fmt: skip
RULES = (Rule("1"), LIMITS)
REFUSALS = [
    Refused(why, 7, rule, could)
    for why in Why
    for rule in ("", "1")
    for could in ((), ("U0ALICE",), ("U0ALICE",) * 9)
]
WHOLE = (Part.PROTECTED, Part.APPROVING, Part.OPERATORS)  # without names of their own
CHANGES = [
    *(Change(one, How.CHANGED) for one in WHOLE),
    Change(Part.RULES, How.REORDERED),
    *(
        Change(part, how, ("1",) * number)
        for part in (Part.ROLES, Part.RULES, Part.FREEZES)
        for how in (How.ADDED, How.REMOVED, How.CHANGED)
        for number in (1, 30)
    ),
]


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
        "missing": [1, 2], "refused": REFUSALS, "lines": [("1",), ("1",) * 25],
        "rules": [(), ("1",)] if "Rule" not in str(kind) else [(), RULES],
        "stages": [(), STAGES],
        "jobs": [5, 1] if kind is int else [[("1", "2")], [("1", "2")] * 3],
        "phones": [5, 1] if kind is int else [[("1", "2")]],
        "reason": ["", "7"], "seconds": [*SECONDS, 5.0, -5.0], "by": ["", "U0ALICE"],
        "requester": ["U0ALICE"], "standing": [*PAUSES, *FREEZES], "pause": PAUSES,
        "ended": [[one] for one in PAUSES], "operators": [(), ("U0ALICE",)],
    }  # fmt: skip
    by_kind: dict[Any, list[Any]] = {
        Change: list(CHANGES), Trouble: list(Trouble), bool: [False, True], Why: list(Why),
        int: [0, 1, 5], float: [5.0], str: ["7"], State: list(State), Route: list(Route),
        Selection: [SELECTION, Selection()],
        datetime: [datetime(2026, 1, 1, tzinfo=UTC)], Counts: list(counts()),
    }  # fmt: skip
    counted = get_origin(kind) is not None and "tuple" in str(kind)
    if name == "reasons":
        return [[(why, 5)] for why in (*STATUSES, "no_container", "42")]
    if name == "approvals":
        return [[(2, ["7"]), (1, ["7", "5"])]]
    if counted:
        return [[("1", 5), ("2", 1)]]
    if name in by_name and (name != "servers" or kind is not int):
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
    names = list(inspect.signature(method).parameters)
    choices = [examples(name, hints[name]) for name in names]
    for arguments in itertools.product(*choices):
        answer = method(**dict(zip(names, arguments, strict=True)))
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
    for seconds in (5.0, *SECONDS):
        text = text.replace(words_in(PSEUDO).span(seconds), "")
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
    for rate in (10, 0.05):
        sentence = words.time_left(90, rate)
        assert english(FIELD.sub("", sentence.template)) == []
        assert sentence.values["left"] == words.span(90)


def test_the_forms_come_from_the_catalogue(words: Words) -> None:
    views = [
        build(FormInput(), words, FormPlace(request_id="D-7K3M", ids=5), ("7", "8")),
        deny_form("D-7K3M", "0", words),
        approve_form(WEIGHED, "", words),
        glass_form(WEIGHED, "", words),
    ]
    texts = [text for view in views for text in shown(view)]
    assert len(texts) == 56  # every text of all forms
    assert [text for text in texts if english(text)] == []


def test_a_card_comes_from_the_catalogue_with_its_dialogs(words: Words) -> None:
    confirm = words.confirm_approve(5, Route.ROUTING)
    button = Button("approve", words.approve(), "D-7K3M", "0", "primary", confirm, words.back())
    card = Card(
        "D-7K3M", 1, words.card_title("D-7K3M", 5, Route.ROUTING, State.PENDING),
        (words.asked_by("U0ALICE", "7", "8"), words.left_out(1, 2, 3, 4, 5)), (button,),
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
