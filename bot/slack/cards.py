"""The card of a request and the other messages, as Block Kit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.divert.sentence import Button, Card, Post, Sentence
from bot.slack.blocks import (
    BUTTON_LABEL,
    CONFIRM_LABEL,
    CONFIRM_TEXT,
    CONFIRM_TITLE,
    HEADER_LIMIT,
    ROW_BUTTONS,
    Block,
    context,
    header,
    mrkdwn_object,
    numbered,
    section,
    text_object,
)
from bot.slack.mrkdwn import cut, joined, mrkdwn, packed, plain, units
from bot.slack.values import VALUE_LIMIT, value_of

BLOCK_LIMIT: Final = 45  # Slack's is 50
MESSAGE_LIMIT: Final = 12_000
FOOTER_LIMIT: Final = 900  # of each sentence below the card
FOOTER_LINES: Final = 3


def card_blocks(card: Card) -> tuple[list[Block], str]:
    """The card's blocks and the plain text that stands for them in a notification."""
    title = plain(card.title)
    text = joined((card.title, *card.lines))
    footer = [cut(mrkdwn(line), FOOTER_LIMIT) for line in card.footer[:FOOTER_LINES]]
    rows = button_rows(card.buttons)
    spent = units(text) + sum(units(line) for line in footer) + _weight(rows) + HEADER_LIMIT
    blocks = [header(title), *_sections(card.lines, MESSAGE_LIMIT - spent), *rows]
    if any(footer):
        blocks.append(context(footer))
    return numbered(blocks, f"{card.request_id}:{card.version}"), text


def post_blocks(post: Post) -> tuple[list[Block], str]:
    """A message in a thread or to a person."""
    text = joined(post.sentences)
    rows = button_rows(post.buttons)
    budget = MESSAGE_LIMIT - units(text) - _weight(rows)
    return [*_sections(post.sentences, budget), *rows], text


def button_rows(buttons: Sequence[Button]) -> list[Block]:
    """Rows of buttons; Slack wants each action once in a row."""
    rows: list[list[Button]] = []
    for button in _shown(buttons):
        row = rows[-1] if rows else []
        fits = rows and len(row) < ROW_BUTTONS
        if fits and all(button.action != other.action for other in row):
            row.append(button)
        else:
            rows.append([button])
    elements = ([_button(button) for button in row] for row in rows)
    return [{"type": "actions", "elements": row} for row in elements]


def _shown(buttons: Sequence[Button]) -> Iterator[Button]:
    """Those that can carry what they mean; each column is an action of its own, by its number."""
    for number, button in enumerate(buttons, 1):
        if units(value_of(button)) > VALUE_LIMIT:
            continue
        yield replace(button, action=f"{button.action}:{number}") if button.column else button


def _sections(lines: Sequence[Sentence], budget: int) -> list[Block]:
    return [section(text) for text in packed(lines, budget)]


def _button(button: Button) -> Block:
    element: Block = {
        "type": "button",
        "action_id": button.action,
        "text": text_object(button.label, BUTTON_LABEL),
    }
    if value := value_of(button):
        element["value"] = value
    if button.style in ("primary", "danger"):
        element["style"] = button.style
    if button.confirm is not None:
        element["confirm"] = _confirm(button, button.confirm)
    return element


def _confirm(button: Button, question: Sentence) -> Block:
    dialog = {
        "title": text_object(button.label, CONFIRM_TITLE),
        "text": mrkdwn_object(cut(mrkdwn(question), CONFIRM_TEXT)),
        "confirm": text_object(button.label, CONFIRM_LABEL),
        "deny": text_object(button.back, CONFIRM_LABEL),
    }
    return dialog | ({"style": button.style} if button.style in ("primary", "danger") else {})


def _weight(rows: Sequence[Block]) -> int:
    """The text in buttons and their dialogs, generously."""
    texts = [element for row in rows for element in row["elements"]]
    return sum(
        BUTTON_LABEL + (CONFIRM_TITLE + CONFIRM_TEXT + 2 * CONFIRM_LABEL) * ("confirm" in element)
        for element in texts
    )
