"""What keyboards and Slack do to a text is undone; what stands in quotes is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.typed import items, literal, quoted, words, written

unlinked = st.text(st.characters(exclude_characters="<"))


def values(text: str) -> list[str]:
    return [item.value for item in items(text)]


@pytest.mark.parametrize("gap", [",", ";", "，", "；", "、", " , ", ",,"])
def test_values_are_parted_by_every_kind_of_comma(gap: str) -> None:
    assert values(f" a{gap}b ") == ["a", "b"]


@pytest.mark.parametrize(
    "typed",
    [
        '"a b"',
        "“a b”",
        "„a b“",
        "«a b»",
        "'a b'",
        "‘a b’",
        "`a b`",
        "a b",
        "a b`",
    ],
)
def test_quotes_around_a_value_are_none_of_it(typed: str) -> None:
    assert values(typed) == ["a b"]


def test_in_quotes_a_comma_belongs_to_the_value() -> None:
    assert values('"a, b",c') == ["a, b", "c"]
    assert values("'don't, please', c") == ["don't, please", "c"]


def test_a_quote_written_twice_in_quotes_is_one() -> None:
    assert values('"5"" wide"') == ['5" wide']
    assert values("“say ““hi”””") == ["say “hi”"]


def test_quotes_may_stand_behind_an_equals_sign() -> None:
    assert values('team="video, ads",env=a=b,=') == ["team=video, ads", "env=a=b", "="]


def test_a_dash_that_a_phone_lengthened_is_one_unless_it_stands_in_quotes() -> None:
    assert values("edge–07,“edge–07”") == ["edge-07", "edge–07"]


def test_unseen_marks_are_dropped() -> None:
    assert values("edge\u200b-07\ufeff") == ["edge-07"]


def test_a_link_that_slack_made_is_what_was_typed() -> None:
    assert values("<http://edge-07.example.com|edge-07.example.com>") == ["edge-07.example.com"]
    assert values('"<http://a.example.com|a.example.com> b"') == ["a.example.com b"]
    assert literal("see <https://example.com/a?b=c>") == "see https://example.com/a?b=c"


def test_an_empty_value_is_none() -> None:
    assert values("") == values(" ,, ") == values('""') == []


def test_a_value_is_found_where_it_stands() -> None:
    text = ' edge-07 , "edge 08"'
    assert [text[item.start : item.end] for item in items(text)] == ["edge-07", '"edge 08"']


def test_a_literal_keeps_what_was_typed() -> None:
    assert literal("“video – ads, again”") == "video – ads, again"
    assert literal("it's – a test,") == "it's – a test"


def test_words_are_parted_and_cleaned() -> None:
    assert words("“a”,`b`；<tel:c|c>d—e") == ["a", "b", "c", "d-e"]


@given(unlinked.filter(bool))
def test_a_value_is_read_as_it_is_written(value: str) -> None:
    assert values(written(value)) == [value]
    assert values(quoted(value)) == [value]


@given(st.lists(unlinked.filter(bool)))
def test_many_values_are_read_as_they_are_written(given_values: list[str]) -> None:
    assert values(",".join(map(written, given_values))) == given_values


@given(unlinked)
def test_a_literal_is_read_as_it_is_written(text: str) -> None:
    assert literal(quoted(text)) == text.strip()


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = items(text)
    assert all(0 <= item.start < item.end <= len(text) for item in found)
    assert literal(text).strip() == literal(text)
