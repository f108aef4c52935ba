"""The fields of forms, and what a person put into them: built and read side by side."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from bot.slack.blocks import VIEW_TITLE, Block, text_object
from bot.slack.mrkdwn import units

TEXT_LIMIT: Final = 3_000  # of a text field and of private_metadata
LABEL_LIMIT: Final = 2_000
PLACEHOLDER_LIMIT: Final = 150
OPTION_LIMIT: Final = 75  # of an option's text, and of its value
OPTIONS: Final = 100
_VALUE: Final = "value"  # the action id of a field that is read only when the form is sent


def modal(  # noqa: PLR0913 - what a form is made of
    callback_id: str, *, title: str, submit: str, close: str, memory: str, blocks: Sequence[Block]
) -> Block:
    """A form; `memory` comes back with it, and anybody may have changed it."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": text_object(title, VIEW_TITLE),
        "submit": text_object(submit, VIEW_TITLE),
        "close": text_object(close, VIEW_TITLE),
        "private_metadata": memory,
        "blocks": list(blocks),
    }


def input_block(
    name: str, label: str, element: Block, hint: str = "", *, optional: bool = False
) -> Block:
    """A field under a label; errors name it by `name`."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": text_object(label, LABEL_LIMIT),
        "element": {"action_id": _VALUE, **element},
        "optional": optional,
    }
    return block | ({"hint": text_object(hint, LABEL_LIMIT)} if hint else {})


def text_field(limit: int, text: str = "", *, lines: bool) -> Block:
    field: Block = {"type": "plain_text_input", "multiline": lines, "max_length": limit}
    return field | ({"initial_value": text[:limit]} if text else {})


def file_field(types: Sequence[str]) -> Block:
    return {"type": "file_input", "filetypes": list(types), "max_files": 1}


def option(label: str, value: str) -> Block:
    return {"text": text_object(label, OPTION_LIMIT), "value": value}


def may_be_option(value: str) -> bool:
    """Whether it can be offered whole: a longer one Slack refuses, and half of one is another."""
    return 0 < units(value) <= OPTION_LIMIT


def choice(kind: str, options: list[Block], chosen: str) -> Block:
    """One of these; `kind` is `radio_buttons` or `static_select`."""
    element: Block = {"type": kind, "options": options}
    initial = next((one for one in options if one["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def choices(options: list[Block], chosen: Iterable[str], placeholder: str) -> Block:
    """Any number of these."""
    held = set(chosen)
    initial = [one for one in options if one["value"] in held]
    return _several("multi_static_select", initial, placeholder) | {"options": options}


def tick(label: str, *, ticked: bool) -> Block:
    """One box that is ticked or not."""
    box = option(label, _VALUE)
    return {"type": "checkboxes", "options": [box]} | ({"initial_options": [box]} if ticked else {})


def suggested(name: str, chosen: Iterable[str], placeholder: str) -> Block:
    """Any number of what the bot suggests while somebody types; it is asked under `name`."""
    initial = [option(value, value) for value in chosen]
    element = _several("multi_external_select", initial, placeholder)
    return element | {"action_id": name, "min_query_length": 0}


def _several(kind: str, initial: list[Block], placeholder: str) -> Block:
    element: Block = {"type": kind, "placeholder": text_object(placeholder, PLACEHOLDER_LIMIT)}
    return element | ({"initial_options": initial[:OPTIONS]} if initial else {})


def chosen(values: Mapping[str, Any], name: str) -> str:
    """The value of the one option; empty where nothing is chosen."""
    return str((_field(values, name).get("selected_option") or {}).get("value") or "")


def all_chosen(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    options = _field(values, name).get("selected_options") or ()
    return tuple(str(one["value"]) for one in options)


def is_ticked(values: Mapping[str, Any], name: str) -> bool:
    return bool(all_chosen(values, name))


def typed(values: Mapping[str, Any], name: str) -> str:
    return str(_field(values, name).get("value") or "")


def files(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(file["id"]) for file in _field(values, name).get("files") or ())


def _field(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A block holds one field, whatever its action id."""
    states: Mapping[str, Any] = values.get(name) or {}
    return next(iter(states.values()), None) or {}


def remembered(private_metadata: str) -> dict[str, Any]:
    """What a form remembers; nothing, where that cannot be read."""
    try:
        found = json.loads(private_metadata)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def number_of(memory: Mapping[str, Any], name: str) -> int:
    """Nothing where it is no number of things."""
    value = memory.get(name)
    return value if isinstance(value, int) and value > 0 else 0


def text_of(memory: Mapping[str, Any], name: str) -> str:
    value = memory.get(name)
    return value if isinstance(value, str) else ""
