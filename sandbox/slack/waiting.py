"""Waiting until something is there: a message, an ephemeral, a form, a Home tab, a call."""

import asyncio
import json
import time

from sandbox.slack.form import BadAct
from sandbox.slack.picture import message_json, seen_messages
from sandbox.slack.rooms import Message, Room
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace

FIELDS = {
    "message": {"channel", "user", "thread_ts", "text", "after", "ts"},
    "ephemeral": {"channel", "user", "text", "after"},
    "view": {"user", "text", "callback_id", "not_hash"},
    "no_view": {"user"},
    "home": {"user", "text", "not_hash"},
    "connected": {"count"},
    "call": {"method", "since"},
}


async def wait_for(workspace: Workspace, condition: Json, seconds: float) -> Json | None:
    """The first match, or None after `seconds`.

    `condition` has `kind`, one of FIELDS, and what narrows it: `text` is anywhere in the text or
    blocks, `after` is a ts, `thread_ts` is "" for messages outside threads.
    """
    check(condition)
    until = time.monotonic() + seconds
    while True:
        seq = workspace.changes.seq
        found = match(workspace, condition)
        left = until - time.monotonic()
        if found is not None or left <= 0:
            return found
        await workspace.changes.after(seq, left)
        await asyncio.sleep(0)


def check(condition: Json) -> None:
    kind = condition.get("kind")
    if kind not in FIELDS:
        raise BadAct(f"kind must be one of {', '.join(FIELDS)}")
    if unknown := set(condition) - FIELDS[kind] - {"kind"}:
        raise BadAct(f"{kind} has no {', '.join(sorted(unknown))}")


def match(workspace: Workspace, condition: Json) -> Json | None:
    match condition["kind"]:
        case "message" | "ephemeral":
            return _message(workspace, condition)
        case "view" | "home":
            return _view(workspace, condition)
        case "no_view":
            return {} if workspace.views.top(condition["user"]) is None else None
        case "call":
            return _call(workspace, condition)
        case _:
            ready = len(workspace.sockets.open())
            return {"connections": ready} if ready >= condition.get("count", 1) else None


def _message(workspace: Workspace, condition: Json) -> Json | None:
    alone, viewer = condition["kind"] == "ephemeral", condition.get("user")
    for room in _rooms(workspace, condition):
        for message in seen_messages(room, viewer):
            if alone == (message.only_for is not None) and _fits(message, condition):
                return message_json(workspace, message) | {"channel": room.id}
    return None


def _rooms(workspace: Workspace, condition: Json) -> list[Room]:
    """The one channel, or the person's direct message with the bot, or all."""
    channel = condition.get("channel")
    if channel == "DM":
        return [workspace.direct_room(condition["user"])]
    viewer = condition.get("user")
    rooms = [r for r in workspace.rooms.values() if viewer is None or viewer in r.members]
    return [r for r in rooms if channel in (None, r.id)]


def _fits(message: Message, condition: Json) -> bool:
    if "ts" in condition and message.ts != condition["ts"]:
        return False
    if "thread_ts" in condition and (message.thread_ts or "") != condition["thread_ts"]:
        return False
    return message.ts > condition.get("after", "") and _says(
        [message.text, message.blocks, message.attachments, message.files], condition
    )


def _view(workspace: Workspace, condition: Json) -> Json | None:
    user = condition["user"]
    views = workspace.views
    shown = views.top(user) if condition["kind"] == "view" else views.homes.get(user)
    if shown is None or shown.hash == condition.get("not_hash"):
        return None
    if "callback_id" in condition and shown.view.get("callback_id") != condition["callback_id"]:
        return None
    fits = _says([shown.view, shown.errors], condition)
    return workspace.view_json(shown) | {"errors": shown.errors} if fits else None


def _call(workspace: Workspace, condition: Json) -> Json | None:
    """The first finished call of a method with a `seq` above `since`."""
    found = workspace.calls.since(int(condition.get("since", 0)), condition["method"])["calls"]
    return next((call for call in found if call["finished"]), None)


def _says(content: object, condition: Json) -> bool:
    wanted = condition.get("text")
    return wanted is None or str(wanted) in texts(content)


def texts(content: object) -> str:
    """All text within, as one string in which a search finds quotes and non-ASCII as they are."""
    if isinstance(content, dict):
        return "\n".join(texts(value) for value in content.values())
    if isinstance(content, list):
        return "\n".join(texts(value) for value in content)
    return content if isinstance(content, str) else json.dumps(content)
