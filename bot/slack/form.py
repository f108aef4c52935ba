"""The form for phones by text or file, and the form for a denial: built and read side by side."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from bot.divert.phones import Route
from bot.divert.request import Draft
from bot.slack.blocks import VIEW_TITLE, Block, text_object

DIVERT: Final = "divert"  # callback ids
DENY: Final = "deny"
# Block ids; errors name them.
ROUTE: Final = "route"
PROJECT: Final = "project"
IDS: Final = "ids"
FILE: Final = "file"
REASON: Final = "reason"

TEXT_LIMIT: Final = 3_000  # of a text field and of private_metadata
REASON_LIMIT: Final = 500
LABEL_LIMIT: Final = 2_000
OPTION_LIMIT: Final = 75
OPTIONS: Final = 100
FILE_TYPES: Final = ("csv", "txt", "tsv")
_VALUE: Final = "value"  # the action id of every field


class FormWords(Protocol):
    """What the forms say, in the reader's language; plain text, no marks."""

    def form_title(self) -> str: ...  # at most 24 characters, as the next two
    def form_submit(self) -> str: ...
    def form_close(self) -> str: ...
    def form_route(self) -> str: ...
    def form_route_choice(self, route: Route) -> str: ...  # at most 75
    def form_project(self) -> str: ...
    def form_ids(self) -> str: ...
    def form_ids_hint(self) -> str: ...
    def form_file(self) -> str: ...
    def form_file_hint(self) -> str: ...
    def form_reason(self) -> str: ...
    def form_needs_route(self) -> str: ...
    def form_needs_phones(self) -> str: ...
    def deny_title(self) -> str: ...  # at most 24, as the next one
    def deny_submit(self) -> str: ...
    def deny_reason(self) -> str: ...
    def deny_needs_reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class FormPlace:
    """What a form remembers: where it was asked for, and the request it was filled from."""

    channel: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class FormInput:
    """What a person gave. `route` is None and `project` empty where nothing was chosen."""

    route: Route | None = None
    text: str = ""
    file_ids: tuple[str, ...] = ()
    reason: str = ""
    project: str = ""


def build(
    draft: Draft | None, words: FormWords, place: FormPlace, projects: Sequence[str] = ()
) -> Block:
    """The form, filled from a draft where there is one. Of several projects one is chosen."""
    blocks = [_route(draft, words), _ids(draft, words), _file(words), _reason(draft, words)]
    if len(projects) > 1:
        blocks.insert(1, _project(draft, words, projects[:OPTIONS]))
    view = _view(DIVERT, words.form_title(), words, place, blocks)
    return view | {"submit": text_object(words.form_submit(), VIEW_TITLE)}


def parse(values: Mapping[str, Any]) -> FormInput:
    """Read `view["state"]["values"]`."""
    route = _chosen(_field(values, ROUTE))
    files = _field(values, FILE).get("files") or ()
    return FormInput(
        Route(route) if route in set(Route) else None,
        str(_field(values, IDS).get("value") or ""),
        tuple(str(file["id"]) for file in files),
        _typed(values, REASON),
        _chosen(_field(values, PROJECT)),
    )


def errors(given: FormInput, words: FormWords) -> dict[str, str]:
    """What is missing, by block id, for `response_action: errors`."""
    missing = {}
    if given.route is None:
        missing[ROUTE] = words.form_needs_route()
    if not given.text.strip() and not given.file_ids:
        missing[IDS] = words.form_needs_phones()
    return missing


def read_place(private_metadata: str) -> FormPlace:
    """Where the form came from; nowhere, if it says nothing that can be read."""
    found = _remembered(private_metadata)
    return FormPlace(found.get("channel", ""), found.get("request_id", ""))


def deny_form(request_id: str, plan: str, words: FormWords) -> Block:
    """Why is it denied; the view carries the request and the plan that was looked at."""
    reason = _input(REASON, words.deny_reason(), _text_field(REASON_LIMIT, "", lines=True))
    return {
        "type": "modal",
        "callback_id": DENY,
        "title": text_object(words.deny_title(), VIEW_TITLE),
        "submit": text_object(words.deny_submit(), VIEW_TITLE),
        "close": text_object(words.form_close(), VIEW_TITLE),
        "private_metadata": json.dumps({"request_id": request_id, "plan": plan}),
        "blocks": [reason],
    }


