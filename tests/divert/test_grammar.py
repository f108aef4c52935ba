import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.divert.grammar import (
    Divert,
    Drift,
    Help,
    Misread,
    OpenForm,
    Phones,
    Plan,
    Status,
    Whoami,
    corrected,
    read_command,
    write_command,
)
from bot.divert.phones import Reading, Route
from bot.divert.request import Draft
from bot.divert.selection import Key, Selection, Term, read_selection, written_value

A = "631056bfb66b4f4ea02ba25f04830cb4"
B = "9b28fbe50ded4060b8149a47e55dba82"
EDGE = Term(Key.SERVER, ("edge-07",))

ids = st.lists(st.text(string.ascii_letters + string.digits, min_size=16, max_size=64), unique=True)
names = st.text(st.characters(exclude_characters="<"), min_size=1)
selecting = st.lists(
    st.tuples(
        st.sampled_from([Key.SERVER, Key.NAME]),
        names.map(lambda name: written_value(Key.NAME, name)),
        st.booleans(),
    ),
    max_size=3,
).map(read_selection)


def read_divert(text: str) -> Divert:
    command = read_command(text)
    assert isinstance(command, Divert)
    return command


def test_a_route_and_ids_are_a_wish() -> None:
    wish = read_divert(f"divert routing {A} {B}")
    assert wish == Divert(Route.ROUTING, Reading((A, B)))


def test_a_wish_may_be_terms_alone_or_beside_ids() -> None:
    assert read_divert("divert routing server:edge-07").selection == Selection((EDGE,))
    wish = read_divert(f"DIVERT server:edge-07 Routing {A}")
    assert (wish.selection, wish.reading.ids) == (Selection((EDGE,)), (A,))


def test_ids_may_be_narrowed_by_what_is_excluded() -> None:
    wish = read_divert(f"divert direct {A} -server:edge-07")
    assert str(wish.selection) == "-server:edge-07"


def test_the_reason_may_stand_anywhere_in_any_quotes() -> None:
    wish = read_divert(f"divert DIRECT reason:“video ads test” {A}, {B}")
    assert wish.reason == "video ads test"
    assert wish.reading.ids == (A, B)


def test_words_that_are_no_ids_are_listed_back() -> None:
    wish = read_divert("divert routing server:edge-07 runing")
    assert [one.word for one in wish.reading.unreadable] == ["runing"]


def test_a_plan_is_a_wish_that_is_only_looked_at() -> None:
    wish = read_divert(f"divert routing {A} -name:a* reason:why project:beta")
    assert read_command(f"plan routing {A} -name:a* reason:why project:beta") == Plan(wish)


def test_phones_are_those_of_the_terms_or_the_whole_project() -> None:
    assert read_command("phones") == Phones(Reading(), Selection())
    assert read_command("phones project:beta") == Phones(Reading(), Selection(), "beta")
    assert read_command(f"phones {A} server:edge-07") == Phones(Reading((A,)), Selection((EDGE,)))


def test_all_phones_but_some_may_be_looked_at() -> None:
    command = read_command("phones -server:edge-07")
    assert isinstance(command, Phones)
    assert str(command.selection) == "-server:edge-07"


def test_divert_alone_opens_the_form() -> None:
    assert read_command(" divert ") == OpenForm()
    assert read_command("DIVERT") == OpenForm()


@pytest.mark.parametrize("text", ["", "  ", "“”", "help", "Help me"])
def test_help_is_given_when_asked_or_when_nothing_is(text: str) -> None:
    assert read_command(text) == Help()


def test_status_is_of_one_request_or_of_the_latest() -> None:
    assert read_command("status") == Status()
    assert read_command("status D-7K3M") == Status("D-7K3M")
    assert read_command("status `d-7k3m`") == Status("D-7K3M")


def test_whoami_is_of_here_or_of_another_project() -> None:
    assert read_command("whoami") == Whoami()
    assert read_command("WhoAmI project:beta") == Whoami("beta")


def test_drift_is_of_one_request() -> None:
    assert read_command("drift d-7k3m") == Drift("D-7K3M")


@pytest.mark.parametrize(
    ("text", "misread"),
    [
        ("qqq routing x", Misread("verb", "qqq")),
        (A, Misread("verb", A)),
        ("for:2h divert", Misread("verb", "for:2h")),
        (f"divert sideways {A}", Misread("route", "sideways")),
        (f"divert {A}", Misread("route", A)),
        ("divert reason:why", Misread("route")),
        ("plan", Misread("route")),
        ("divert routing", Misread("no_ids")),
        ("divert routing project:beta", Misread("no_ids")),
        ("divert routing one two", Misread("no_ids", "one two")),
        ("divert routing 1 2 3 4 5 6", Misread("no_ids", "1 2 3 4 5")),
        ("phones edge", Misread("no_ids", "edge")),
        (f"divert routing for:2h {A}", Misread("key", "for")),
        (f"divert routing --server:x {A}", Misread("key", "--server")),
        (f"divert routing -project:x {A}", Misread("key", "-project")),
        ("phones reason:why", Misread("no_place", "reason")),
        ("divert routing route:up", Misread("route_term", "up")),
        ("divert routing status:odd", Misread("status", "odd")),
        ("divert routing status:", Misread("empty_term", "status")),
        ("divert routing server:", Misread("empty_term", "server")),
        ("divert routing tag:=x", Misread("empty_term", "tag")),
        (f"divert routing {A} project:", Misread("empty_term", "project")),
        ("divert routing -server:a -name:b", Misread("only_excluded", "-server:a -name:b")),
        ("divert routing -server:a one", Misread("only_excluded", "-server:a")),
        ("status what?", Misread("request_id", "what?")),
        ("status project:beta", Misread("request_id", "project:beta")),
        ("drift", Misread("request_id")),
        ("whoami demo", Misread("no_place", "demo")),
        ("whoami server:x", Misread("no_place", "server")),
        ("whoami project:", Misread("empty_term", "project")),
    ],
)
def test_what_does_not_fit_is_named_and_not_guessed(text: str, misread: Misread) -> None:
    assert read_command(text) == misread


