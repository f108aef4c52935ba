"""What the form shows is what is read back from it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.divert.phones import Route
from bot.divert.selection import STATUSES
from bot.divert.wording import words_in
from bot.slack import form
from bot.slack.deny_form import REASON, deny_errors, deny_form, parse_deny
from bot.slack.form import STATUS_WORDS, FormInput, FormPlace
from sandbox.slack.form import filled, initial_values
from sandbox.slack.views import check_view

WORDS = words_in("en")
PLACE = FormPlace("C0OPS", "D-7K3M", "demo")
FILLED = FormInput(
    Route.ROUTING,
    "631056bfb66b4f4ea02ba25f04830cb4\n",
    (),
    "tests",
    "demo",
    ("edge-07", "edge-*"),
    ("env=staging", "shelf"),
    ("running", "reset-failed"),
    'name:"a b" -server:edge-03',
)


def values_of(view: dict[str, Any], **typed: object) -> dict[str, Any]:
    """The state Slack sends for this view once a person has typed these."""
    values = dict(initial_values(view["blocks"]))
    for block in view["blocks"]:
        if block.get("block_id") in typed:
            element = block["element"]
            state = filled(element, typed[block["block_id"]])
            values[block["block_id"]] = {element["action_id"]: state}
    return values


def checked(view: dict[str, Any]) -> None:
    check_view(view, "modal")
    View(**view).to_dict()  # the SDK's own validators
    assert len(view["private_metadata"]) < 3_000


@pytest.mark.parametrize("projects", [[], ["demo"], ["demo", "other"], ["p"] * 200])
@pytest.mark.parametrize("asked", [FormInput(), FILLED])
def test_slack_takes_the_form(asked: FormInput, projects: list[str]) -> None:
    checked(form.build(asked, WORDS, PLACE, projects))


def test_slack_takes_the_form_with_more_chosen_than_it_lets_a_menu_begin_with() -> None:
    many = tuple(f"edge-{number}" for number in range(150))
    checked(form.build(FormInput(servers=many), WORDS, PLACE))


def test_slack_takes_the_form_of_a_denial() -> None:
    checked(deny_form("D-7K3M", "0a1b2c3d", WORDS))


def test_an_empty_form_reads_as_nothing() -> None:
    assert form.parse(values_of(form.build(FormInput(), WORDS, PLACE))) == FormInput()


def test_a_filled_form_is_read() -> None:
    view = form.build(FormInput(), WORDS, PLACE, ["demo", "other"])
    typed = values_of(
        view, route="direct", ids="a b", file=[{"id": "F1"}], reason=" why ", project="other",
        status=["stopped", "frozen"], terms=" name:x ",
    )  # fmt: skip
    assert form.parse(typed) == FormInput(
        Route.DIRECT, "a b", ("F1",), "why", "other", statuses=("stopped", "frozen"), terms="name:x"
    )


def test_what_is_filled_in_is_read_again() -> None:
    view = form.build(FILLED, WORDS, PLACE, ["other", "demo"])
    assert form.parse(values_of(view)) == FILLED


def test_of_several_projects_the_one_remembered_is_chosen_at_first() -> None:
    view = form.build(FormInput(), WORDS, PLACE, ["other", "demo"])
    assert form.parse(values_of(view)).project == "demo"


def test_a_project_that_no_longer_exists_is_left_to_choose() -> None:
    view = form.build(FILLED, WORDS, PLACE, ["other", "third"])
    assert form.parse(values_of(view)).project == ""


def test_a_project_too_long_for_an_option_is_left_out() -> None:
    view = form.build(FormInput(), WORDS, PLACE, ["x" * 76, "demo", "other"])
    checked(view)
    project = next(block for block in view["blocks"] if block.get("block_id") == "project")
    assert [one["value"] for one in project["element"]["options"]] == ["demo", "other"]


def test_every_status_can_be_chosen_the_likely_ones_first() -> None:
    assert sorted(STATUS_WORDS) == sorted(STATUSES)
    assert STATUS_WORDS[:2] == ("running", "stopped")


def test_what_did_not_fit_stands_in_the_form() -> None:
    view = form.build(FILLED, WORDS, FormPlace(notes=("Only <some> fit.",)))
    checked(view)
    notes = next(block for block in view["blocks"] if block["type"] == "context")
    assert notes["elements"][0]["text"] == "Only <some> fit."
    assert notes["elements"][0]["type"] == "plain_text"


@given(st.text(max_size=50), st.lists(st.text(max_size=50), max_size=2))
def test_the_form_remembers_where_it_came_from(name: str, notes: list[str]) -> None:
    place = FormPlace("C0OPS", "D-7K3M", name, tuple(notes))
    view = form.build(FormInput(), WORDS, place)
    assert form.read_place(view["private_metadata"]) == place


@settings(deadline=None)
@given(st.text() | st.from_regex(r"[\[{].*") | st.just(json.dumps({"channel": 5, "notes": 7})))
def test_a_memory_that_cannot_be_read_is_none(text: str) -> None:
    assert isinstance(form.read_place(text), FormPlace)
    assert form.read_place('{"channel": 5, "notes": 7}') == FormPlace()


def test_a_denial_carries_its_request_plan_and_reason() -> None:
    view = deny_form("D-7K3M", "0a1b2c3d", WORDS)
    state = {"values": values_of(view, reason="too many")}
    assert parse_deny({**view, "state": state}) == ("D-7K3M", "0a1b2c3d", "too many")
    assert deny_errors("too many", WORDS) == {}


def test_a_denial_without_a_reason_says_so() -> None:
    assert set(deny_errors("", WORDS)) == {REASON}
