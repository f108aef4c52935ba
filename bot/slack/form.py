"""The form for phones by text, file or selection: built and read side by side."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.divert.phones import Route
from bot.divert.selection import STATUSES
from bot.divert.wording import Words
from bot.slack.blocks import Block, text_object
from bot.slack.fields import (
    LABEL_LIMIT,
    OPTIONS,
    TEXT_LIMIT,
    all_chosen,
    choice,
    choices,
    chosen,
    file_field,
    files,
    input_block,
    is_ticked,
    may_be_option,
    modal,
    number_of,
    option,
    remembered,
    suggested,
    text_field,
    text_of,
    tick,
    typed,
)

DIVERT: Final = "divert"  # callback id
# Block ids; errors name them. The menus that ask the bot have theirs as action ids too.
ROUTE: Final = "route"
PROJECT: Final = "project"
KEPT: Final = "kept"
IDS: Final = "ids"
FILE: Final = "file"
SERVERS: Final = "servers"
TAGS: Final = "tags"
STATUS: Final = "status"
TERMS: Final = "terms"
REASON: Final = "reason"

REASON_LIMIT: Final = 500
NOTES: Final = 3
FILE_TYPES: Final = ("csv", "txt", "tsv")
_LIKELY: Final = ("running", "stopped", "frozen", "abnormal")
STATUS_WORDS: Final = (*_LIKELY, *(word for word in STATUSES if word not in _LIKELY))


@dataclass(frozen=True, slots=True)
class FormPlace:
    """What a form remembers beside its fields.

    Where it was asked for; the request it was filled from, how many of whose ids it can only keep
    and not show, and whether it takes its place; whose servers and tags it offers; what is said
    above the fields.
    """

    channel: str = ""
    request_id: str = ""
    project: str = ""
    notes: tuple[str, ...] = ()
    ids: int = 0
    instead: bool = False


@dataclass(frozen=True, slots=True)
class FormInput:
    """What a person gave. `route` is None and `project` empty where nothing was chosen.

    `tags` are `key=value`, `terms` are typed as in a command. With `keep` the ids are meant too
    that the form could not show.
    """

    route: Route | None = None
    text: str = ""
    file_ids: tuple[str, ...] = ()
    reason: str = ""
    project: str = ""
    servers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    terms: str = ""
    keep: bool = False


def build(given: FormInput, words: Words, place: FormPlace, projects: Sequence[str] = ()) -> Block:
    """The form with what is given filled in, but a file. Of several projects one is chosen."""
    blocks = [
        *_notes(place),
        _route(given, words),
        *_project(given, words, place, projects),
        *_kept(given, words, place),
        _ids(given, words),
        input_block(
            FILE, words.form_file(), file_field(FILE_TYPES), words.form_file_hint(), optional=True
        ),
        *_selection(given, words),
        _reason(given, words),
    ]
    return modal(
        DIVERT,
        title=words.form_title(),
        submit=words.form_submit(),
        close=words.form_close(),
        memory=_write_place(place),
        blocks=blocks,
    )


def parse(values: Mapping[str, Any]) -> FormInput:
    """Read `view["state"]["values"]`."""
    route = chosen(values, ROUTE)
    return FormInput(
        Route(route) if route in set(Route) else None,
        typed(values, IDS),
        files(values, FILE),
        typed(values, REASON).strip(),
        chosen(values, PROJECT),
        all_chosen(values, SERVERS),
        all_chosen(values, TAGS),
        all_chosen(values, STATUS),
        typed(values, TERMS).strip(),
        is_ticked(values, KEPT),
    )


def _write_place(place: FormPlace) -> str:
    memory = {
        "channel": place.channel,
        "request_id": place.request_id,
        "project": place.project,
        "notes": place.notes,
        "ids": place.ids,
        "instead": place.instead,
    }
    return json.dumps(memory, ensure_ascii=False)


def read_place(private_metadata: str) -> FormPlace:
    """Where the form came from; nowhere, if it says nothing that can be read."""
    memory = remembered(private_metadata)
    notes = memory.get("notes")
    return FormPlace(
        text_of(memory, "channel"),
        text_of(memory, "request_id"),
        text_of(memory, "project"),
        tuple(map(str, notes)) if isinstance(notes, list) else (),
        number_of(memory, "ids"),
        memory.get("instead") is True,
    )


def _route(given: FormInput, words: Words) -> Block:
    options = [option(words.form_route_choice(route), route.value) for route in Route]
    element = choice("radio_buttons", options, given.route.value if given.route else "")
    return input_block(ROUTE, words.form_route(), element)


def _project(
    given: FormInput, words: Words, place: FormPlace, projects: Sequence[str]
) -> list[Block]:
    """Told at once when it is chosen: a menu that asks the bot does not say what else is chosen."""
    if len(projects) < 2:  # noqa: PLR2004 - of one there is nothing to choose
        return []
    options = [option(name, name) for name in projects if may_be_option(name)][:OPTIONS]
    element = choice("static_select", options, given.project or place.project)
    block = input_block(PROJECT, words.form_project(), element | {"action_id": PROJECT})
    return [block | {"dispatch_action": True}]


def _notes(place: FormPlace) -> list[Block]:
    elements = [text_object(note, LABEL_LIMIT) for note in place.notes[:NOTES]]
    return [{"type": "context", "elements": elements}] if elements else []


def _kept(given: FormInput, words: Words, place: FormPlace) -> list[Block]:
    """The ids of the request it was filled from that no field can hold, to be kept or not."""
    if not place.ids:
        return []
    box = tick(words.form_keep(place.ids), ticked=given.keep)
    label, hint = words.form_kept(place.request_id), words.form_kept_hint()
    return [input_block(KEPT, label, box, hint, optional=True)]


def _ids(given: FormInput, words: Words) -> Block:
    field = text_field(TEXT_LIMIT, given.text, lines=True)
    return input_block(IDS, words.form_ids(), field, words.form_ids_hint(), optional=True)


def _selection(given: FormInput, words: Words) -> list[Block]:
    type_some = words.form_type_some()
    servers = suggested(SERVERS, given.servers, type_some)
    tags = suggested(TAGS, given.tags, type_some)
    options = [option(word, word) for word in STATUS_WORDS]
    status = choices(options, given.statuses, words.form_any_status())
    terms = text_field(TEXT_LIMIT, given.terms, lines=False)
    return [
        input_block(SERVERS, words.form_servers(), servers, words.form_narrows(), optional=True),
        input_block(TAGS, words.form_tags(), tags, optional=True),
        input_block(STATUS, words.form_status(), status, optional=True),
        input_block(TERMS, words.form_terms(), terms, words.form_terms_hint(), optional=True),
    ]


def _reason(given: FormInput, words: Words) -> Block:
    field = text_field(REASON_LIMIT, given.reason, lines=False)
    return input_block(REASON, words.form_reason(), field, optional=True)
