"""What the form shows is what is read back from it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.divert.phones import Route
from bot.divert.request import Draft
from bot.divert.wording import words_in
from bot.slack import form
from bot.slack.form import FormInput, FormPlace
from sandbox.slack.form import filled, initial_values
from sandbox.slack.views import check_view

WORDS = words_in("en")
PLACE = FormPlace("C0OPS", "D-7K3M")
IDS = tuple(f"{number:032x}" for number in range(5))


def draft(**parts: Any) -> Draft:  # noqa: ANN401 - any of a draft's fields
    return Draft("key", "U0ALICE", "demo", Route.ROUTING, **parts)


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
    assert len(view["private_metadata"]) < 200


@pytest.mark.parametrize("projects", [[], ["demo"], ["demo", "other"], ["p"] * 200])
@pytest.mark.parametrize("asked", [None, draft(ids=IDS, reason="tests")])
def test_slack_takes_the_form(asked: Draft | None, projects: list[str]) -> None:
    checked(form.build(asked, WORDS, PLACE, projects))


def test_slack_takes_the_form_of_a_denial() -> None:
    checked(form.deny_form("D-7K3M", "0a1b2c3d", WORDS))


def test_an_empty_form_reads_as_nothing_and_says_what_is_missing() -> None:
    read = form.parse(values_of(form.build(None, WORDS, PLACE)))
    assert read == FormInput()
    assert set(form.errors(read, WORDS)) == {form.ROUTE, form.IDS}


def test_a_filled_form_is_read() -> None:
    view = form.build(None, WORDS, PLACE, ["demo", "other"])
    typed = values_of(
        view, route="direct", ids="a b", file=[{"id": "F1"}], reason=" why ", project="other"
    )
    assert form.parse(typed) == FormInput(Route.DIRECT, "a b", ("F1",), "why", "other")
    assert form.errors(form.parse(typed), WORDS) == {}


def test_a_file_alone_is_enough_and_blank_text_is_not() -> None:
    assert form.errors(FormInput(Route.DIRECT, "", ("F1",)), WORDS) == {}
    assert set(form.errors(FormInput(Route.DIRECT, " \n "), WORDS)) == {form.IDS}


def test_a_form_filled_from_a_draft_reads_as_the_draft() -> None:
    asked = draft(ids=IDS, reason="tests")
    read = form.parse(values_of(form.build(asked, WORDS, PLACE, ["other", "demo"])))
    assert read == FormInput(Route.ROUTING, "".join(f"{i}\n" for i in IDS), (), "tests", "demo")


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(16, 64))
def test_only_whole_ids_are_filled_in(count: int, length: int) -> None:
    ids = tuple(f"{number:0{length}x}" for number in range(count))
    text = form.parse(values_of(form.build(draft(ids=ids), WORDS, PLACE))).text
    assert len(text) <= form.TEXT_LIMIT
    assert ids[: len(text.split())] == tuple(text.split())
    assert len(text.split()) == min(count, form.TEXT_LIMIT // (length + 1))


def test_a_project_that_no_longer_exists_is_left_to_choose() -> None:
    view = form.build(draft(), WORDS, PLACE, ["other", "third"])
    assert form.parse(values_of(view)).project == ""


def test_the_form_remembers_where_it_came_from() -> None:
    view = form.build(None, WORDS, PLACE)
    assert form.read_place(view["private_metadata"]) == PLACE


@settings(deadline=None)
@given(st.text() | st.from_regex(r"[\[{].*") | st.just(json.dumps({"channel": 5})))
def test_a_memory_that_cannot_be_read_is_none(text: str) -> None:
    assert isinstance(form.read_place(text), FormPlace)
    assert form.read_place('{"channel": 5}') == FormPlace()


def test_a_denial_carries_its_request_plan_and_reason() -> None:
    view = form.deny_form("D-7K3M", "0a1b2c3d", WORDS)
    state = {"values": values_of(view, reason="too many")}
    assert form.parse_deny({**view, "state": state}) == ("D-7K3M", "0a1b2c3d", "too many")
    assert form.deny_errors("too many", WORDS) == {}


def test_a_denial_without_a_reason_says_so() -> None:
    assert set(form.deny_errors("", WORDS)) == {form.REASON}
