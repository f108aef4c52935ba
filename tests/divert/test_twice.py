"""When two drafts of one person mean the same, and what is told of the second."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.divert.grammar import Divert, read_command
from bot.divert.intake import drafted
from bot.divert.request import Draft, Request, State
from bot.divert.sentence import Code, ToPerson
from bot.divert.twice import Recorded, Repeat, answer, same_wish, wanted_anyway
from bot.divert.wording import words_in

WORDS = words_in("en")
A, B = "631056bfb66b4f4ea02ba25f04830cb4", "9b28fbe50ded4060b8149a47e55dba82"
BY = ToPerson("U0ALICE", "C0OPS", "https://hooks.slack.com/commands/1")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def typed(text: str, key: str = "command:1.2.3") -> Draft:
    wish = read_command(f"divert {text}")
    assert isinstance(wish, Divert), wish
    return drafted(wish, BY, wish.project or "demo", WORDS, key)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"routing {A} {B}", f"routing {B},{A}"),
        (f"routing {A}", f"routing {A} `{A}` reason:why"),
        ("routing server:a,b name:x*", "routing name:“x*” server:b server:a"),
        ("direct tag:env=a,b status:running", "direct status:2 tag:env=b tag:env=a"),
        (f"direct {A} -tag:x", f"direct -tag:x project:demo {A}"),
    ],
)
def test_spelling_order_and_reason_make_no_other_wish(first: str, second: str) -> None:
    assert same_wish(typed(first)) == same_wish(typed(second))


@pytest.mark.parametrize(
    "other",
    [
        f"direct {A} server:a",
        f"routing {B} server:a",
        f"routing {A}",
        f"routing {A} {B} server:a",
        f"routing {A} server:A",
        f"routing {A} server:a,b",
        f"routing {A} -server:a",
        f"routing {A} name:a",
        f"routing {A} server:a status:3",
        f"routing {A} server:a project:other",
    ],
)
def test_another_route_selection_id_or_project_is_another_wish(other: str) -> None:
    assert same_wish(typed(other)) != same_wish(typed(f"routing {A} server:a"))


def test_another_person_file_or_column_is_another_wish() -> None:
    draft = typed(f"routing {A}")
    others = (
        replace(draft, requester="U0BOB"),
        replace(draft, file_id="F1"),
        replace(draft, column="device"),
    )
    assert len({same_wish(one) for one in (draft, *others)}) == 4


def test_where_and_by_which_door_is_no_other_wish() -> None:
    draft = typed(f"routing {A}")
    elsewhere = replace(draft, key="form:V1", channel="C0DEV", reply_url="")
    assert same_wish(elsewhere) == same_wish(draft)


def recorded(*, first: bool, seconds: float | None = None) -> Recorded:
    request = Request("D-7K3M", typed(f"routing {A}"), State.PENDING, 1, NOW)
    if seconds is None:
        return Recorded(request, first)
    again = typed(f"routing {A}", "command:4.5.6")
    return Recorded(request, first, Repeat(again, "D-7K3M", NOW + timedelta(seconds=seconds)))


def test_who_asks_hears_of_the_request_or_that_it_came_already() -> None:
    assert answer(recorded(first=True), WORDS).sentences == (WORDS.heard("D-7K3M"),)
    assert answer(recorded(first=False), WORDS).sentences == (WORDS.heard_before("D-7K3M"),)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-0.2, "1"), (0.1, "1"), (1.4, "1"), (1.6, "2"), (9.9, "10")]
)
def test_who_is_asked_back_hears_how_long_ago_and_gets_a_button(seconds: float, shown: str) -> None:
    told = answer(recorded(first=True, seconds=seconds), WORDS)
    (sentence,), (button,) = told.sentences, told.buttons
    assert sentence.values == {"seconds": shown, "request": Code("D-7K3M")}
    assert (button.action, button.repeat) == ("ask_anyway", "command:4.5.6")
    assert told == answer(recorded(first=False, seconds=seconds), WORDS)


def test_what_is_wanted_anyway_is_the_second_draft_answered_where_it_was_pressed() -> None:
    repeat = recorded(first=True, seconds=1).repeat
    assert repeat is not None
    wanted = wanted_anyway(repeat, ToPerson("U0ALICE", "C0DEV", "https://hooks.slack.com/2"))
    assert wanted == replace(
        repeat.draft,
        key="anyway:command:4.5.6",
        channel="C0DEV",
        reply_url="https://hooks.slack.com/2",
    )
    assert wanted_anyway(repeat, ToPerson("U0ALICE")).channel == "C0OPS"
