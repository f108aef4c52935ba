"""What the form gives turned into the same draft that a command makes, or into its mistakes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from bot.divert.intake import shown
from bot.divert.phones import Reading, read_text
from bot.divert.request import Draft
from bot.divert.selection import Selection
from bot.divert.wording import Words
from bot.divert.world import World
from bot.slack.form import IDS, PROJECT, ROUTE, TERMS, FormInput, read_place
from bot.slack.form_selection import gathered
from bot.slack.mrkdwn import plain

Mistakes = dict[str, str]  # what is wrong, by block id
_WORDS_SHOWN: Final = 5


def draft_of(
    given: FormInput, body: Mapping[str, Any], world: World, words: Words
) -> Draft | Mistakes:
    """The draft of a complete form; else its mistakes, each at its field."""
    place = read_place(str(body["view"].get("private_metadata") or ""))
    project = given.project or place.project or world.project_of(place.channel)
    reading, selection = read_text(given.text), gathered(given, words)
    wrong = _no_project(given, project, world, words) | _no_phones(given, reading, selection, words)
    if given.route is None:
        return {ROUTE: words.form_needs_route()} | wrong
    if wrong or isinstance(selection, str):
        return wrong
    return Draft(
        key=_key(body["view"]),
        requester=body["user"]["id"],
        project=project,
        route=given.route,
        channel=place.channel,
        ids=reading.ids,
        repeated=reading.repeated,
        unreadable=shown(reading.unreadable, world.project_words(project)),
        file_id=given.file_ids[0] if given.file_ids else "",
        selection=selection,
        reason=given.reason,
        ids_of=place.request_id if given.keep else "",
        replaces=place.request_id if place.instead else "",
    )


def _key(view: Mapping[str, Any]) -> str:
    """The same for every delivery of one form as it was sent.

    A form whose acknowledgement got lost stays open: what is changed in it and sent again is meant.
    """
    content = json.dumps(view["state"]["values"], sort_keys=True)
    return f"form:{view['id']}:{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def _no_project(given: FormInput, project: str, world: World, words: Words) -> Mistakes:
    """A form may be older than the configuration."""
    if project in world.projects:
        return {}
    told = plain(words.no_such_project(project, list(world.projects)))
    return {PROJECT if given.project else ROUTE: told}


def _no_phones(
    given: FormInput, reading: Reading, selection: Selection | str, words: Words
) -> Mistakes:
    """Words that are no ids are never passed over: without them a selection means more phones."""
    wrong = {TERMS: selection} if isinstance(selection, str) else {}
    if given.text.strip() and not reading.ids and not given.file_ids:
        read = ", ".join(one.word for one in reading.unreadable[:_WORDS_SHOWN])
        return wrong | {IDS: words.form_no_ids(read)}
    if wrong or reading.ids or given.file_ids or given.keep:
        return wrong
    return _nothing_meant(selection, words) if isinstance(selection, Selection) else wrong


def _nothing_meant(selection: Selection, words: Words) -> Mistakes:
    if selection.included:
        return {}
    return {TERMS: words.form_only_excluded()} if selection else {IDS: words.form_needs_phones()}
