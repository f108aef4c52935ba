"""An operator types in a hurry; nothing is guessed of what is to stop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.command import Misread, Pause, Resume, Verb
from bot.divert.grammar import read_command
from bot.divert.operator_grammar import write_order


@pytest.mark.parametrize(
    ("text", "project", "reason"),
    [
        ("", None, ""),
        (" demo", "demo", ""),
        (" project:demo", "demo", ""),
        (' reason:"phones burn"', None, "phones burn"),
        (" reason:phones burn", None, "phones burn"),
        (" reason:phones burn project:demo", "demo", "phones burn"),
        (" demo reason:phones burn", "demo", "phones burn"),
        (' reason:"phones burn" demo', "demo", "phones burn"),
        (" reason:“phones burn”", None, "phones burn"),
        (" *", "*", ""),
    ],
)
def test_the_project_and_the_reason_may_be_left_out(
    text: str, project: str | None, reason: str
) -> None:
    assert read_command(f"pause{text}") == Pause(project, reason)
    assert read_command(f"RESUME{text}") == Resume(project, reason)


@pytest.mark.parametrize(
    ("text", "misread"),
    [
        ("pause this now", Misread("no_place", "now")),
        ("pause demo project:beta", Misread("no_place", "demo")),
        ("pause reason:x project:demo beta", Misread("no_place", "beta")),
        ("pause server:edge-07", Misread("no_place", "server")),
        ("pause -project:demo", Misread("key", "-project")),
        ("pause project:", Misread("empty_term", "project")),
        ("pause reasn:fire", Misread("key", "reasn", "pause reason:fire")),
        ("puase demo", Misread("verb", "puase", "pause demo")),
        ("resum", Misread("verb", "resum", "resume")),
    ],
)
def test_what_is_not_understood_stops_nothing(text: str, misread: Misread) -> None:
    assert read_command(text) == misread


@given(
    st.sampled_from([Verb.PAUSE, Verb.RESUME]),
    st.text(st.characters(categories=["L", "N"]), min_size=1),
    st.text(st.characters(exclude_characters="<", exclude_categories=["Z", "C"])),
)
def test_an_order_that_is_written_is_read_as_it_was(verb: Verb, project: str, reason: str) -> None:
    kind = Pause if verb is Verb.PAUSE else Resume
    assert read_command(write_order(verb, project, reason)) == kind(project, reason)
