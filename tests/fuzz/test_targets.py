"""What fuzzing looks for, looked for a little in every run; longer, and guided: make fuzz."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import seeds, words
from tests.fuzz.targets import TARGETS

EXAMPLES = 150
SEEDS = seeds()
EVERY = pytest.mark.parametrize("name", TARGETS)
AWKWARD = [
    *"'\"`<>|&\\=:,; -\n\t\0[]{}＝’\u202e\u200b", "%00", "\\u0000", "\\ud800", "9" * 400, "-1",
    "1e999", "null", "true", "[]", "{}",
]  # fmt: skip


def near(name: str) -> st.SearchStrategy[bytes]:
    """Words as they come, in any order, with what is awkward between them."""
    pieces = [*words(SEEDS[name]), *(one.encode() for one in AWKWARD)]
    return st.lists(st.sampled_from(pieces), max_size=25).map(b"".join)


@st.composite
def changed(draw: st.DrawFn, name: str) -> bytes:
    """A seed with something else in one place."""
    seed = draw(st.sampled_from(SEEDS[name]))
    start = draw(st.integers(0, len(seed)))
    end = draw(st.integers(start, min(len(seed), start + 40)))
    put = draw(st.sampled_from([one.encode() for one in AWKWARD]) | st.binary(max_size=6))
    return seed[:start] + put + seed[end:]


@EVERY
def test_what_really_comes_is_taken(name: str) -> None:
    for seed in SEEDS[name]:
        TARGETS[name](seed)


@EVERY
@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_whatever_is_put_together_of_it_is_taken_or_refused(name: str, data: st.DataObject) -> None:
    TARGETS[name](data.draw(near(name) | changed(name) | st.binary() | st.text().map(str.encode)))
