"""The Block Kit pieces that messages and forms share, each within its limit."""

from collections.abc import Iterable
from typing import Any, Final

from bot.slack.mrkdwn import cut, visible

Block = dict[str, Any]

# https://docs.slack.dev/reference/block-kit
HEADER_LIMIT: Final = 150
CONTEXT_ELEMENTS: Final = 10
ROW_BUTTONS: Final = 25
BUTTON_LABEL: Final = 75
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_LABEL: Final = 30
VIEW_TITLE: Final = 24


def text_object(text: str, limit: int) -> Block:
    """A `plain_text` object. Slack refuses an empty one."""
    return {"type": "plain_text", "text": cut(visible(text), limit) or "…", "emoji": False}


def mrkdwn_object(text: str) -> Block:
    """`verbatim` keeps Slack from making links and mentions of what merely looks like one."""
    return {"type": "mrkdwn", "text": text or "…", "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": text_object(text, HEADER_LIMIT)}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn_object(text)}


def context(texts: Iterable[str]) -> Block:
    elements = [mrkdwn_object(text) for text in texts if text]
    return {"type": "context", "elements": elements[:CONTEXT_ELEMENTS]}


def numbered(blocks: Iterable[Block], name: str) -> list[Block]:
    """Blocks with ids of their own; on an edit Slack wants new ones."""
    return [{**block, "block_id": f"{name}:{place}"} for place, block in enumerate(blocks)]
