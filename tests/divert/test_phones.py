import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.phones import PHONE_ID, Place, Unreadable, read_text, was_an_id

A = "631056bfb66b4f4ea02ba25f04830cb4"
B = "9b28fbe50ded4060b8149a47e55dba82"
ids = st.text(string.ascii_letters + string.digits + "-", min_size=16, max_size=64)


def test_ids_are_read_whatever_separates_them() -> None:
    assert read_text(f"{A},{B}").ids == (A, B)
    assert read_text(f"{A};\n\t{B}\n").ids == (A, B)
    assert read_text(f"{A}，{B}、").ids == (A, B)


def test_quotes_backticks_and_autolinks_around_an_id_are_what_keyboards_add() -> None:
    assert read_text(f"“{A}” `{B}`").ids == (A, B)
    assert read_text(f"<tel:{A}|{A}> '{B}'").ids == (A, B)


def test_a_dash_that_a_phone_lengthened_is_a_dash() -> None:
    dashed = "1e223c8e-3ad0-4bf0-a837-bc90d4f91d01"
    assert read_text(dashed.replace("-", "–")).ids == (dashed,)
    assert read_text(dashed.replace("-", "—")).ids == (dashed,)


def test_an_id_of_31_characters_is_one() -> None:
    assert read_text(A[:31]).ids == (A[:31],)


def test_ids_are_compared_exactly() -> None:
    assert read_text(f"{A} {A.upper()}").ids == (A, A.upper())


def test_what_is_given_again_is_dropped_and_counted() -> None:
    reading = read_text(f"{A} {B} {A} {A}")
    assert reading.ids == (A, B)
    assert reading.repeated == 2


def test_unreadable_words_are_listed_with_their_place() -> None:
    reading = read_text(f"{A} what? {B} {'x' * 65}")
    assert reading.ids == (A, B)
    assert reading.unreadable == (
        Unreadable(2, "what?", Place.WORD),
        Unreadable(4, "x" * 65, Place.WORD),
    )


@pytest.mark.parametrize("word", [A[:13], f"{A[:8]}…", f"{A}{B}x", "6.31E+31", "1e223c8e-3ad0"])
def test_an_id_that_was_cut_or_made_a_number_is_known_for_one(word: str) -> None:
    assert was_an_id(word)


@pytest.mark.parametrize("word", ["running", "edge-07", "mobile-0001", "deadbeef", "x" * 65, ""])
def test_other_words_were_none(word: str) -> None:
    assert not was_an_id(word)


@given(st.lists(ids), st.sampled_from([" ", ",", "\n", "; ", "\t"]))
def test_every_distinct_id_is_read_once_and_the_rest_is_counted(
    given_ids: list[str], gap: str
) -> None:
    reading = read_text(gap.join(given_ids))
    assert list(reading.ids) == list(dict.fromkeys(given_ids))
    assert len(reading.ids) + reading.repeated == len(given_ids)
    assert reading.unreadable == ()


@given(st.text())
def test_any_text_is_read_without_guessing(text: str) -> None:
    reading = read_text(text)
    assert all(PHONE_ID.fullmatch(one) for one in reading.ids)
    assert not any(PHONE_ID.fullmatch(one.word) for one in reading.unreadable)
