"""The control port's routes for the cloud: set its switches, edit its fleets, read its record.

Meant for tests and for the sandbox's page; it asks for no credentials, so it is served on the
loopback address only.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from sandbox.cloud.cloud import Cloud
from sandbox.cloud.control_edits import (
    NotHereError,
    edit_phones,
    edit_servers,
    phone_state,
    project_of,
    remove_phones,
    server_states,
    summary,
)
from sandbox.cloud.control_shapes import (
    FleetWish,
    PhoneEdit,
    PhonePage,
    PhoneRemoval,
    ServerEdit,
)
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.kinds import Kind
from sandbox.cloud.switches import Override, Switches
from sandbox.cloud.tally import tally

Shape = TypeVar("Shape", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.Response]]
PREFIX = "/control/cloud"


def control_routes(cloud: Cloud) -> list[web.RouteDef]:
    """Return the routes, all under /control/cloud, to be added to an application.

    A body or query that cannot be read is 422, a phone, server or project not there 404, both
    as {error: text}.
    """
    control = Control(cloud)
    return [
        web.route(method, PREFIX + path, _explained(handler))
        for method, path, handler in (
            ("GET", "/switches", control.show_switches),
            ("PUT", "/switches", control.put_switches),
            ("PATCH", "/switches", control.patch_switches),
            ("POST", "/overrides", control.add_override),
            ("PUT", "/fleet", control.put_fleet),
            ("GET", "/phones", control.show_phones),
            ("PATCH", "/phones", control.patch_phones),
            ("DELETE", "/phones", control.delete_phones),
            ("GET", "/servers", control.show_servers),
            ("PATCH", "/servers", control.patch_servers),
            ("GET", "/calls", control.show_calls),
            ("GET", "/mark", control.show_mark),
            ("GET", "/tally", control.show_tally),
            ("GET", "/summary", control.show_summary),
            ("POST", "/expire", control.expire),
            ("POST", "/reset", control.reset),
        )
    ]


def _explained(handler: Handler) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except ValidationError as wrong:
            text = "; ".join(map(_mistake, wrong.errors()))
            return web.json_response({"error": text}, status=422)
        except ValueError as wrong:
            return web.json_response({"error": str(wrong)}, status=422)
        except NotHereError as missing:
            return web.json_response({"error": f"not here: {missing}"}, status=404)

    return handle


def _mistake(error: ErrorDetails) -> str:
    return f"{'.'.join(map(str, error['loc'])) or 'body'}: {error['msg']}"


async def _read(request: web.Request, shape: type[Shape]) -> Shape:
    return shape.model_validate_json(await request.read() or b"{}")


async def _changes(request: web.Request) -> dict[str, Any]:
    return TypeAdapter(dict[str, Any]).validate_json(await request.read() or b"{}")


def _shown(shape: BaseModel) -> web.Response:
    return web.json_response(text=shape.model_dump_json())


class Control:
    """The handlers; each answers JSON."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    async def show_switches(self, _request: web.Request) -> web.Response:
        return _shown(self.cloud.switches)

    async def put_switches(self, request: web.Request) -> web.Response:
        """Set these switches, and all others to their defaults."""
        self.cloud.switches = await _read(request, Switches)
        return _shown(self.cloud.switches)

    async def patch_switches(self, request: web.Request) -> web.Response:
        self.cloud.switches = self.cloud.switches.changed(await _changes(request))
        return _shown(self.cloud.switches)

    async def add_override(self, request: web.Request) -> web.Response:
        self.cloud.switches.overrides.append(await _read(request, Override))
        return _shown(self.cloud.switches)

    async def put_fleet(self, request: web.Request) -> web.Response:
        """Replace a project's fleet; its jobs are gone with it."""
        wish = await _read(request, FleetWish)
        project_id = project_of(self.cloud, wish.project_id).fleet.project_id
        fleet = await asyncio.to_thread(Fleet.of, wish.recipe(project_id))
        self.cloud.replace_fleet(fleet)
        return web.json_response({"phones": len(fleet.phones), "servers": len(fleet.servers)})

    async def show_phones(self, request: web.Request) -> web.Response:
        """Show phones newest first, or those of `ids` (comma-separated) that are there."""
        fleet = project_of(self.cloud, request.query.get("project_id")).fleet
        now = self.cloud.now()
        if (ids := request.query.get("ids")) is not None:
            named = [fleet.phones[i] for i in ids.split(",") if i in fleet.phones]
            page = PhonePage(
                count=len(named), phones=[phone_state(fleet, phone, now) for phone in named]
            )
            return _shown(page)
        offset, limit = (int(request.query.get(k, d)) for k, d in (("offset", 0), ("limit", 1000)))
        found = fleet.newest_first[max(0, offset) : max(0, offset) + max(0, limit)]
        states = [phone_state(fleet, phone, now) for phone in found]
        return _shown(PhonePage(count=len(fleet.newest_first), phones=states))

    async def patch_phones(self, request: web.Request) -> web.Response:
        edited = edit_phones(self.cloud, await _read(request, PhoneEdit))
        return web.json_response({"edited": edited})

    async def delete_phones(self, request: web.Request) -> web.Response:
        removed = remove_phones(self.cloud, await _read(request, PhoneRemoval))
        return web.json_response({"removed": removed})

    async def show_servers(self, request: web.Request) -> web.Response:
        fleet = project_of(self.cloud, request.query.get("project_id")).fleet
        servers = [server.model_dump(mode="json") for server in server_states(fleet)]
        return web.json_response({"servers": servers})

    async def patch_servers(self, request: web.Request) -> web.Response:
        made = edit_servers(self.cloud, await _read(request, ServerEdit))
        return web.json_response({"new_phone_ids": made})

    async def show_calls(self, request: web.Request) -> web.Response:
        """Show recorded calls, oldest first: of a `kind`, `since` a time, `after` a number."""
        query = request.query
        kind = Kind(query["kind"]) if "kind" in query else None
        since, after = float(query.get("since", 0)), int(query.get("after", 0))
        calls = [asdict(call) for call in self.cloud.record.found(kind, since, after)]
        return web.json_response({"calls": calls})

    async def show_mark(self, _request: web.Request) -> web.Response:
        """Show the number of the newest call: calls of a run are those numbered above it."""
        return web.json_response({"mark": self.cloud.record.arrived})

    async def show_tally(self, request: web.Request) -> web.Response:
        """Add up the calls `after` a mark; windows are of so many `seconds`, 1 unless told."""
        after, seconds = int(request.query.get("after", 0)), float(request.query.get("seconds", 1))
        if not 0 < seconds < float("inf"):
            raise ValueError("seconds must be above 0")
        return _shown(tally(self.cloud.record, after, seconds))

    async def show_summary(self, _request: web.Request) -> web.Response:
        return _shown(summary(self.cloud))

    async def expire(self, _request: web.Request) -> web.Response:
        """End the life of every token and temporary key issued so far."""
        self.cloud.accounts.expire_issued(self.cloud.now())
        return web.json_response({})

    async def reset(self, _request: web.Request) -> web.Response:
        """Quiet day, empty record, every fleet as it was first made."""
        recipes = [project.fleet.recipe for project in self.cloud.projects.values()]
        for recipe in recipes:
            self.cloud.replace_fleet(await asyncio.to_thread(Fleet.of, recipe))
        self.cloud.reset()
        return web.json_response({})
