"""What Slack sends an app: commands, interactions and events, field by field."""

import secrets
import time

from sandbox.slack.form import given_values, initial_values
from sandbox.slack.open_views import OpenView
from sandbox.slack.people import User
from sandbox.slack.rooms import Message, Room
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace

VERIFICATION_TOKEN = "sandbox-verification-token"


def slash_command(workspace: Workspace, user: User, room: Room, command: str, text: str) -> Json:
    url = response_url(workspace, user, room, None)
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": user.team_id,
        "team_domain": workspace.team_domain,
        "channel_id": room.id,
        "channel_name": room.name or "directmessage",
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.identity.app_id,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": workspace.triggers.make(user.id),
    }


def message_click(
    workspace: Workspace, user: User, room: Room, message: Message, action: Json
) -> Json:
    """block_actions of a message; an ephemeral one is not repeated in the payload."""
    return {
        **_interaction(workspace, user, "block_actions"),
        "trigger_id": workspace.triggers.make(user.id),
        **message_place(workspace, room, message),
        "state": {"values": initial_values(message.blocks)},
        "response_url": response_url(workspace, user, room, message),
        "actions": [action],
    }


def message_place(workspace: Workspace, room: Room, message: Message) -> Json:
    """Container, channel and, unless it is ephemeral, the message itself."""
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": room.id}
    container["is_ephemeral"] = message.only_for is not None
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    place = {"container": container, "channel": _channel(room)}
    if message.only_for is None:
        place["message"] = message.as_json(workspace.team_id)
    return place


def view_click(workspace: Workspace, user: User, shown: OpenView, action: Json) -> Json:
    """block_actions of a form or Home tab: no channel, no response URL."""
    return _interaction(workspace, user, "block_actions") | {
        "trigger_id": workspace.triggers.make(user.id, shown.id),
        "container": {"type": "view", "view_id": shown.id},
        "view": workspace.view_json(shown),
        "actions": [action],
    }


def view_submission(workspace: Workspace, user: User, shown: OpenView) -> Json:
    return _interaction(workspace, user, "view_submission") | {
        "trigger_id": workspace.triggers.make(user.id, shown.id),
        "view": workspace.view_json(shown),
        "response_urls": [],
    }


def view_closed(workspace: Workspace, user: User, shown: OpenView, *, cleared: bool) -> Json:
    return _interaction(workspace, user, "view_closed") | {
        "view": workspace.view_json(shown),
        "is_cleared": cleared,
    }


def global_shortcut(workspace: Workspace, user: User, callback_id: str) -> Json:
    return _interaction(workspace, user, "shortcut") | {
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.make(user.id),
        "action_ts": _now(),
    }


def message_shortcut(
    workspace: Workspace, user: User, room: Room, message: Message, callback_id: str
) -> Json:
    return _interaction(workspace, user, "message_action") | {
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.make(user.id),
        "action_ts": _now(),
        "message_ts": message.ts,
        "channel": _channel(room),
        "message": message.as_json(workspace.team_id),
        "response_url": response_url(workspace, user, room, message),
    }


def view_place(workspace: Workspace, shown: OpenView) -> Json:
    """Container and view for a suggestion: its state is what the app filled at the start.

    Slack does not send along what was typed and chosen since (bolt-js issues 660 and 1146,
    java-slack-sdk issue 1292).
    """
    given = {"state": {"values": given_values(shown.view["blocks"])}}
    return {
        "container": {"type": "view", "view_id": shown.id},
        "view": workspace.view_json(shown) | given,
    }


def block_suggestion(workspace: Workspace, user: User, where: Json, text: str) -> Json:
    """`where` says which menu it is and where it stands; no trigger, no response URL."""
    return _interaction(workspace, user, "block_suggestion") | where | {"value": text}


def event_callback(workspace: Workspace, event: Json) -> Json:
    identity = workspace.identity
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": identity.team_id,
        "api_app_id": identity.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": "Ev0" + secrets.token_hex(5).upper(),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": identity.team_id,
                "user_id": workspace.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def message_event(workspace: Workspace, room: Room, message: Message, kind: str) -> Json:
    event = message.as_json(workspace.team_id) | {
        "type": kind,
        "channel": room.id,
        "event_ts": message.ts,
    }
    if kind == "message":
        event["channel_type"] = "im" if room.kind == "im" else "channel"
    return event


def response_url(workspace: Workspace, user: User, room: Room, message: Message | None) -> str:
    ts, thread_ts = (message.ts, message.thread_ts) if message else (None, None)
    key = workspace.response_urls.make(user.id, room.id, ts, thread_ts)
    door = "actions" if message else "commands"
    return f"{workspace.origin}/{door}/{workspace.team_id}/{key}"


def _interaction(workspace: Workspace, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "user": user.brief(),
        "api_app_id": workspace.identity.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": user.team_id, "domain": workspace.team_domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel(room: Room) -> Json:
    return {"id": room.id, "name": room.name or "directmessage"}


def _now() -> str:
    return f"{time.time():.6f}"
