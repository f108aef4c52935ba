"""The form that asks why a request is denied: built and read side by side."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.divert.wording import Words
from bot.slack.blocks import Block
from bot.slack.fields import input_block, modal, remembered, text_field, text_of, typed

DENY: Final = "deny"  # callback id
REASON: Final = "reason"
REASON_LIMIT: Final = 500


def deny_form(request_id: str, plan: str, words: Words) -> Block:
    """Why is it denied; the view carries the request and the plan that was looked at."""
    return modal(
        DENY,
        title=words.deny_title(request_id),
        submit=words.deny_submit(),
        close=words.form_close(),
        memory=json.dumps({"request_id": request_id, "plan": plan}),
        blocks=[input_block(REASON, words.deny_reason(), text_field(REASON_LIMIT, lines=True))],
    )


def parse_deny(view: Mapping[str, Any]) -> tuple[str, str, str]:
    """Request id, plan and reason of a `view_submission`; each empty where it is missing."""
    memory = remembered(str(view.get("private_metadata") or ""))
    reason = typed(view["state"]["values"], REASON).strip()
    return text_of(memory, "request_id"), text_of(memory, "plan"), reason


def deny_errors(reason: str, words: Words) -> dict[str, str]:
    return {} if reason else {REASON: words.deny_needs_reason()}