def parse_deny(view: Mapping[str, Any]) -> tuple[str, str, str]:
    """Request id, plan and reason of a `view_submission`; each empty where it is missing."""
    found = _remembered(str(view.get("private_metadata") or ""))
    reason = _typed(view["state"]["values"], REASON)
    return found.get("request_id", ""), found.get("plan", ""), reason


def deny_errors(reason: str, words: FormWords) -> dict[str, str]:
    return {} if reason else {REASON: words.deny_needs_reason()}


def _view(
    name: str, title: str, words: FormWords, place: FormPlace, blocks: Iterable[Block]
) -> Block:
    memory = {"channel": place.channel, "request_id": place.request_id}
    return {
        "type": "modal",
        "callback_id": name,
        "title": text_object(title, VIEW_TITLE),
        "close": text_object(words.form_close(), VIEW_TITLE),
        "private_metadata": json.dumps(memory),
        "blocks": list(blocks),
    }


def _input(
    name: str, label: str, element: Block, hint: str = "", *, optional: bool = False
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": text_object(label, LABEL_LIMIT),
        "element": {"action_id": _VALUE, **element},
        "optional": optional,
    }
    return block | ({"hint": text_object(hint, LABEL_LIMIT)} if hint else {})


def _route(draft: Draft | None, words: FormWords) -> Block:
    options = [_option(words.form_route_choice(route), route.value) for route in Route]
    chosen = draft.route.value if draft else ""
    return _input(ROUTE, words.form_route(), _choice("radio_buttons", options, chosen))


def _project(draft: Draft | None, words: FormWords, projects: Sequence[str]) -> Block:
    options = [_option(name, name) for name in projects]
    chosen = draft.project if draft else projects[0]
    return _input(PROJECT, words.form_project(), _choice("static_select", options, chosen))


def _ids(draft: Draft | None, words: FormWords) -> Block:
    field = _text_field(TEXT_LIMIT, _typed_ids(draft), lines=True)
    return _input(IDS, words.form_ids(), field, words.form_ids_hint(), optional=True)


def _typed_ids(draft: Draft | None) -> str:
    """Whole ids only, as many as fit: half an id would be another phone's, or nobody's."""
    text = ""
    for phone in draft.ids if draft else ():
        if len(text) + len(phone) + 1 > TEXT_LIMIT:
            break
        text += f"{phone}\n"
    return text


def _file(words: FormWords) -> Block:
    element = {"type": "file_input", "filetypes": list(FILE_TYPES), "max_files": 1}
    return _input(FILE, words.form_file(), element, words.form_file_hint(), optional=True)


def _reason(draft: Draft | None, words: FormWords) -> Block:
    field = _text_field(REASON_LIMIT, draft.reason if draft else "", lines=False)
    return _input(REASON, words.form_reason(), field, optional=True)


def _text_field(limit: int, text: str, *, lines: bool) -> Block:
    field: Block = {"type": "plain_text_input", "multiline": lines, "max_length": limit}
    return field | ({"initial_value": text[:limit]} if text else {})


def _option(label: str, value: str) -> Block:
    return {"text": text_object(label, OPTION_LIMIT), "value": value}


def _choice(kind: str, options: list[Block], chosen: str) -> Block:
    element: Block = {"type": kind, "options": options}
    initial = next((option for option in options if option["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def _field(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    field: dict[str, Any] = values.get(name, {}).get(_VALUE) or {}
    return field


def _chosen(field: Mapping[str, Any]) -> str:
    return str((field.get("selected_option") or {}).get("value") or "")


def _typed(values: Mapping[str, Any], name: str) -> str:
    return str(_field(values, name).get("value") or "").strip()


def _remembered(private_metadata: str) -> dict[str, str]:
    try:
        found = json.loads(private_metadata)
    except ValueError:
        return {}
    texts = found.items() if isinstance(found, dict) else ()
    return {str(name): value for name, value in texts if isinstance(value, str)}
