"""Answers that come by response URL, or in the acknowledgement of a command."""

from sandbox.slack.message_payload import check_message
from sandbox.slack.methods.chat import edit, prepared
from sandbox.slack.refusal import Refused
from sandbox.slack.response_urls import ResponseUrl
from sandbox.slack.rooms import Message, Room
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace

TYPES = {None, "ephemeral", "in_channel"}


def answer_command(workspace: Workspace, room: Room, user: str, body: Json) -> str | None:
    """Show the body of a command's acknowledgement; the word of the refusal, if it is one."""
    try:
        _post(workspace, room, user, body)
    except Refused as refusal:
        return refusal.error
    return None


def answer_url(workspace: Workspace, place: ResponseUrl, body: Json) -> None:
    """Do what was posted to a response URL.

    Raises:
        Refused: as for a message, or the original is not there to be changed.
    """
    room = workspace.rooms.get(place.room)
    if room is None:
        raise Refused("channel_not_found")
    if body.get("delete_original"):
        _original(room, place)
        room.messages.pop(str(place.message_ts), None)
        room.ephemerals.pop(str(place.message_ts), None)
        workspace.changes.mark()
    elif body.get("replace_original") and place.message_ts:
        check_message(body, workspace.settings.text_limit)
        edit(_original(room, place), prepared({"text": "", **body}), workspace.new_ts())
        workspace.changes.mark()
    else:
        _post(workspace, room, place.user, body)


def _post(workspace: Workspace, room: Room, user: str, body: Json) -> None:
    """A new message, for the one person unless it says `in_channel`."""
    check_message(body, workspace.settings.text_limit)
    if body.get("response_type") not in TYPES:
        raise Refused("invalid_arguments")
    message = workspace.bot_message(prepared(body))
    message.only_for = None if body.get("response_type") == "in_channel" else user
    workspace.post(room, message)


def _original(room: Room, place: ResponseUrl) -> Message:
    message = room.find(str(place.message_ts))
    if message is None:
        raise Refused("message_not_found")
    return message
