"""Parts of payloads, in the fewest words: a section, a button, a field, a form."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "section", **({"text": mrkdwn("x")} | fields)}


def button(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "button", "text": plain("Go"), "action_id": "go", **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def option(value: str, text: str = "One") -> Json:
    return {"text": plain(text), "value": value}


def options(count: int) -> list[Json]:
    return [option(str(i)) for i in range(count)]


def select(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    found = {"type": "static_select", "action_id": "pick", **fields}
    return found if "option_groups" in found else {"options": options(2), **found}


def asks(element: Json, **fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "input", "label": plain("Label"), "element": element, **fields}


def typed(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "plain_text_input", "action_id": "text", **fields}


def file_input(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "file_input", "action_id": "file", **fields}


def image(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a", **fields}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def rich_section(text: str = "x", **fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text, **fields}]}


def table(rows: int, columns: int = 1, text: str = "x") -> Json:
    row = [{"type": "raw_text", "text": text}] * columns
    return {"type": "table", "rows": [row] * rows}


def data_table(count: int, **fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    row = [{"type": "raw_text", "text": "x"}]
    return {"type": "data_table", "caption": "Jobs", "rows": [row] * count, **fields}


def confirm(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    texts = {"title": plain("Sure?"), "text": mrkdwn("*Really?*")}
    return texts | {"confirm": plain("Yes"), "deny": plain("No"), **fields}


def task(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "task_card", "task_id": "t", "title": "T", "status": "pending", **fields}


def modal(*blocks: Json, **fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    view = {"type": "modal", "title": plain("Title"), "submit": plain("Send")}
    return view | {"blocks": list(blocks) or [section()], **fields}


DIVIDER: Json = {"type": "divider"}
