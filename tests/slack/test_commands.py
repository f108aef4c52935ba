"""A command that a button runs is the command its presser might have typed there."""

from typing import Any

import pytest

from bot.divert.grammar import Misread
from bot.divert.sentence import ToPerson
from bot.divert.wording import words_in
from bot.slack.cards import button_rows
from bot.slack.commands import Line, misread, pressed_line, typed_line

WORDS = words_in("en")
COMMAND = {
    "text": "divert routing server:edge-07",
    "user_id": "U0ALICE",
    "channel_id": "C0OPS",
    "trigger_id": "1.2.3",
    "response_url": "https://hooks.slack.com/commands/1",
}


def press(value: str | None = "/cph status", ts: str = "5.5", **other: object) -> Line | None:
    action = {"action_id": "run", "action_ts": ts} | ({} if value is None else {"value": value})
    body: dict[str, Any] = {
        "actions": [action],
        "user": {"id": "U0ALICE"},
        "channel": {"id": "C0OPS"},
        "container": {"message_ts": "1.1"},
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.slack.com/actions/1",
    }
    return pressed_line(body | other)


def pressed(value: str = "/cph status", ts: str = "5.5", **other: object) -> Line:
    line = press(value, ts, **other)
    assert line is not None
    return line


def test_a_command_is_who_typed_what_where() -> None:
    line = typed_line(COMMAND)
    assert line.text == "divert routing server:edge-07"
    assert line.by == ToPerson("U0ALICE", "C0OPS", "https://hooks.slack.com/commands/1")
    assert line.key == line.once


def test_a_press_is_who_pressed_whatever_the_button_says() -> None:
    line = pressed("/cph divert direct name:* requester:U0BOB")
    assert line.text == "divert direct name:* requester:U0BOB"
    assert line.by == ToPerson("U0ALICE", "C0OPS", "https://hooks.slack.com/actions/1")
    assert line.trigger_id == "1.2.3"


def test_a_second_delivery_is_the_same_and_a_second_press_asks_for_the_same() -> None:
    assert pressed() == pressed()
    first, second = pressed(ts="5.5"), pressed(ts="5.6")
    assert first.once == second.once
    assert first.key != second.key


@pytest.mark.parametrize(
    "other",
    [
        {"user": {"id": "U0BOB"}},
        {"channel": {"id": "C0DEV"}},
        {"container": {"message_ts": "1.2"}},
        {"value": "/cph status D-7K3M"},
    ],
)
def test_another_person_place_message_or_command_is_another_wish(other: dict[str, Any]) -> None:
    assert pressed(**other).once != pressed().once


@pytest.mark.parametrize("value", [None, "", "D-7K3M:0a1b", "D-7K3M#device", "status", "/cph"])
def test_a_value_that_is_no_command_runs_nothing(value: str | None) -> None:
    assert press(value) is None


def test_half_a_character_makes_a_key_all_the_same() -> None:
    assert pressed("/cph \ud83d").once


def test_what_was_meant_is_offered_to_be_run() -> None:
    answer = misread(Misread("verb", "dvert", "divert routing name:x"), WORDS)
    assert answer.sentences == (
        WORDS.misread("verb", "dvert"),
        WORDS.did_you_mean("divert routing name:x"),
    )
    (row,) = button_rows(answer.buttons)
    (button,) = row["elements"]
    assert (button["action_id"], button["value"]) == ("run", "/cph divert routing name:x")


def test_a_suggestion_too_long_for_a_button_is_only_said() -> None:
    answer = misread(Misread("verb", "dvert", "divert routing " + "x" * 1_990), WORDS)
    assert len(answer.sentences) == 2
    assert button_rows(answer.buttons) == []


def test_where_nothing_near_is_known_nothing_is_offered() -> None:
    answer = misread(Misread("verb", "qqq"), WORDS)
    assert (answer.sentences, answer.buttons) == ((WORDS.misread("verb", "qqq"),), ())
