"""What one person sees of the workspace, as the control API shows it."""

from dataclasses import asdict

from sandbox.slack.files import File
from sandbox.slack.rooms import Message, Room
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace


def picture(workspace: Workspace, viewer: str | None) -> Json:
    """Everything `viewer` sees; without one, all channels and nobody's private things."""
    return {
        "seq": workspace.changes.seq,
        "team": {"id": workspace.team_id, "name": workspace.team_name},
        "bot_user": workspace.bot_user,
        "connections": len(workspace.sockets.open()),
        "transport": workspace.settings.mode,
        "users": [u.as_json(include_locale=True) for u in workspace.users.values()],
        "groups": [_group(workspace, g) for g in workspace.groups],
        "channels": [_room(workspace, r, viewer) for r in seen_rooms(workspace, viewer)],
        "views": _views(workspace, viewer),
        "home": _home(workspace, viewer),
        "files": [_file(workspace, f) for f in _seen_files(workspace, viewer)],
        "faults": [asdict(f) for f in workspace.faults.active if f.live()],
        "limits": workspace.limits.scale,
    }


def seen_rooms(workspace: Workspace, viewer: str | None) -> list[Room]:
    def seen(room: Room) -> bool:
        return viewer in room.members if viewer else room.kind != "im"

    return [room for room in workspace.rooms.values() if seen(room)]


def seen_messages(room: Room, viewer: str | None) -> list[Message]:
    """Messages and this person's ephemerals, oldest first."""
    own = [m for m in room.ephemerals.values() if m.only_for == viewer]
    return sorted([*room.messages.values(), *own], key=lambda m: m.ts)


def message_json(workspace: Workspace, message: Message) -> Json:
    return message.as_json(workspace.team_id) | {"is_ephemeral": message.only_for is not None}


def _room(workspace: Workspace, room: Room, viewer: str | None) -> Json:
    messages = [message_json(workspace, m) for m in seen_messages(room, viewer)]
    shown = room.as_json(workspace.bot_user)
    return shown | {"members": list(room.members), "messages": messages}


def _group(workspace: Workspace, name: str) -> Json:
    group = workspace.groups[name]
    return group.as_json(workspace.team_id, include_users=True, include_count=True)


def _views(workspace: Workspace, viewer: str | None) -> list[Json]:
    """The person's stack of forms, the one in front last."""
    stack = workspace.views.stacks.get(viewer or "", [])
    return [workspace.view_json(v) | {"errors": v.errors} for v in stack]


def _home(workspace: Workspace, viewer: str | None) -> Json | None:
    home = workspace.views.homes.get(viewer or "")
    return workspace.view_json(home) if home else None


def _seen_files(workspace: Workspace, viewer: str | None) -> list[File]:
    """The person's own, and those posted where the person is."""
    rooms = {room.id for room in seen_rooms(workspace, viewer)}
    files = workspace.files.known.values()
    return [f for f in files if f.user == viewer or rooms.intersection(f.rooms)]


def _file(workspace: Workspace, file: File) -> Json:
    return file.as_json(workspace.origin, workspace.team_id)
