"""Cursor pages, as Slack's lists have them."""

import base64
import binascii
from collections.abc import Sequence

from sandbox.slack.arguments import number
from sandbox.slack.refusal import Refused
from sandbox.slack.shapes import Json

MOST = 1000


def page(name: str, items: Sequence[object], args: Json) -> Json:
    """One page of `items` under `name`, with the cursor of the next."""
    limit = number(args, "limit", 100)
    if not 1 <= limit <= MOST:
        raise Refused("invalid_limit")
    start = _start(str(args.get("cursor") or ""))
    rest = start + limit
    cursor = _cursor(rest) if rest < len(items) else ""
    return {name: list(items[start:rest]), "response_metadata": {"next_cursor": cursor}}


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, start = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word == "next":
            return int(start)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        pass
    raise Refused("invalid_cursor")
