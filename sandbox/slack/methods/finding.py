"""Finding the channel a call names, as the bot is allowed to see it."""

from sandbox.slack.refusal import Refused
from sandbox.slack.rooms import Room
from sandbox.slack.workspace import Workspace


def visible_room(workspace: Workspace, name: str) -> Room:
    """A channel by id; private ones exist only for their members."""
    room = workspace.rooms.get(name)
    hidden = room is not None and room.kind != "channel" and workspace.bot_user not in room.members
    if room is None or hidden:
        raise Refused("channel_not_found")
    return room


def bot_room(workspace: Workspace, name: str, *, archived_too: bool = False) -> Room:
    """A channel that the bot is in and may speak in."""
    room = visible_room(workspace, name)
    if room.is_archived and not archived_too:
        raise Refused("is_archived")
    if workspace.bot_user not in room.members:
        raise Refused("not_in_channel")
    return room


def messageable_room(workspace: Workspace, name: str) -> Room:
    """Where `chat.postMessage` may go: a channel by id or #name, or a person by user id."""
    if name in workspace.users:
        return _direct(workspace, name)
    named = (r for r in workspace.rooms.values() if r.name and r.name == name.removeprefix("#"))
    found = workspace.rooms.get(name) or next(named, None)
    return bot_room(workspace, found.id if found else name)


def _direct(workspace: Workspace, user: str) -> Room:
    person = workspace.users[user]
    if person.deleted or person.is_bot:
        raise Refused("channel_not_found")
    return workspace.direct_room(user)