@pytest.mark.parametrize("lost", [A[:13], "6.31E+31"])
def test_terms_are_not_read_alone_where_no_id_beside_them_could_be_read(lost: str) -> None:
    """One phone of a server was meant; without its id the whole server would be."""
    assert read_command(f"divert routing server:edge-07 {lost}") == Misread("no_ids", lost)
    assert read_divert(f"divert routing server:edge-07 {lost} {A}").reading.ids == (A,)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"dvert routing  {A}", f"divert routing  {A}"),
        ("stauts d-7k3m", "status d-7k3m"),
        ("divret", "divert"),
        ("whomai project:beta", "whoami project:beta"),
        (f"routing {A}", f"divert routing {A}"),
        (f"Direct “{A}”", f"divert Direct “{A}”"),
        (f"divert: routing {A}", f"divert routing {A}"),
        (f"divert:routing {A}", f"divert routing {A}"),
        (f"divert ruting {A}", f"divert routing {A}"),
        ("plan dirct sever:edge-07", "plan direct server:edge-07"),
        ("divert routing –SEVER:edge–07 name:*", "divert routing –server:edge–07 name:*"),
        ("phones status:runing,Stoped", "phones status:running,stopped"),
        ("phones name:runing status:runing", "phones name:runing status:running"),
        ("phones status:frozen status:runing", "phones status:frozen status:running"),
        ("phones route: drect", "phones route: direct"),
    ],
)
def test_only_what_was_mistyped_is_put_right(text: str, meant: str) -> None:
    command = read_command(text)
    assert isinstance(command, Misread)
    assert command.suggestion == meant
    assert not isinstance(read_command(meant), Misread)


@pytest.mark.parametrize(
    "text",
    [
        "dvert routing",
        "dvert sideways server:edge-07",
        "dvert ruting sever:a nmae:b",
        "status: what?",
        "qqq: D-7K3M",
    ],
)
def test_nothing_is_suggested_that_would_not_be_read(text: str) -> None:
    command = read_command(text)
    assert isinstance(command, Misread)
    assert command.suggestion == ""


def test_a_draft_is_written_as_it_would_be_typed() -> None:
    selection = read_selection([("server", "edge-07", False), ("name", '"a b"', True)])
    assert isinstance(selection, Selection)
    draft = Draft(
        "k", "U", "beta", Route.ROUTING, ids=(A, B), selection=selection, reason='say "why"'
    )
    assert write_command(draft) == (
        f'divert routing server:edge-07 -name:"a b" {A} {B} reason:"say ""why""" project:beta'
    )


@given(ids, selecting, names, names, st.sampled_from(Route))
def test_a_draft_that_is_written_is_read_again(
    given_ids: list[str], selection: Selection, reason: str, project: str, route: Route
) -> None:
    assume(given_ids or selection.included)
    draft = Draft("k", "U", project, route, ids=tuple(given_ids), selection=selection)
    wish = Divert(route, Reading(draft.ids), project=project, selection=selection)
    assert read_command(write_command(draft)) == wish
    told = Draft("k", "U", project, route, ids=draft.ids, selection=selection, reason=reason)
    assert read_divert(write_command(told)).reason == reason.strip()


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("phones server:edge-07,x", "phones server:egde-7,x"),
        ("plan direct -server:edge-07 server:edge-07", "plan direct -server:edge-07 server:egde-7"),
        (f"divert direct “edge-07” SERVER: `edge-07` {A}", None),
        ("phones server:edge-071,edge-07", "phones server:edge-071,egde-7"),
        ("phones name:edge-07", "phones name:edge-07"),
    ],
)
def test_one_value_of_a_command_is_put_right_where_it_stands(text: str, better: str | None) -> None:
    expected = better or f"divert direct “edge-07” SERVER: egde-7 {A}"
    assert corrected(text, EDGE, "edge-07", "egde-7") == expected


def test_a_tag_is_put_right_where_its_key_was_not_said_again() -> None:
    term = Term(Key.TAG, ("env=a", "env=stagging"))
    command = corrected("phones tag:env=a,stagging", term, "env=stagging", "env=to be")
    assert command == 'phones tag:env=a,env="to be"'


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    for verb in ("", "divert ", "divert routing ", "plan ", "phones ", "drift ", "status "):
        read_command(verb + text)
    assert corrected(text, EDGE, "edge-07", "egde-7") == text
