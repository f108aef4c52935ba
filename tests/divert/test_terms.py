"""Terms as phones and Slack hand them over, and what goes on behind a space."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.grammar import Divert, Misread, Phones, read_command
from bot.divert.selection import Key
from bot.divert.terms import TypedTerm, Word, scan

A = "631056bfb66b4f4ea02ba25f04830cb4"
B = "9b28fbe50ded4060b8149a47e55dba82"
PIECES = [*Key, "reason", "project", "divert", "phones", "routing", "direct", "edge-07", "a=b", A]
MARKS = [*":-–—,;\"'“”`<>| \n\u200b=*", "<http://a.example.com|a.example.com>", "server:", "-tag:"]
commands = st.lists(st.sampled_from([*PIECES, *MARKS]), max_size=14).map("".join)


def read_divert(text: str) -> Divert:
    command = read_command(f"divert routing {text}")
    assert isinstance(command, Divert)
    return command


def terms(text: str) -> str:
    return str(read_divert(text).selection)


def unreadable(text: str) -> list[str]:
    return [one.word for one in read_divert(text).reading.unreadable]


@pytest.mark.parametrize(
    "typed",
    [
        "server:edge-07",
        "SERVER:edge-07",
        "server：edge–07",
        "server:“edge-07”",
        "server:`edge-07`",
        "`server:edge-07`",
        "“server:edge-07”",
        "\u200bserver:edge-07",
        "server:<http://edge-07|edge-07>",
        "server: edge-07",
        'server: "edge-07"',
        "server:edge-07,",
        "server:edge-07, server:edge-07",
    ],
)
def test_a_term_is_read_as_it_was_meant(typed: str) -> None:
    assert terms(typed) == "server:edge-07"


@pytest.mark.parametrize("dash", "-‐‑‒–—―−﹣－")
def test_a_dash_of_any_length_before_a_key_excludes(dash: str) -> None:
    assert terms(f"name:a* {dash}server:edge-07") == "name:a* -server:edge-07"


@pytest.mark.parametrize(
    "typed",
    [
        "server:edge-07,edge-08",
        "server:edge-07, edge-08",
        "server: edge-07 ,edge-08",
        "server:edge-07; edge-08,",
        'server:"edge-07", “edge-08”',
        "server:edge-07 server:edge-08",
    ],
)
def test_a_list_goes_on_behind_a_comma(typed: str) -> None:
    assert terms(typed) == "server:edge-07,edge-08"


def test_a_comma_may_stand_between_terms() -> None:
    assert terms("server:edge-07,-status:frozen,name:a*") == "server:edge-07 -status:frozen name:a*"
    assert read_divert(f"{A},server:edge-07").reading.ids == (A,)


def test_a_word_behind_a_whole_value_is_none_of_it() -> None:
    assert terms("server:edge-07 edge-08") == "server:edge-07"
    assert unreadable("server:edge-07 edge-08") == ["edge-08"]


def test_an_id_is_never_taken_for_a_value() -> None:
    wish = read_divert(f"server:edge-07, {A}, {B} project:beta,{A} reason:x,{B}")
    assert str(wish.selection) == "server:edge-07"
    assert wish.reading.ids == (A, B)
    assert (wish.project, wish.reason) == ("beta", "x")
    assert read_command(f"divert routing server: {A}") == Misread("empty_term", "server")


def test_a_route_is_never_taken_for_a_server() -> None:
    wish = read_command("divert server:edge-07, routing")
    assert isinstance(wish, Divert)
    assert str(wish.selection) == "server:edge-07"
    assert terms("name:a* route: direct, routing") == "name:a* route:direct,routing"


def test_a_link_with_more_than_a_word_in_it_is_no_value() -> None:
    command = read_command(f"divert routing server: <tel:1|edge-07 {A}>")
    assert command == Misread("empty_term", "server")


def test_a_server_may_be_named_by_its_id() -> None:
    assert terms(f"server:{A},{B}") == f"server:{A},{B}"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ('reason:"video ads, test"', "video ads, test"),
        ("reason: “video ads test”", "video ads test"),
        ("reason:'don't ask'", "don't ask"),
        ("reason:video ads, again", "video ads, again"),
        ("reason: it's a test project:beta", "it's a test"),
        ("reason:test", "test"),
        ("reason:", ""),
        ("reason:see <https://a.example.com|a.example.com>", "see a.example.com"),
        ("reason:one reason:two", "two"),
    ],
)
def test_a_reason_is_kept_as_it_was_typed(typed: str, reason: str) -> None:
    assert read_divert(f"{A} {typed}").reason == reason


def test_words_that_may_be_ids_are_not_taken_for_a_reason() -> None:
    wish = read_divert(f"reason:test {A} {B}")
    assert (wish.reason, wish.reading.ids) == ("test", (A, B))
    assert unreadable(f"{A} reason:test {B[:13]}") == [B[:13]]
    assert read_divert(f"{A} reason: {B[:13]}").reason == ""


def test_words_behind_a_reason_in_quotes_are_none_of_it() -> None:
    assert unreadable(f'{A} reason:"video ads" test') == ["test"]


def test_a_route_behind_the_reason_is_the_route() -> None:
    command = read_command("divert reason:test routing server:edge-07")
    assert isinstance(command, Divert)
    assert command.reason == "test"


def test_a_project_is_named_by_one_word_or_in_quotes() -> None:
    assert read_divert(f"{A} project:beta").project == "beta"
    assert read_divert(f"{A} project: beta").project == "beta"
    assert read_divert(f"{A} project:“beta two”").project == "beta two"


def test_the_last_project_named_is_the_one() -> None:
    assert read_divert(f"{A} project:beta project:gamma").project == "gamma"


@given(commands)
def test_no_word_of_a_text_is_read_twice(text: str) -> None:
    """But where a link's label has several words, which have one place."""
    ends = 0
    for part in scan(text):
        same_link = isinstance(part, Word) and not part.alone and part.end == ends
        assert part.start >= ends or same_link
        ends = part.end
        if isinstance(part, TypedTerm):
            assert text[part.value_start : part.end] == part.value


@given(commands)
def test_whatever_is_typed_is_read(text: str) -> None:
    read_command(text)
    read_command(f"divert routing {text}")
    phones = read_command(f"phones {text}")
    assert isinstance(phones, Phones | Misread)
