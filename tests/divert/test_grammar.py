import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.grammar import Divert, Help, Misread, OpenForm, Status, read_command
from bot.divert.phones import Route

A = "631056bfb66b4f4ea02ba25f04830cb4"
B = "9b28fbe50ded4060b8149a47e55dba82"


def read_divert(text: str) -> Divert:
    command = read_command(text)
    assert isinstance(command, Divert)
    return command


def test_a_route_and_ids_are_a_wish() -> None:
    wish = read_divert(f"divert routing {A} {B}")
    assert wish.route is Route.ROUTING
    assert wish.reading.ids == (A, B)
    assert wish.reason == ""
    assert wish.project is None


def test_the_reason_may_stand_anywhere_in_any_quotes() -> None:
    wish = read_divert(f"divert DIRECT reason:“video ads test” {A}, {B}")
    assert wish.reason == "video ads test"
    assert wish.reading.ids == (A, B)
    assert read_divert(f'divert direct {A} reason:"x y"').reason == "x y"
    assert read_divert(f"divert direct {A} reason:test").reason == "test"


def test_a_project_is_chosen_by_name() -> None:
    assert read_divert(f"divert direct project:beta {A}").project == "beta"


def test_divert_alone_opens_the_form() -> None:
    assert read_command(" divert ") == OpenForm()
    assert read_command("DIVERT") == OpenForm()


@pytest.mark.parametrize("text", ["", "  ", "help", "Help me"])
def test_help_is_given_when_asked_or_when_nothing_is(text: str) -> None:
    assert read_command(text) == Help()


def test_status_is_of_one_request_or_of_the_latest() -> None:
    assert read_command("status") == Status()
    assert read_command("status D-7K3M") == Status("D-7K3M")
    assert read_command("status `d-7k3m`") == Status("D-7K3M")


@pytest.mark.parametrize(
    ("text", "misread"),
    [
        ("dvert routing x", Misread("verb", "dvert")),
        (f"divert sideways {A}", Misread("route", "sideways")),
        (f"divert {A}", Misread("route", A)),
        ("divert reason:why", Misread("route", "")),
        ("divert routing", Misread("no_ids", "")),
        ("divert routing one two", Misread("no_ids", "one two")),
        (f"divert routing server:edge-07 {A}", Misread("key", "server")),
        ("status what?", Misread("request_id", "what?")),
    ],
)
def test_what_does_not_fit_is_named_and_not_guessed(text: str, misread: Misread) -> None:
    assert read_command(text) == misread


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    read_command(text)
    read_command(f"divert {text}")
    read_command(f"status {text}")
