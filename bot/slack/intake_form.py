"""The form's fields turned into the same draft that a command makes."""

from collections.abc import Mapping
from typing import Any

from bot.divert.intake import shown
from bot.divert.phones import read_text
from bot.divert.request import Draft
from bot.divert.world import World
from bot.slack.form import FormInput, read_place


def draft_of(given: FormInput, body: Mapping[str, Any], world: World) -> Draft | str | None:
    """The draft of a complete form; the words of its text where none of them is an id."""
    if given.route is None:
        return None
    reading = read_text(given.text)
    if not reading.ids and not given.file_ids:
        return ", ".join(word.word for word in reading.unreadable[:5])
    project = given.project or next(iter(world.projects))
    return Draft(
        key=f"form:{body['view']['id']}",
        requester=body["user"]["id"],
        project=project,
        route=given.route,
        channel=read_place(body["view"].get("private_metadata", "")).channel,
        ids=reading.ids,
        repeated=reading.repeated,
        unreadable=shown(reading.unreadable, world.project_words(project)),
        file_id=given.file_ids[0] if given.file_ids else "",
        reason=given.reason,
    )
