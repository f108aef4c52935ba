"""The one `actions` entry of a click: which element, and what was chosen in it."""

import time

from sandbox.slack.form import STATE_KEYS, BadAct, filled, flat
from sandbox.slack.naming import elements_of
from sandbox.slack.shapes import Json

KEPT = (
    "style",
    "value",
    "text",
    "placeholder",
    "confirm",
    "min_query_length",
    "initial_option",
    "initial_options",
)


def find_element(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """The block and the element a person means.

    Raises:
        BadAct: there is none, or several and no `block_id` to tell which.
    """
    found = [
        (block, element)
        for block in blocks
        for element in elements_of(block)
        if element["action_id"] == action_id and block_id in (None, block["block_id"])
    ]
    if not found:
        raise BadAct(f"nothing here has action_id {action_id!r}")
    if len(found) > 1:
        raise BadAct(f"several elements have action_id {action_id!r}: say which block_id")
    return found[0]


def action_of(block: Json, element: Json, value: object, offered: list[Json] | None = None) -> Json:
    """The entry for a button as it is, or for a menu with the choice of `value`."""
    action: Json = {"type": element["type"], "action_id": element["action_id"]}
    action |= {"block_id": block["block_id"], "action_ts": f"{time.time():.6f}"}
    action |= {key: element[key] for key in KEPT if key in element}
    if element["type"] == "overflow":
        return action | {"selected_option": _overflow_option(element, value)}
    if element["type"] in STATE_KEYS:
        action |= filled(element, value, offered)
    return action


def _overflow_option(element: Json, value: object) -> Json:
    for option in flat(element):
        if option["value"] == value:
            return option
    raise BadAct(f"no option {value!r} in {element['action_id']}")
