"""A Web API call's arguments: from the query, a form or JSON, whichever it came as."""

import json

from aiohttp import web

from sandbox.slack.refusal import Refused
from sandbox.slack.shapes import Json

# These are JSON, also where a form or a query carries them as text.
STRUCTURED = {"attachments", "blocks", "files", "metadata", "view"}


async def read_arguments(request: web.Request) -> Json:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await _json_body(request)
    elif request.method == "POST":
        args |= {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    return {k: _decoded(k, v) for k, v in args.items() if v is not None}


async def _json_body(request: web.Request) -> Json:
    text = await request.text()
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        raise Refused("invalid_json") from None
    if not isinstance(found, dict):
        raise Refused("json_not_object")
    return found


def _decoded(name: str, value: object) -> object:
    if name not in STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        error = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
        raise Refused(error) from None


def token_of(request: web.Request, args: Json) -> str | None:
    """The bearer token, or the `token` argument, which is taken out of `args`."""
    argument = args.pop("token", None)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return str(argument) if argument else None


def text_of(args: Json, name: str) -> str:
    """A required text argument."""
    value = args.get(name)
    if value in (None, ""):
        message = f"[ERROR] missing required field: {name}"
        raise Refused("invalid_arguments", response_metadata={"messages": [message]})
    return str(value)


def flag(args: Json, name: str) -> bool:
    return args.get(name) in (True, 1, "1", "true", "True")


def number(args: Json, name: str, default: int) -> int:
    try:
        return int(args.get(name) or default)
    except (TypeError, ValueError):
        raise Refused(f"invalid_{name}") from None
