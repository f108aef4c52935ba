"""What Slack's own client refuses to submit, before the app hears of it."""

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from sandbox.slack.form import STATE_KEYS
from sandbox.slack.shapes import Json

REQUIRED = "Please complete this required field."
FILE_BYTES = 10 * 1024 * 1024


def refused_by_client(blocks: list[Json], values: Json) -> Json:
    """Errors by block_id, as a person sees them under the fields; empty when all may be sent."""
    errors: Json = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            state = values[block["block_id"]][element["action_id"]]
            if error := _refused(block, element, state):
                errors[block["block_id"]] = error
    return errors


def _refused(block: Json, element: Json, state: Json) -> str | None:
    value = state[STATE_KEYS[element["type"]][0]]
    if value in (None, "", []):
        return None if block.get("optional") else REQUIRED
    rule = RULES.get(element["type"])
    return rule(element, value) if rule else None


def _text(element: Json, value: str) -> str | None:
    most, least = element.get("max_length", 3000), element.get("min_length", 0)
    if len(value) > most:
        return f"Must be {most} characters or fewer."
    return f"Must be at least {least} characters." if len(value) < least else None


def _number(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Must be a number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and float(value) < float(low):
        return f"Must be {low} or more."
    return f"Must be {high} or less." if high is not None and float(value) > float(high) else None


def _email(_element: Json, value: str) -> str | None:
    good = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value)
    return None if good else "Must be a valid email address."


def _url(_element: Json, value: str) -> str | None:
    return None if re.match(r"https?://\S+$", value) else "Must be a valid URL."


def _files(element: Json, value: list[Json]) -> str | None:
    if len(value) > element.get("max_files", 10):
        return f"At most {element.get('max_files', 10)} files."
    allowed = element.get("filetypes")
    for file in value:
        if file["size"] > FILE_BYTES:
            return "Files must be 10 MB or smaller."
        extension = PurePath(file["name"]).suffix.lstrip(".").lower()
        if allowed and extension not in allowed:
            return f"Only {', '.join(allowed)} files."
    return None


def _chosen(element: Json, value: list[object]) -> str | None:
    most = element.get("max_selected_items")
    return f"At most {most} items." if most and len(value) > most else None


# What the value is follows from the element's type.
RULES: dict[str, Callable[[Json, Any], str | None]] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
    "file_input": _files,
    "multi_static_select": _chosen,
    "multi_external_select": _chosen,
    "multi_users_select": _chosen,
    "multi_channels_select": _chosen,
    "multi_conversations_select": _chosen,
}
