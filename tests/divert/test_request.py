import string
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.request import (
    CLOSED,
    ID_LETTERS,
    MOVES,
    OPEN,
    Event,
    NoSuchMove,
    State,
    after,
    read_request_id,
)


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_an_event_moves_a_request_only_where_the_table_says_so(state: State, event: Event) -> None:
    if (state, event) in MOVES:
        assert after(state, event) is MOVES[state, event]
    else:
        with pytest.raises(NoSuchMove) as refused:
            after(state, event)
        assert refused.value.state is state
        assert refused.value.event is event


def test_a_closed_request_moves_no_more() -> None:
    assert {
        State.DONE, State.REFUSED, State.DENIED, State.EXPIRED, State.WITHDRAWN, State.CANCELLED,
    } == CLOSED  # fmt: skip
    assert not any(state in CLOSED for state, _ in MOVES)


def test_every_state_can_be_reached_and_every_open_one_can_end() -> None:
    reached = {State.PLANNING} | set(MOVES.values())
    assert reached == set(State)
    ending = set(CLOSED)
    while more := {state for (state, _), end in MOVES.items() if end in ending} - ending:
        ending |= more
    assert ending >= OPEN


@given(st.text(ID_LETTERS, min_size=4, max_size=8))
def test_a_request_id_is_read_as_people_type_it(letters: str) -> None:
    expected = f"D-{letters}"
    typed = letters.lower().replace("0", "o").replace("1", "l")
    assert read_request_id(expected) == expected
    assert read_request_id(f"d-{typed}") == expected
    assert read_request_id(letters) == expected


@given(st.text(string.printable, max_size=12))
def test_anything_else_is_no_request_id(text: str) -> None:
    read = read_request_id(text)
    assert read is None or set(read[2:]) <= set(ID_LETTERS)


def test_a_word_of_the_wrong_length_is_no_request_id() -> None:
    assert read_request_id("D-7K3") is None
    assert read_request_id("D-7K3M7K3M7") is None
