"""A form's state: what each kind of input holds, before and after a person filled it."""

from sandbox.slack.naming import elements_of
from sandbox.slack.shapes import Json

# Element type -> (the key its state has, the property that fills it at first).
STATE_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
LISTS = {key for key, _ in STATE_KEYS.values() if key.endswith("s")}


class BadAct(Exception):
    """A person cannot do this: no such field, option, button, view or message."""


def initial_values(blocks: list[Json], before: Json | None = None) -> Json:
    """`state.values` of these blocks; a field that was there in `before` keeps what it held."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in STATE_KEYS:
                held = _held(before or {}, block, element)
                values.setdefault(block["block_id"], {})[element["action_id"]] = held
    return values


def _held(before: Json, block: Json, element: Json) -> Json:
    kept: Json | None = before.get(block["block_id"], {}).get(element["action_id"])
    if kept is not None and kept["type"] == element["type"]:
        return kept
    key, first = STATE_KEYS[element["type"]]
    empty: object = [] if key in LISTS else None
    return {"type": element["type"], key: element.get(first, empty)}


def given_values(blocks: list[Json]) -> Json:
    """`state.values` with those fields only that the app filled, as it filled them."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            key, first = STATE_KEYS.get(element["type"], ("", ""))
            if first in element:
                held = {"type": element["type"], key: element[first]}
                values.setdefault(block["block_id"], {})[element["action_id"]] = held
    return values


def filled(element: Json, value: object, offered: list[Json] | None = None) -> Json:
    """The state of `element` once a person chose or typed `value`.

    `value` is text, an option's value (as text, as the option itself or `{"option": …}`), or a
    list of these; files come as file objects. `offered` are the options that the app suggested.
    """
    key, _ = STATE_KEYS[element["type"]]
    if isinstance(value, dict) and "option" in value:
        value = value["option"]
    if key in LISTS and not isinstance(value, list):
        value = [value]
    if key.startswith("selected_option"):
        value = _options(element, value, [*options_of(element), *(offered or [])])
    return {"type": element["type"], key: value}


def options_of(element: Json) -> list[Json]:
    """All a person can choose in it, and what an external select has chosen from the start."""
    first = element.get("initial_option")
    initial = list(element.get("initial_options") or []) + ([first] if first else [])
    return flat(element) + initial


def flat(part: Json) -> list[Json]:
    """Options of a menu or of an answer, those in groups too."""
    groups = part.get("option_groups") or []
    return list(part.get("options") or []) + [o for g in groups for o in g["options"]]


def _options(element: Json, value: object, known: list[Json]) -> object:
    if isinstance(value, list):
        return [_option(element, one, known) for one in value]
    return None if value is None else _option(element, value, known)


def _option(element: Json, value: object, known: list[Json]) -> Json:
    wanted = value["value"] if isinstance(value, dict) and "value" in value else value
    for option in known:
        if option["value"] == wanted:
            return option
    hint = ": ask for suggestions first" if is_external(element) else ""
    raise BadAct(f"no option {wanted!r} in {element['action_id']}{hint}")


def is_external(element: Json) -> bool:
    return str(element["type"]).endswith("external_select")
