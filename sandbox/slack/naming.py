"""Slack names every block and element that the bot left unnamed."""

import secrets

from sandbox.slack.shapes import Json

PASSIVE = {"image", "mrkdwn", "plain_text"}


def name_parts(blocks: list[Json]) -> list[Json]:
    """The same blocks, each with a `block_id`, each interactive element with an `action_id`."""
    return [_named_block(block) for block in blocks]


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block, in order."""
    found: list[Json] = list(block.get("elements") or []) + list(block.get("actions") or [])
    found += [block[key] for key in ("accessory", "element") if isinstance(block.get(key), dict)]
    inner = [e for e in found if e.get("type") == "card"]
    found += [deep for card in inner for deep in elements_of(card)]
    return [e for e in found if e.get("type") not in PASSIVE and "action_id" in e]


def _named_block(block: Json) -> Json:
    named = {"block_id": _short(), **block}
    for key in ("accessory", "element"):
        if isinstance(named.get(key), dict):
            named[key] = _named_element(named[key])
    for key in ("elements", "actions"):
        if isinstance(named.get(key), list):
            named[key] = [_named_element(element) for element in named[key]]
    return named


def _named_element(element: Json) -> Json:
    if element.get("type") in PASSIVE or str(element.get("type", "")).startswith("rich_text_"):
        return element
    if element.get("type") == "card":
        return _named_block(element)
    return {"action_id": _short(), **element}


def _short() -> str:
    return secrets.token_urlsafe(4)[:5]
