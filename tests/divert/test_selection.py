import re
from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.grammar import Phones, read_command
from bot.divert.phones import Phone, Route
from bot.divert.selection import (
    STATUSES,
    BadTerm,
    Key,
    Selection,
    Term,
    fits,
    matches,
    read_selection,
    status_number,
    status_word,
    written_value,
)

PHONE = Phone("p", "direct", "s-1", "mobile-0001", STATUSES["running"])

names = st.text(st.characters(exclude_characters="<"), min_size=1)
tags = (st.builds("{}={}".format, names, st.just("") | names) | names).filter(
    lambda tag: not tag.startswith("=")
)
known = {
    Key.SERVER: names,
    Key.NAME: names,
    Key.TAG: tags,
    Key.ROUTE: st.sampled_from(list(Route)).map(str),
    Key.STATUS: st.sampled_from(list(STATUSES)) | st.integers(-9999, 9999).map(str),
}
typed = st.sampled_from(list(Key)).flatmap(
    lambda key: st.tuples(
        st.just(key), known[key].map(lambda value: written_value(key, value)), st.booleans()
    )
)


def read(*terms: tuple[str, str, bool]) -> Selection:
    selection = read_selection(terms)
    assert isinstance(selection, Selection)
    return selection


def is_meant(*terms: tuple[str, str, bool], phone: Phone = PHONE) -> bool:
    selection = read(*terms)
    homes = {term: frozenset(term.values) for term in selection.of(Key.SERVER, Key.TAG)}
    return fits(phone, selection, homes)


def test_terms_of_one_key_are_one_term_in_the_order_they_were_given() -> None:
    selection = read(("server", "b", False), ("name", "x", False), ("server", "a,b", False))
    assert selection.terms == (Term(Key.SERVER, ("b", "a")), Term(Key.NAME, ("x",)))


def test_each_tag_key_is_a_key_of_its_own() -> None:
    selection = read(("tag", "env=staging,test,team=ads", False), ("tag", "gpu", False))
    assert selection.terms == (
        Term(Key.TAG, ("env=staging", "env=test")),
        Term(Key.TAG, ("team=ads",)),
        Term(Key.TAG, ("gpu",)),
    )


def test_a_tag_key_alone_means_any_value_and_stays_apart_from_the_values_beside_it() -> None:
    selection = read(("tag", "env=staging", False), ("tag", "env", False))
    assert selection.terms == (Term(Key.TAG, ("env", "env=staging")),)
    assert str(selection) == "tag:env,env=staging"


def test_what_excludes_is_kept_apart_from_what_includes() -> None:
    selection = read(("server", "a", False), ("server", "b", True))
    assert selection.included == (Term(Key.SERVER, ("a",)),)
    assert str(selection) == "server:a -server:b"


def test_routes_and_status_words_are_read_whatever_their_case() -> None:
    selection = read(("route", "Direct", False), ("status", "RUNNING,-7", False))
    assert str(selection) == "route:direct status:running,-7"


def test_odd_names_are_quoted_when_they_are_written() -> None:
    selection = read(("name", '"a b",c', False), ("tag", 'team="video, ads",env=', False))
    assert str(selection) == 'name:"a b",c tag:team="video, ads" tag:env='


def test_a_selection_of_nothing_is_false() -> None:
    assert not Selection()
    assert read(("name", "*", False))


@pytest.mark.parametrize(
    ("key", "text", "word"),
    [
        ("route", "sideways", "sideways"),
        ("status", "running,runing", "runing"),
        ("status", "12345", "12345"),
        ("status", "", ""),
        ("server", " ,", ""),
        ("tag", "=staging", "=staging"),
        ("name", '""', ""),
    ],
)
def test_a_value_that_is_none_of_its_key_is_named(key: str, text: str, word: str) -> None:
    assert read_selection([(key, text, False)]) == BadTerm(Key(key), word)


@given(st.lists(typed, max_size=6))
def test_a_selection_is_read_as_it_is_written(terms: list[tuple[Key, str, bool]]) -> None:
    selection = read(*terms)
    command = read_command(f"phones {selection}")
    assert isinstance(command, Phones)
    assert command.selection == selection
    assert not command.reading.unreadable


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("server", "s-1"),
        ("tag", "s-1"),
        ("name", "mobile-*"),
        ("route", "direct"),
        ("status", "running"),
        ("status", "2"),
    ],
)
def test_a_phone_is_meant_by_what_it_is_and_left_out_by_the_same(key: str, text: str) -> None:
    assert is_meant((key, text, False))
    assert not is_meant((key, text, True))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("server", "s-2"),
        ("tag", "s-2"),
        ("name", "MOBILE-*"),
        ("route", "routing"),
        ("status", "stopped,3"),
    ],
)
def test_a_phone_is_not_meant_by_what_it_is_not(key: str, text: str) -> None:
    assert not is_meant((key, text, False))
    assert is_meant((key, text, True))


def test_values_are_alternatives_and_keys_must_all_hold() -> None:
    assert is_meant(("server", "s-2,s-1", False), ("status", "running,stopped", False))
    assert not is_meant(("server", "s-2,s-1", False), ("status", "stopped", False))
    assert not is_meant(("server", "s-1", False), ("name", "*1", True))


def test_everything_is_meant_by_no_term() -> None:
    assert is_meant()


@given(st.text("ab*", max_size=8), st.text("ab\n", max_size=8))
def test_a_star_stands_for_any_characters(pattern: str, text: str) -> None:
    assert matches(pattern, text) is fnmatchcase(text, pattern)


@given(st.text("a.?[]!*", max_size=8), st.text("a.?[]!", max_size=8))
def test_nothing_but_a_star_is_special(pattern: str, text: str) -> None:
    only_stars = re.sub(r"[][?!]", lambda mark: f"[{mark[0]}]" if mark[0] != "!" else "!", pattern)
    assert matches(pattern, text) is fnmatchcase(text, only_stars)


def test_ends_of_a_pattern_do_not_share_a_character() -> None:
    assert not matches("ab*ba", "aba")
    assert matches("ab*ba", "abba")


def test_many_stars_take_no_longer() -> None:
    assert not matches("*a" * 30 + "*b", "a" * 65)


def test_every_status_is_a_word_and_a_number() -> None:
    for word, number in STATUSES.items():
        assert status_word(number) == word
        assert status_number(word.upper()) == status_number(str(number)) == number


def test_a_status_that_nobody_described_stays_a_number() -> None:
    assert status_word(42) == "42"
    assert status_number("42") == 42
    assert status_number("٤") is None


def test_written_values_are_short_where_nothing_is_odd() -> None:
    for key, value in product((Key.SERVER, Key.NAME, Key.TAG), ("edge-07", "云手机", "a*b")):
        assert written_value(key, value) == value
    assert written_value(Key.TAG, "env=a b") == 'env="a b"'
    assert written_value(Key.NAME, "env=a") == '"env=a"'
