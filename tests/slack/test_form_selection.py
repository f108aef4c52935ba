"""A selection shown in the form is the selection that is read from it again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.phones import Route
from bot.divert.selection import STATUSES, Key, Selection, read_selection, written_value
from bot.divert.wording import words_in
from bot.slack.fields import OPTIONS, TEXT_LIMIT
from bot.slack.form import FormInput, FormPlace
from bot.slack.form_filling import filled, place_of
from bot.slack.form_selection import gathered, spread
from tests.slack.test_form_filling import source

WORDS = words_in("en")
IDS = tuple(f"{number:032x}" for number in range(300))

names = st.text("abc-*._ ,\"'手", min_size=1, max_size=80).filter(lambda name: name.strip() == name)
tags = st.builds("{}={}".format, st.text("env_-", min_size=1, max_size=9), names) | st.text(
    "env_-", min_size=1, max_size=9
)
values = {
    Key.SERVER: names,
    Key.TAG: tags,
    Key.NAME: names,
    Key.ROUTE: st.sampled_from(Route).map(str),
    Key.STATUS: st.sampled_from([*STATUSES, "5"]),
}


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Any selection that a command can make."""
    keys = draw(st.lists(st.sampled_from(Key), max_size=8))
    terms = [(key, written_value(key, draw(values[key])), draw(st.booleans())) for key in keys]
    found = read_selection(terms)
    assert isinstance(found, Selection)
    return found


def read_again(selection: Selection) -> Selection | str:
    return gathered(filled(source(selection=selection)), WORDS)


def select(*terms: tuple[str, str] | tuple[str, str, bool]) -> Selection:
    found = read_selection([(key, text, bool(excluded)) for key, text, *excluded in terms])
    assert isinstance(found, Selection)
    return found


@given(selections())
def test_a_selection_comes_back_as_the_same_terms(selection: Selection) -> None:
    again = read_again(selection)
    assert isinstance(again, Selection)
    assert set(again.terms) == set(selection.terms)


def test_each_term_stands_where_a_person_looks_for_it() -> None:
    shown = spread(
        select(
            ("server", "edge-07,edge-*"), ("tag", "env=staging,test"), ("tag", "shelf"),
            ("status", "running,frozen"), ("name", "mobile-*"), ("server", "edge-03", True),
        )
    )  # fmt: skip
    assert shown.servers == ("edge-07", "edge-*")
    assert shown.tags == ("env=staging", "env=test", "shelf")
    assert shown.statuses == ("running", "frozen")
    assert shown.terms == "name:mobile-* -server:edge-03"


def test_a_name_too_long_for_a_menu_is_text() -> None:
    shown = spread(select(("server", "x" * 76)))
    assert (shown.servers, shown.terms) == ((), "server:" + "x" * 76)


def test_more_than_a_menu_can_begin_with_is_text() -> None:
    many = ",".join(f"e{number}" for number in range(OPTIONS + 1))
    assert spread(select(("server", many))).terms == f"server:{many}"


def test_terms_that_do_not_all_fit_are_all_left_out_and_the_form_says_so() -> None:
    selection = select(("server", "edge-07"), ("name", "x" * TEXT_LIMIT, True))
    asked = source(selection=selection)
    assert filled(asked) == FormInput(Route.ROUTING, project="demo")
    assert place_of(asked, FormPlace(), WORDS).notes == (WORDS.form_terms_left_out(),)


def test_terms_typed_and_chosen_are_one_selection() -> None:
    given = FormInput(
        servers=("edge-07",), tags=("env=a, b", "shelf"), terms="server:edge-08 name:x"
    )
    assert gathered(given, WORDS) == select(
        ("server", "edge-07,edge-08"), ("tag", 'env="a, b"'), ("tag", "shelf"), ("name", "x")
    )


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ("sever:edge-07", "Did you mean server:edge-07?"),
        ("name:x status:runing", "Did you mean name:x status:running?"),
        ("status:sleepy", "sleepy"),
        ("colour:red", "colour"),
        ("just words", "I read just words"),
        (IDS[0], "Only terms are read here"),
        ("project:other name:x", "Only terms are read here"),
        ("reason:why", "reason"),
    ],
)
def test_what_is_no_term_is_told_with_what_was_probably_meant(terms: str, told: str) -> None:
    wrong = gathered(FormInput(terms=terms), WORDS)
    assert isinstance(wrong, str)
    assert told in wrong
    assert "/cph" not in wrong
