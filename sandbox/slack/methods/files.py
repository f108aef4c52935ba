"""files.*: the three steps of an upload, and what there is to know of a file."""

from sandbox.slack.arguments import number, text_of
from sandbox.slack.files import File
from sandbox.slack.message_payload import check_message
from sandbox.slack.methods.chat import into_thread, prepared
from sandbox.slack.methods.finding import bot_room
from sandbox.slack.refusal import Refused
from sandbox.slack.rooms import Room
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace

MOST_BYTES = 1024**3


def get_upload_url(workspace: Workspace, args: Json) -> Json:
    name, length = text_of(args, "filename"), number(args, "length", 0)
    if length <= 0 or length > MOST_BYTES:
        raise Refused("file_upload_size_restricted" if length > 0 else "invalid_arguments")
    key, ticket = workspace.files.ticket(name, length)
    return {"upload_url": f"{workspace.origin}/upload/v1/{key}", "file_id": ticket.file_id}


def complete_upload(workspace: Workspace, args: Json) -> Json:
    wanted = args.get("files")
    if not isinstance(wanted, list) or not wanted:
        raise Refused("invalid_arguments")
    if args.get("blocks") or args.get("initial_comment"):
        check_message(_comment(args), workspace.settings.text_limit)
    rooms = [bot_room(workspace, name) for name in _places(args)]
    files = [_finish(workspace, one) for one in wanted]
    for room in rooms:
        _share(workspace, room, files, args)
    workspace.changes.mark()
    return {"files": [f.as_json(workspace.origin, workspace.team_id) for f in files]}


def info(workspace: Workspace, args: Json) -> Json:
    file = workspace.files.known.get(text_of(args, "file"))
    if file is None or not file.bot_may_read:
        raise Refused("file_not_found")
    return {"file": file.as_json(workspace.origin, workspace.team_id), "comments": []}


def _places(args: Json) -> list[str]:
    named = str(args.get("channels") or "").split(",")
    return [name for name in (args.get("channel_id"), *named) if name]


def _finish(workspace: Workspace, wanted: Json) -> File:
    ticket = workspace.files.uploaded(str(wanted.get("id")))
    if ticket is None or ticket.content is None:
        raise Refused("file_not_found")
    file = workspace.files.add(ticket.name, workspace.bot_user, ticket.content, ticket.file_id)
    file.title, file.bot_may_read = str(wanted.get("title") or ""), True
    workspace.files.close_ticket(ticket.file_id)
    return file


def _comment(args: Json) -> Json:
    blocks = {"blocks": args["blocks"]} if "blocks" in args else {}
    return blocks | {"text": args.get("initial_comment") or ""}


def _share(workspace: Workspace, room: Room, files: list[File], args: Json) -> None:
    message = workspace.bot_message(prepared(_comment(args)))
    into_thread(room, message, args)
    for file in files:
        file.rooms.append(room.id)
    message.files = [f.as_json(workspace.origin, workspace.team_id) for f in files]
    workspace.post(room, message)
