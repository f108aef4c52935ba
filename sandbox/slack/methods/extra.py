"""Methods that other apps call when they start or look around."""

from sandbox.slack.arguments import number, text_of
from sandbox.slack.cast import APP_ID
from sandbox.slack.methods.finding import visible_room
from sandbox.slack.methods.paging import page
from sandbox.slack.refusal import Refused
from sandbox.slack.rooms import Message, Room
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace


def api_test(_workspace: Workspace, args: Json) -> Json:
    if args.get("error"):
        raise Refused(str(args["error"]), args=args)
    return {"args": args}


def team_info(workspace: Workspace, _args: Json) -> Json:
    team = {"id": workspace.team_id, "name": workspace.team_name}
    return {"team": team | {"domain": workspace.team_domain}}


def bot_info(workspace: Workspace, args: Json) -> Json:
    if args.get("bot", workspace.identity.bot_id) != workspace.identity.bot_id:
        raise Refused("bot_not_found")
    bot = workspace.users[workspace.bot_user]
    known = {"id": workspace.identity.bot_id, "app_id": APP_ID, "user_id": bot.id}
    return {"bot": known | {"name": bot.name, "deleted": bot.deleted}}


def join(workspace: Workspace, args: Json) -> Json:
    room = visible_room(workspace, text_of(args, "channel"))
    if room.is_archived:
        raise Refused("is_archived")
    if room.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if workspace.bot_user not in room.members:
        room.members.append(workspace.bot_user)
    return {"channel": room.as_json(workspace.bot_user)}


def history(workspace: Workspace, args: Json) -> Json:
    """Newest first, without replies, as `conversations.history` does."""
    room = _readable(workspace, args)
    top = [m for m in room.messages.values() if m.thread_ts in (None, m.ts) or m.broadcast]
    return _messages(workspace, list(reversed(top)), args)


def replies(workspace: Workspace, args: Json) -> Json:
    """The first message and its replies, oldest first."""
    room, ts = _readable(workspace, args), text_of(args, "ts")
    if ts not in room.messages:
        raise Refused("thread_not_found")
    return _messages(
        workspace, [m for m in room.messages.values() if ts in (m.ts, m.thread_ts)], args
    )


def _readable(workspace: Workspace, args: Json) -> Room:
    room = visible_room(workspace, text_of(args, "channel"))
    if workspace.bot_user not in room.members:
        raise Refused("not_in_channel")
    return room


def _messages(workspace: Workspace, messages: list[Message], args: Json) -> Json:
    shown = [m.as_json(workspace.team_id) for m in messages]
    answer = page("messages", shown, args | {"limit": number(args, "limit", 100)})
    return answer | {"has_more": bool(answer["response_metadata"]["next_cursor"])}
