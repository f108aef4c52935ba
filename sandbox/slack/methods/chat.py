"""chat.*: posting, editing, deleting, and saying a thing to one person alone."""

import re

from sandbox.slack.arguments import flag, text_of
from sandbox.slack.message_payload import check_message
from sandbox.slack.methods.finding import bot_room, messageable_room
from sandbox.slack.naming import name_parts
from sandbox.slack.refusal import Refused
from sandbox.slack.rooms import Message, Room
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace

TS = re.compile(r"\d{9,11}\.\d{6}")


def post_message(workspace: Workspace, args: Json) -> Json:
    check_message(args, workspace.settings.text_limit)
    room = messageable_room(workspace, text_of(args, "channel"))
    message = workspace.bot_message(prepared(args))
    into_thread(room, message, args)
    workspace.post(room, message)
    shown = message.as_json(workspace.team_id)
    return {"channel": room.id, "ts": message.ts, "message": shown}


def post_ephemeral(workspace: Workspace, args: Json) -> Json:
    check_message(args, workspace.settings.text_limit)
    room = bot_room(workspace, text_of(args, "channel"))
    user = text_of(args, "user")
    if user not in workspace.users:
        raise Refused("user_not_found")
    if user not in room.members:
        raise Refused("user_not_in_channel")
    message = workspace.bot_message(prepared(args))
    message.only_for = user
    workspace.post(room, message)
    return {"message_ts": message.ts}


def update(workspace: Workspace, args: Json) -> Json:
    room = bot_room(workspace, text_of(args, "channel"))
    message = _own_message(workspace, room, text_of(args, "ts"), "cant_update_message")
    check_message(args, workspace.settings.text_limit)
    edit(message, prepared(args), workspace.new_ts())
    workspace.changes.mark()
    shown = message.as_json(workspace.team_id)
    return {"channel": room.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(workspace: Workspace, args: Json) -> Json:
    room = bot_room(workspace, text_of(args, "channel"))
    message = _own_message(workspace, room, text_of(args, "ts"), "cant_delete_message")
    if any(m.thread_ts == message.ts and m is not message for m in room.messages.values()):
        message.become_tombstone()
    else:
        del room.messages[message.ts]
    workspace.changes.mark()
    return {"channel": room.id, "ts": message.ts}


def get_permalink(workspace: Workspace, args: Json) -> Json:
    room = bot_room(workspace, text_of(args, "channel"), archived_too=True)
    ts = text_of(args, "message_ts")
    if ts not in room.messages:
        raise Refused("message_not_found")
    link = f"{workspace.origin}/archives/{room.id}/p{ts.replace('.', '')}"
    return {"channel": room.id, "permalink": link}


def prepared(content: Json) -> Json:
    """The content with its blocks named; what is left out stays left out."""
    if "markdown_text" in content:
        return content | {"text": content["markdown_text"]}
    if isinstance(content.get("blocks"), list):
        return content | {"blocks": name_parts(content["blocks"])}
    return content


def edit(message: Message, content: Json, at: str) -> None:
    """Text alone takes the blocks away; blocks alone leave the text; attachments stay."""
    if "text" in content:
        message.text = content["text"] or ""
        message.blocks = content.get("blocks") or []
    elif "blocks" in content:
        message.blocks = content["blocks"]
    if "attachments" in content:
        message.attachments = content["attachments"]
    message.edited_ts = at


def into_thread(room: Room, message: Message, args: Json) -> None:
    """Put a message into the thread that its call names.

    A reply to a reply goes into the thread of the first message. Where the first message is
    gone, Slack says nothing and posts into the channel: only the missing `thread_ts` of the
    answer tells (slack-go issue 1571).
    """
    wanted = str(args.get("thread_ts") or "")
    if wanted and not TS.fullmatch(wanted):
        messages = [f"[ERROR] {wanted} is not a valid thread_ts"]
        raise Refused("invalid_thread_ts", response_metadata={"messages": messages})
    parent = room.messages.get(wanted)
    message.thread_ts = (parent.thread_ts or parent.ts) if parent else None
    message.broadcast = parent is not None and flag(args, "reply_broadcast")


def _own_message(workspace: Workspace, room: Room, ts: str, error: str) -> Message:
    message = room.messages.get(ts)
    if message is None or message.is_tombstone:
        raise Refused("message_not_found")
    if message.user != workspace.bot_user:
        raise Refused(error)
    return message
