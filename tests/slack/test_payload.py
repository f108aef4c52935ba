"""What came in is read in one way only, and has the shape that listeners rely on."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.payload import _NAMES, Malformed, checked, read_body
from sandbox.slack import payloads
from sandbox.slack.http_delivery import FORM, encode
from sandbox.slack.open_views import OpenView
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace
from tests.foundations.tree import sources

JSON = "application/json"
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=3,
)
VALUES = {
    "route": {"value": {"type": "radio_buttons", "selected_option": {"value": "routing"}}},
    "ids": {"value": {"type": "plain_text_input", "value": None}},
    "file": {"value": {"type": "file_input", "files": [{"id": "F0A"}]}},
    "servers": {"servers": {"type": "multi_external_select", "selected_options": []}},
}
WORKSPACE = Workspace.demo()
ALICE = WORKSPACE.users["U0ALICE"]
FORM_SHOWN = OpenView(
    id="V0A",
    user="U0ALICE",
    view={"type": "modal", "callback_id": "divert", "private_metadata": "{}", "blocks": []},
)


def click(**more: object) -> Json:
    """A click on a button of a message, as Slack sends it."""
    action = {"type": "button", "action_id": "approve", "action_ts": "1.2", "value": "D-7K3M:0a"}
    return {
        **payloads._interaction(WORKSPACE, ALICE, "block_actions"),
        "trigger_id": "1.2.3",
        "container": {"type": "message", "message_ts": "1.1"},
        "channel": {"id": "C0OPS", "name": "ops"},
        "response_url": "http://127.0.0.1/x",
        "actions": [action],
        **more,
    }


def submission(**more: object) -> Json:
    sent = payloads.view_submission(WORKSPACE, ALICE, FORM_SHOWN)
    view = sent["view"] | {"state": {"values": VALUES}}
    return sent | {"view": view} | more


def command() -> Json:
    room = WORKSPACE.rooms["C0OPS"]
    return payloads.slash_command(WORKSPACE, ALICE, room, "/cph", "divert routing")


def suggestion() -> Json:
    where = {"action_id": "servers", "block_id": "servers"}
    return payloads.block_suggestion(WORKSPACE, ALICE, where, "ed")


GENUINE = [command, click, submission, suggestion]


@pytest.mark.parametrize("made", GENUINE)
def test_what_slack_sends_passes_with_all_that_listeners_read(made: Any) -> None:  # noqa: ANN401 - a function
    payload = made()
    body = checked(payload)
    assert body
    assert all(payload[name] == value for name, value in body.items())
    assert body.keys() >= payload.keys() & {"user", "team", "actions", "view", "trigger_id", "text"}


@pytest.mark.parametrize("kind", ["slash_commands", "interactive"])
def test_a_body_is_read_back_as_it_was_written(kind: str) -> None:
    payload = command() if kind == "slash_commands" else click()
    body, content_type = encode(kind, payload)
    assert read_body(body, content_type) == payload


@pytest.mark.parametrize("made", GENUINE)
@settings(deadline=None)
@given(data=st.data(), junk=ANYTHING)
def test_whatever_stands_in_a_place_the_answer_is_the_body_or_that_it_is_malformed(
    made: Any,  # noqa: ANN401 - a function
    data: st.DataObject,
    junk: object,
) -> None:
    payload = json.loads(json.dumps(made()))
    place: Any = payload
    while True:
        name = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else [0]))
        if not isinstance(place[name], dict | list) or not place[name] or data.draw(st.booleans()):
            break
        place = place[name]
    place[name] = junk
    try:
        body = checked(payload)
    except Malformed:
        return
    assert body.items() <= payload.items() or "\ufffd" in str(body)


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        ([], "payload"),
        (None, "payload"),
        ("text", "payload"),
        ({}, "kind"),
        ({"type": "message_deleted"}, "kind"),
        ({"type": ["block_actions"]}, "kind"),
        (click(user=None), "user"),
        (click(user="U0ALICE"), "user"),
        (click(user={"id": ["U0ALICE"]}), "user"),
        (click(user={"id": ""}), "user"),
        (click(user={"id": "U" * 256}), "user"),
        (click(team=["T0SANDBOX"]), "team"),
        (click(actions=[]), "actions"),
        (click(actions={}), "actions"),
        (click(actions=[{"action_id": "approve", "action_ts": 7}]), "actions"),
        (click(trigger_id=None), "trigger_id"),
        (click(channel="C0OPS"), "channel"),
        (click(container=7), "container"),
        (click(response_url=["http://127.0.0.1/"]), "response_url"),
        (click(view={"id": "V0A"}), "type, view"),
        (submission(view=None), "view"),
        (command() | {"user_id": 7}, "user_id"),
        (command() | {"channel_id": None}, "channel_id"),
    ],
)
def test_what_is_wrong_is_named_by_our_own_words(payload: object, where: str) -> None:
    with pytest.raises(Malformed) as malformed:
        checked(payload)
    assert str(malformed.value) == where


def test_a_word_of_somebody_else_is_not_told() -> None:
    values = {"<!channel> xoxb-": {"value": {"value": ["secret"]}}}
    with pytest.raises(Malformed) as malformed:
        checked(submission(view=submission()["view"] | {"state": {"values": values}}))
    assert "xoxb" not in str(malformed.value)
    assert "secret" not in str(malformed.value)


def test_what_no_listener_reads_does_not_come_in() -> None:
    assert click().keys() - checked(click(event=7, authorizations=7, message=7)).keys() == {
        "api_app_id", "enterprise", "is_enterprise_install", "token",
    }  # fmt: skip


def test_whatever_a_listener_reads_of_a_payload_comes_in() -> None:
    reading = re.compile(r"""(?:body|command)(?:\["|\.get\(")(\w+)"|"(\w+)" (?:not )?in body\b""")
    code = {name: text for name, text in sources("bot").items() if name.startswith("bot/slack/")}
    del code["bot/slack/failures.py"]  # there the body is that of an answer of Slack's
    read = {a or b for text in code.values() for a, b in reading.findall(text)}
    assert {"actions", "user", "view", "trigger_id", "text"} <= read
    assert read - {"type"} <= _NAMES


