"""The forms that repeat a plan before it is approved or the glass broken: built and read alike."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.divert.typed_number import read_number
from bot.divert.weighing import Weighed
from bot.divert.wording import Words
from bot.slack.blocks import Block, section
from bot.slack.fields import input_block, modal, remembered, text_field, text_of, typed
from bot.slack.mrkdwn import cut, packed

APPROVE: Final = "approve"  # callback ids
GLASS: Final = "break_glass"
NUMBER: Final = "number"
REASON: Final = "reason"
REASON_LIMIT: Final = 500
NUMBER_LIMIT: Final = 40
_LINES: Final = 9_000  # characters of what the card tells
_SHOWN: Final = 20  # characters of what is no number


@dataclass(frozen=True, slots=True)
class Given:
    """What came back: the plan that was looked at, and what was filled in.

    `typed` is None where the form did not ask for a number.
    """

    request_id: str
    plan: str
    channel: str
    typed: str | None
    reason: str

    @property
    def number(self) -> int | None:
        return None if self.typed is None else read_number(self.typed)


def approve_form(weighed: Weighed, channel: str, words: Words) -> Block:
    """All of the plan, and the number of its phones to be typed."""
    return modal(
        APPROVE,
        title=words.approve_title(),
        submit=words.approve_submit(),
        close=words.form_close(),
        memory=_memory(weighed, channel),
        blocks=[*_plan(weighed, words), _number(words)],
    )


def glass_form(weighed: Weighed, channel: str, words: Words) -> Block:
    """All of the plan, what it means to run it now, and why it has to be."""
    reason = input_block(REASON, words.glass_reason(), text_field(REASON_LIMIT, lines=True))
    number = [_number(words)] if weighed.types else []
    return modal(
        GLASS,
        title=words.glass_title(),
        submit=words.glass_submit(),
        close=words.form_close(),
        memory=_memory(weighed, channel),
        blocks=[
            *(section(text) for text in packed([words.glass_warning()], _LINES)),
            *_plan(weighed, words),
            reason,
            *number,
        ],
    )


def parse(view: Mapping[str, Any]) -> Given:
    """Read a `view_submission` of either; what is missing is empty."""
    memory, values = remembered(str(view.get("private_metadata") or "")), view["state"]["values"]
    return Given(
        text_of(memory, "request_id"),
        text_of(memory, "plan"),
        text_of(memory, "channel"),
        typed(values, NUMBER).strip() if NUMBER in values else None,
        typed(values, REASON).strip(),
    )


def number_mistakes(given: Given, weighed: Weighed, words: Words) -> dict[str, str]:
    """What is wrong with the number, where the form asked for one."""
    number = given.number
    if given.typed is None or number == weighed.phones:
        return {}
    if number is None:
        return {NUMBER: words.form_no_number(cut(given.typed, _SHOWN))}
    return {NUMBER: words.form_other_number(number, weighed.phones)}


def reason_mistakes(given: Given, words: Words) -> dict[str, str]:
    return {} if given.reason else {REASON: words.glass_needs_reason()}


def _memory(weighed: Weighed, channel: str) -> str:
    memory = {"request_id": weighed.request.id, "plan": weighed.plan, "channel": channel}
    return json.dumps(memory)


def _plan(weighed: Weighed, words: Words) -> list[Block]:
    return [section(text) for text in packed(weighed.lines(words), _LINES)]


def _number(words: Words) -> Block:
    field = text_field(NUMBER_LIMIT, lines=False)
    return input_block(NUMBER, words.form_type_number(), field, words.form_type_hint())
