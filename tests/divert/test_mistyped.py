from hypothesis import given
from hypothesis import strategies as st

from bot.divert.mistyped import nearest

SERVERS = ["edge-01", "edge-02", "Render-1", "gateway"]


def test_swapped_letters_mean_the_name_they_are_in() -> None:
    assert nearest("egde-02", SERVERS) == "edge-02"


def test_capitals_do_not_matter_for_what_was_meant() -> None:
    assert nearest("render-1", SERVERS) == "Render-1"


def test_what_is_like_nothing_means_nothing() -> None:
    assert nearest("quux", SERVERS) == ""


@given(st.text(max_size=30), st.lists(st.text(max_size=30)))
def test_what_is_offered_is_always_known(word: str, known: list[str]) -> None:
    found = nearest(word, known)
    assert found == "" or found in known