def test_what_no_database_keeps_is_taken_out() -> None:
    text = checked(command() | {"text": "a\0b\ud800c\ue000"})["text"]
    assert text == "a\ufffdb\ufffdc\ue000"


def test_slack_may_look_at_the_certificate_and_at_the_address() -> None:
    assert checked({"ssl_check": "1", "token": "x"}) == {"ssl_check": "1"}
    asked = {"type": "url_verification", "challenge": "abc"}
    assert checked(asked | {"token": "x"}) == asked


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    "text",
    [
        "{broken",
        "",
        nested(100_000),
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '{"type": NaN}',
        '{"type": Infinity}',
        '{"type": ' + "9" * 10_000 + "}",
        '{"type": "block_actions", "type": "url_verification"}',
        '{"user": {"id": "U0A", "id": "U0B"}}',
    ],
    ids=["broken", "empty", "deep list", "deep object", "nan", "infinity", "digits", "twice", "in"],
)
def test_json_that_is_none_or_may_be_read_in_two_ways_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read_body(text.encode(), JSON)
    with pytest.raises(Malformed):
        read_body(urlencode({"payload": text}).encode(), FORM)


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"command=%2Fcph&command=%2Fother", b"&".join(b"a%d=" % n for n in range(101))],
    ids=["not utf-8", "twice", "many"],
)
def test_a_form_that_is_none_or_may_be_read_in_two_ways_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_body(body, FORM)


def test_depth_that_json_takes_and_we_do_not_is_malformed() -> None:
    """The parser's limit and ours need not be the same."""
    deep: list[object] = []
    for _ in range(10_000):
        deep = [deep]
    with pytest.raises(Malformed, match="depth"):
        checked(click(actions=deep))


@settings(deadline=None)
@given(st.binary() | st.text().map(str.encode), st.sampled_from([JSON, FORM]))
def test_any_bytes_are_read_or_malformed(body: bytes, content_type: str) -> None:
    try:
        checked(read_body(body, content_type))
    except Malformed:
        return
    pytest.fail("random bytes are no payload")
