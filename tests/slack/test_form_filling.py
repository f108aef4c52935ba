"""The form filled in from a request: what it shows, what it keeps, and what it says of that."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.phones import Route
from bot.divert.request import Draft, Request, State
from bot.divert.selection import Key, Selection, Term
from bot.divert.wording import words_in
from bot.slack.fields import TEXT_LIMIT
from bot.slack.form import FormInput, FormPlace, build, parse, read_place
from bot.slack.form_filling import Source, filled, place_of
from tests.slack.test_form import checked, values_of

WORDS = words_in("en")
IDS = tuple(f"{number:032x}" for number in range(300))


def source(
    *ids: str,
    has: int | None = None,
    state: State = State.PENDING,
    instead: bool = False,
    **parts: object,
) -> Source:
    """A request as the ledger has it, with so many ids in all."""
    draft = Draft("key", "U0ALICE", "demo", Route.ROUTING, ids=ids, **parts)  # type: ignore[arg-type]
    asked = Request("D-7K3M", draft, state, 1, datetime(2026, 1, 1, tzinfo=UTC))
    return Source(asked, len(ids) if has is None else has, instead)


def notes(asked: Source) -> tuple[str, ...]:
    return place_of(asked, FormPlace(), WORDS).notes


def test_a_form_filled_from_a_request_shows_it() -> None:
    asked = source(*IDS[:2], reason="tests", selection=Selection((Term(Key.NAME, ("x",)),)))
    assert filled(asked) == FormInput(
        Route.ROUTING, f"{IDS[0]}\n{IDS[1]}\n", (), "tests", "demo", terms="name:x"
    )


@given(st.integers(0, 300), st.integers(16, 64))
def test_all_ids_are_shown_or_all_are_kept(count: int, length: int) -> None:
    ids = tuple(f"{number:0{length}x}" for number in range(count))
    form, place = filled(source(*ids)), place_of(source(*ids), FormPlace(), WORDS)
    if count * (length + 1) <= TEXT_LIMIT:
        assert (tuple(form.text.split()), form.keep, place.ids) == (ids, False, 0)
    else:
        assert (form.text, form.keep, place.ids) == ("", True, count)


def test_the_ids_of_a_file_are_kept_with_those_that_were_typed_beside_it() -> None:
    asked = source(*IDS[:2], has=150, file_id="F1")
    assert (filled(asked).text, filled(asked).keep) == ("", True)
    assert place_of(asked, FormPlace(), WORDS).ids == 150


def test_what_is_kept_stands_in_the_form_as_a_box_that_is_ticked() -> None:
    asked = source(has=5000, file_id="F1")
    place = place_of(asked, FormPlace("C0OPS"), WORDS)
    view = build(filled(asked), WORDS, place)
    checked(view)
    box = next(one for one in view["blocks"] if one.get("block_id") == "kept")
    assert box["label"]["text"] == "Phone ids of D-7K3M"
    assert box["element"]["options"][0]["text"]["text"] == "Keep all 5,000 ids"
    assert parse(values_of(view)).keep
    assert not parse(values_of(view, kept=[])).keep
    assert read_place(view["private_metadata"]) == place


def test_where_nothing_is_kept_there_is_no_box() -> None:
    view = build(filled(source(*IDS[:2])), WORDS, place_of(source(*IDS[:2]), FormPlace(), WORDS))
    assert "kept" not in [one.get("block_id") for one in view["blocks"]]


def test_a_file_nobody_could_read_is_to_be_given_again() -> None:
    assert notes(source(*IDS[:2], file_id="F1")) == (WORDS.form_file_again(),)
    assert filled(source(*IDS[:2], file_id="F1")).text.split() == list(IDS[:2])
    assert notes(source(has=3, file_id="F1")) == ()


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.PENDING, WORDS.form_replaces("D-7K3M")),
        (State.PLANNING, WORDS.form_replaces("D-7K3M")),
        (State.DENIED, WORDS.form_asks_again("D-7K3M")),
        (State.EXPIRED, WORDS.form_asks_again("D-7K3M")),
    ],
)
def test_the_form_says_whose_place_the_request_takes(state: State, told: str) -> None:
    assert notes(source(*IDS[:2], state=state, instead=True)) == (told,)
    assert notes(source(*IDS[:2], state=state)) == ()
