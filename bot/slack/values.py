"""What buttons carry, written and read side by side; no kind of value reads as another kind.

Slack hands a value back as it was given, yet who presses may have changed it: it is worth no more
than what that person could have typed.
"""

import re
from typing import Final

from bot.divert.request import read_request_id
from bot.divert.sentence import Button

COMMAND: Final = "/cph"
VALUE_LIMIT: Final = 2_000  # of Slack
_REPEAT: Final = "anyway"
_PLAN: Final = re.compile(r"[0-9a-f]{0,64}")


def value_of(button: Button) -> str:
    """The value a button gets; empty where it carries nothing."""
    if button.command:
        return write_command_value(button.command)
    if button.repeat:
        return write_repeat(button.repeat)
    if button.column:
        return write_column(button.request_id, button.column)
    return write_value(button.request_id, button.plan) if button.request_id else ""


def write_value(request_id: str, plan: str) -> str:
    return f"{request_id}:{plan}"


def read_value(value: str) -> tuple[str, str] | None:
    """The request's id and the beginning of its plan's hash, or None where it is neither."""
    request_id, _, plan = value.partition(":")
    if not _is_request(request_id) or not _PLAN.fullmatch(plan):
        return None
    return request_id, plan


def write_column(request_id: str, column: str) -> str:
    return f"{request_id}#{column}"


def read_column(value: str) -> tuple[str, str] | None:
    """The request's id and the column of its file, or None where it is neither."""
    request_id, _, column = value.partition("#")
    return (request_id, column) if _is_request(request_id) and column else None


def write_command_value(command: str) -> str:
    return f"{COMMAND} {command}"


def read_command_value(value: str) -> str | None:
    """What is to be read as if it stood behind `/cph`, or None where it is no command."""
    verb, _, command = value.partition(" ")
    return command if verb == COMMAND and command else None


def write_repeat(key: str) -> str:
    return f"{_REPEAT} {key}"


def read_repeat(value: str) -> str | None:
    """The key of the draft that was asked back, or None where it is none."""
    verb, _, key = value.partition(" ")
    return key if verb == _REPEAT and key else None


def _is_request(word: str) -> bool:
    return read_request_id(word) == word
