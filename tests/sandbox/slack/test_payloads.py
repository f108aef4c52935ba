"""What Slack takes is taken, what it refuses is refused, for the reason and at the place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack.blocks import block_problems, text_length
from sandbox.slack.message_payload import check_message
from sandbox.slack.refusal import Refused
from sandbox.slack.views import check_view, view_problems
from tests.sandbox.slack.bad_messages import BAD_MESSAGES
from tests.sandbox.slack.good_messages import GOOD_MESSAGES
from tests.sandbox.slack.payload_parts import DIVIDER, Json, modal, mrkdwn, section
from tests.sandbox.slack.view_table import BAD_VIEWS, GOOD_VIEWS


@pytest.mark.parametrize("name", GOOD_MESSAGES)
def test_a_good_message_is_taken(name: str) -> None:
    assert block_problems(GOOD_MESSAGES[name], "message") == []


@pytest.mark.parametrize("name", GOOD_MESSAGES)
def test_a_good_message_fits_the_sum_of_all_blocks(name: str) -> None:
    check_message({"text": "fallback", "blocks": GOOD_MESSAGES[name]}, 4000)


@pytest.mark.parametrize("name", BAD_MESSAGES)
def test_a_bad_message_is_refused(name: str) -> None:
    blocks, reason = BAD_MESSAGES[name]
    with pytest.raises(Refused, match="invalid_blocks") as refusal:
        check_message({"text": "fallback", "blocks": blocks}, 4000)
    assert any(reason in problem for problem in refusal.value.details["errors"])


@pytest.mark.parametrize("name", GOOD_VIEWS)
def test_a_good_view_is_taken(name: str) -> None:
    assert view_problems(GOOD_VIEWS[name], None) == []


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_a_bad_view_is_refused(name: str) -> None:
    view, reason = BAD_VIEWS[name]
    with pytest.raises(Refused, match="invalid_arguments") as refusal:
        check_view(view, None)
    assert any(reason in m for m in refusal.value.details["response_metadata"]["messages"])


def test_the_table_is_long_enough_both_ways() -> None:
    assert len(GOOD_MESSAGES) + len(GOOD_VIEWS) >= 60
    assert len(BAD_MESSAGES) + len(BAD_VIEWS) >= 60


def test_the_place_of_a_problem_is_a_json_pointer() -> None:
    [problem] = block_problems([DIVIDER, section(text=mrkdwn("x" * 3001))], "message")
    assert problem == "must be less than 3001 characters [json-pointer:/blocks/1/text]"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "  "}, "no_text"),
        ({"blocks": []}, "no_text"),
        ({"text": "x" * 4001}, "msg_too_long"),
        ({"blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"blocks": [section(text=mrkdwn("x" * 2999))] * 5}, "msg_blocks_too_long"),
        ({"attachments": "x"}, "invalid_attachments"),
        ({"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"attachments": [{"blocks": [DIVIDER] * 21}]}, "invalid_attachments"),
        ({"attachments": [{"blocks": [{"type": "no"}]}]}, "invalid_attachments"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": 7}, "invalid_arguments"),
        ({"markdown_text": "x", "text": "x"}, "markdown_text_conflict"),
        ({"markdown_text": "x", "blocks": [DIVIDER]}, "markdown_text_conflict"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
    ],
)
def test_a_message_as_a_whole_is_refused_by_name(content: Json, error: str) -> None:
    with pytest.raises(Refused, match=f"^{error}$"):
        check_message(content, 4000)


def test_a_message_of_4000_characters_is_taken() -> None:
    check_message({"text": "x" * 4000}, 4000)
    check_message({"markdown_text": "x" * 12_000}, 4000)


def test_a_view_over_250_kb_is_too_large() -> None:
    blocks = [section(text=mrkdwn("x" * 2900)) for _ in range(90)]
    assert len(json.dumps(modal(*blocks))) > 250 * 1024
    with pytest.raises(Refused, match="view_too_large"):
        check_view(modal(*blocks), "modal")


def test_a_home_tab_is_no_form() -> None:
    with pytest.raises(Refused, match="invalid_arguments"):
        check_view({"type": "home", "blocks": []}, "modal")


@given(st.integers(min_value=1, max_value=6000))
def test_a_section_is_taken_exactly_up_to_3000_characters(length: int) -> None:
    problems = block_problems([section(text=mrkdwn("x" * length))], "message")
    assert (problems == []) == (length <= 3000)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.lists(JSON, max_size=4))
def test_no_payload_breaks_the_judge(blocks: list[object]) -> None:
    assert all("[json-pointer:/blocks" in p for p in block_problems(blocks, "message"))
    text_length(blocks)


@given(st.dictionaries(st.sampled_from(["type", "title", "blocks", "submit"]), JSON))
def test_no_view_breaks_the_judge(view: Json) -> None:
    assert view_problems(view | {"type": "modal"}, "modal")
