"""Numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.typed_number import read_number
from bot.divert.wording import words_in


@pytest.mark.parametrize(
    "text",
    [
        "1234567", "1,234,567", "1.234.567", "1 234 567", "1'234'567", "1’234’567", "1_234_567",
        "1\u00a0234\u00a0567", "1\u202f234\u202f567", "１２３４５６７", "１，２３４，５６７",
        "12,34,567",
        "123,4567", "١٢٣٤٥٦٧", "١٬٢٣٤٬٥٦٧", " 1234567\n", "*1,234,567*", "`1234567`", "01234567",
    ],
)  # fmt: skip
def test_digits_may_be_grouped_as_people_group_them(text: str) -> None:
    assert read_number(text) == 1_234_567


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "all", "1,234 phones", "1,23", "1.5", "12,34", "1,234.567", "1,,234", ",123",
        "1,234,", "-1234", "1e3", "1/2", "½", "²", "0x10", "1 2 3", "1234,567", "1,2345,678",
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


@given(
    st.integers(0, 10**9), st.sampled_from(["en", "de", "fr", "hi", "de_CH", "fa", "zh_Hans_CN"])
)
def test_a_number_is_read_as_the_bot_writes_it(number: int, language: str) -> None:
    assert read_number(words_in(language).number(number)) == number


@given(st.text("0123456789 ,.'’", max_size=12))
def test_whatever_is_read_has_the_digits_that_were_typed(text: str) -> None:
    number = read_number(text)
    digits = "".join(character for character in text if character.isdigit())
    assert number is None or str(number) == digits.lstrip("0") or (number == 0 and digits)
