"""A share as it is written is the share of phones by phones, to the last bit."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.policy_file import read_share


@given(st.integers(0, 10_000))
def test_so_many_phones_of_ten_thousand_are_no_more_than_their_own_share(phones: int) -> None:
    assert read_share(f"{Decimal(phones) / 100}%") == phones / 10_000
