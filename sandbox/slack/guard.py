"""Who may use the control API: this machine, and no page of another origin."""

import json
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.slack.form import BadAct
from sandbox.slack.settings import LooksReal
from sandbox.slack.shapes import Json

LOCAL = {"127.0.0.1", "localhost", "::1"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(handler: Handler) -> Handler:
    """Check Host and Origin; turn what a person cannot do into a 400 that says so."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if reason := _stranger(request):
            return web.json_response({"error": reason}, status=403)
        try:
            return await handler(request)
        except (BadAct, LooksReal, ValueError) as mistake:
            return web.json_response({"error": str(mistake)}, status=400)
        except KeyError as missing:
            return web.json_response({"error": f"missing: {missing.args[0]}"}, status=400)

    return checked


async def body_of(request: web.Request) -> Json:
    """The JSON object of a request; an empty body is an empty object."""
    text = await request.text()
    found = json.loads(text) if text else {}
    if not isinstance(found, dict):
        raise BadAct("the body must be a JSON object")
    return found


def _stranger(request: web.Request) -> str | None:
    host = urlsplit(f"//{request.host}")
    if host.hostname not in LOCAL:
        return "control is for this machine only: wrong Host"
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return "control is for this sandbox's own pages: wrong Origin"
    return None
