"""Control: people, groups, channels, transport, limits, faults, and starting over."""

import time
from dataclasses import fields
from typing import TypeVar, get_args

from aiohttp import web
from pydantic import TypeAdapter

from sandbox.slack.delivery import summed_up
from sandbox.slack.faults import Fault, FaultKind
from sandbox.slack.form import BadAct
from sandbox.slack.guard import body_of
from sandbox.slack.people import User, UserGroup
from sandbox.slack.rooms import Room
from sandbox.slack.settings import REAL_TOKEN, refuse_real
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace

Thing = TypeVar("Thing", User, UserGroup, Room)

OWN_FIELDS = {"messages", "ephemerals"}
DISCONNECTS = {"warning", "refresh_requested", "link_disabled", "too_many_websockets"}
SECONDS = ("ack_seconds", "trigger_seconds", "response_url_seconds", "retry_seconds", "text_limit")


class Setup:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def people(self, request: web.Request) -> web.Response:
        """`{users: [{id, …}]}`: made, or changed in the fields given."""
        for one in (await body_of(request))["users"]:
            fresh = User(one["id"], one.get("name", one["id"].lower()), "", self._workspace.team_id)
            _put(self._workspace.users, fresh, one)
        return self._done()

    async def groups(self, request: web.Request) -> web.Response:
        """`{groups: [{id, handle, name, users, disabled}]}`."""
        for one in (await body_of(request))["groups"]:
            handle = one.get("handle", one["id"].lower())
            _put(self._workspace.groups, UserGroup(one["id"], handle, handle), one)
        return self._done()

    async def channels(self, request: web.Request) -> web.Response:
        """`{channels: [{id, name, kind, members, …}]}`.

        The rest may be `is_archived`, `is_ext_shared`, `bot_in` and `removed`.
        """
        for one in (await body_of(request))["channels"]:
            self._channel(dict(one))
        return self._done()

    def _channel(self, one: Json) -> None:
        rooms, bot = self._workspace.rooms, self._workspace.bot_user
        if one.pop("removed", False):
            rooms.pop(one["id"], None)
            return
        bot_in = one.pop("bot_in", None)
        if one.get("kind", "channel") not in ("channel", "private"):
            raise BadAct("kind must be channel or private")
        room = _put(rooms, Room(one["id"], one.get("name", one["id"].lower())), one)
        if bot_in is not None:
            others = [m for m in room.members if m != bot]
            room.members = [*others, bot] if bot_in else others

    async def reset(self, _request: web.Request) -> web.Response:
        self._workspace.reset()
        return self._done()

    async def transport(self, request: web.Request) -> web.Response:
        """`{mode: "socket" | "http", url}`; credentials too, as long as they are made up."""
        body = await body_of(request)
        settings = self._workspace.settings
        if body.get("mode", settings.mode) not in ("socket", "http"):
            raise BadAct("mode must be socket or http")
        wanted = {k: v for k, v in body.items() if k in TRANSPORT}
        for value in wanted.values():
            refuse_real(str(value))
        for name, value in wanted.items():
            setattr(settings, name, str(value))
        return self._done()

    async def app(self, request: web.Request) -> web.Response:
        """`{scopes: […], events: […]}`: what the app was installed with and listens to."""
        body = await body_of(request)
        settings = self._workspace.settings
        settings.scopes = set(body.get("scopes", settings.scopes))
        settings.events = set(body.get("events", settings.events))
        return self._done()

    async def limits(self, request: web.Request) -> web.Response:
        """`{scale: 2.0}` or `{off: true}`; also the times of `SECONDS`."""
        body = await body_of(request)
        if body.get("off"):
            self._workspace.limits.set_scale(None)
        elif "scale" in body:
            self._workspace.limits.set_scale(float(body["scale"]))
        for name in SECONDS:
            if name in body:
                setattr(self._workspace.settings, name, body[name])
        return self._done()

    async def add_fault(self, request: web.Request) -> web.Response:
        """One fault that waits for its method or delivery, or one that happens at once."""
        body = await body_of(request)
        match body.get("kind"):
            case "socket_drop":
                happened: object = self._workspace.sockets.drop(body.get("count"))
            case "disconnect":
                happened = await self._disconnect(str(body.get("reason", "refresh_requested")))
            case "replay":
                happened = await self._workspace.delivery.replay()
            case "redeliver":
                wanted = str(body.get("id") or body.get("delivery") or "*")
                again = await self._workspace.delivery.redeliver(wanted)
                happened = None if again is None else summed_up(again)
            case _:
                self._add(fault_of(body))
                happened = None
        self._workspace.changes.mark()
        return web.json_response({"happened": happened})

    async def clear_faults(self, _request: web.Request) -> web.Response:
        self._workspace.faults.clear()
        self._workspace.delivery.release_held()
        return self._done()

    async def _disconnect(self, reason: str) -> int:
        if reason not in DISCONNECTS:
            raise BadAct(f"reason must be one of {', '.join(sorted(DISCONNECTS))}")
        return await self._workspace.sockets.warn(reason)

    def _add(self, fault: Fault) -> None:
        self._workspace.faults.add(fault)
        if fault.kind == "outage":
            self._workspace.sockets.drop()

    def _done(self) -> web.Response:
        self._workspace.changes.mark()
        return web.json_response({"seq": self._workspace.changes.seq})


FAULTS = TypeAdapter(Fault)
FAULT_FIELDS = {f.name for f in fields(Fault)} - {"target", "until"}
TARGETS = {"method", "delivery", "seconds"}
TRANSPORT = {"mode", "url", "bot_token", "app_token", "signing_secret"}


def fault_of(body: Json) -> Fault:
    """A fault from JSON; `method` or `delivery` is its target, `seconds` how long it lasts."""
    if body.get("kind") not in get_args(FaultKind):
        raise BadAct(
            f"kind must be one of {', '.join(get_args(FaultKind))}, socket_drop, disconnect, "
            "replay, redeliver"
        )
    target = str(body.get("method") or body.get("delivery") or "*")
    if unknown := set(body) - FAULT_FIELDS - TARGETS:
        raise BadAct(f"a fault has no {', '.join(sorted(unknown))}")
    given = {k: v for k, v in body.items() if k in FAULT_FIELDS}
    fault = FAULTS.validate_python(given | {"target": target})
    if "seconds" in body:
        fault.until = time.monotonic() + float(body["seconds"])
    elif fault.times is None and fault.kind != "outage":
        fault.times = 1
    return fault


def _put(shelf: dict[str, Thing], fresh: Thing, wanted: Json) -> Thing:
    """Set the fields of `wanted` on what has its id, new or known."""
    known = {f.name for f in fields(fresh)} - OWN_FIELDS
    if unknown := set(wanted) - known:
        raise BadAct(f"no such field: {', '.join(sorted(unknown))}")
    if REAL_TOKEN.search(str(wanted)):
        refuse_real(str(wanted))
    thing = shelf.setdefault(fresh.id, fresh)
    for name, value in wanted.items():
        if not isinstance(value, type(getattr(fresh, name))):
            raise BadAct(f"{name} cannot be {value!r}")
        setattr(thing, name, value)
    return thing
