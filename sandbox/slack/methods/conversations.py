"""conversations.*: what channels there are, who is in them, and opening a direct message."""

from sandbox.slack.arguments import flag, text_of
from sandbox.slack.methods.finding import visible_room
from sandbox.slack.methods.paging import page
from sandbox.slack.refusal import Refused
from sandbox.slack.rooms import Room
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace

KINDS = {"public_channel": "channel", "private_channel": "private", "im": "im", "mpim": "mpim"}


def info(workspace: Workspace, args: Json) -> Json:
    room = visible_room(workspace, text_of(args, "channel"))
    shown = room.as_json(workspace.bot_user)
    if flag(args, "include_num_members"):
        shown["num_members"] = len(room.members)
    return {"channel": shown}


def members(workspace: Workspace, args: Json) -> Json:
    room = visible_room(workspace, text_of(args, "channel"))
    return page("members", list(room.members), args)


def list_all(workspace: Workspace, args: Json) -> Json:
    wanted = str(args.get("types") or "public_channel").split(",")
    if not set(wanted) <= set(KINDS):
        raise Refused("invalid_types")
    rooms = [r for r in workspace.rooms.values() if _listed(workspace, r, wanted)]
    if flag(args, "exclude_archived"):
        rooms = [r for r in rooms if not r.is_archived]
    return page("channels", [r.as_json(workspace.bot_user) for r in rooms], args)


def open_direct(workspace: Workspace, args: Json) -> Json:
    if args.get("channel"):
        room = visible_room(workspace, str(args["channel"]))
    else:
        room = workspace.direct_room(_one_person(workspace, text_of(args, "users")))
    full = flag(args, "return_im")
    return {"channel": room.as_json(workspace.bot_user) if full else {"id": room.id}}


def _listed(workspace: Workspace, room: Room, wanted: list[str]) -> bool:
    seen = room.kind == "channel" or workspace.bot_user in room.members
    return seen and room.kind in [KINDS[kind] for kind in wanted]


def _one_person(workspace: Workspace, users: str) -> str:
    names = users.split(",")
    if len(names) > 1:
        raise Refused("method_not_supported_for_channel_type")
    person = workspace.users.get(names[0])
    if person is None:
        raise Refused("user_not_found")
    if person.deleted:
        raise Refused("user_disabled")
    if person.is_bot:
        raise Refused("cannot_dm_bot")
    return person.id
