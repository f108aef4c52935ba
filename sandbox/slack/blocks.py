"""Judging a list of blocks for a surface, in Slack's words and with its JSON pointers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from sandbox.slack.kit import blocks as kit
from sandbox.slack.kit.rich_text import RichText
from sandbox.slack.kit.tables import DataTable, Plan, Table, TaskCard
from sandbox.slack.problems import nulls, problems_of
from sandbox.slack.shapes import Json

Surface = Literal["message", "modal", "home"]

Everywhere = (
    kit.Section | kit.Header | kit.Divider | kit.ImageBlock | kit.Context | kit.Actions | kit.Input
)
Rich = RichText | kit.Video
MessageBlock = Annotated[
    Everywhere
    | Rich
    | kit.FileBlock
    | kit.Markdown
    | kit.ContextActions
    | kit.Card
    | kit.Carousel
    | Table
    | DataTable
    | TaskCard
    | Plan,
    Field(discriminator="type"),
]
ModalBlock = Annotated[Everywhere | Rich | kit.Alert, Field(discriminator="type")]
HomeBlock = Annotated[Everywhere | Rich, Field(discriminator="type")]

MOST = {"message": 50, "modal": 100, "home": 100}
MODELS: dict[str, TypeAdapter[object]] = {
    "message": TypeAdapter(MessageBlock),
    "modal": TypeAdapter(ModalBlock),
    "home": TypeAdapter(HomeBlock),
}
MARKDOWN_TEXT = 12_000
TABLE_TEXT = 10_000
DATA_TABLE_TEXT = 20_000
ONE_FOCUS = 1


def block_problems(blocks: Sequence[object], surface: Surface, root: str = "/blocks") -> list[str]:
    """What Slack would refuse; empty when it takes them all."""
    if len(blocks) > MOST[surface]:
        return [f"no more than {MOST[surface]} items allowed [json-pointer:{root}]"]
    problems = [p for i, block in enumerate(blocks) for p in _one(block, surface, f"{root}/{i}")]
    if problems:
        return problems
    known = [block for block in blocks if isinstance(block, dict)]
    return [f"{problem} [json-pointer:{root}]" for problem in _together(known, surface)]


def _one(block: object, surface: Surface, where: str) -> list[str]:
    if not isinstance(block, dict):
        return [f"must be an object [json-pointer:{where}]"]
    try:
        MODELS[surface].validate_python(block)
    except ValidationError as error:
        return problems_of(error, block, where)
    return nulls(block, where) + _repeated_actions(block, where)


def _repeated_actions(block: Json, where: str) -> list[str]:
    elements = [e for e in block.get("elements") or [] if isinstance(e, dict)]
    counted = Counter(e["action_id"] for e in elements if "action_id" in e)
    twice = [name for name, count in counted.items() if count > 1]
    return [f"action_id `{name}` already exists [json-pointer:{where}/elements]" for name in twice]


def _together(blocks: list[Json], surface: Surface) -> Iterator[str]:
    """Rules that look at all blocks of the payload at once."""
    names = Counter(b["block_id"] for b in blocks if "block_id" in b)
    yield from (f"block_id `{name}` already exists" for name, count in names.items() if count > 1)
    if surface != "modal" and _has_element(blocks, "file_input"):
        yield "file_input is only supported in modals"
    if surface == "message":
        yield from _sums(blocks)
    if str(blocks).count("'focus_on_load': True") > ONE_FOCUS:
        yield "only one element may have focus_on_load"


def _has_element(blocks: list[Json], kind: str) -> bool:
    return any((b.get("element") or {}).get("type") == kind for b in blocks)


def _sums(blocks: list[Json]) -> Iterator[str]:
    def of(kind: str) -> list[Json]:
        return [b for b in blocks if b["type"] == kind]

    if sum(len(b["text"]) for b in of("markdown")) > MARKDOWN_TEXT:
        yield f"markdown must be less than {MARKDOWN_TEXT + 1} characters in all"
    if len(of("table")) > 1:
        yield "only one table is allowed"
    if text_length(of("table")) > TABLE_TEXT:
        yield f"table cells must be less than {TABLE_TEXT + 1} characters in all"
    if text_length(of("data_table")) > DATA_TABLE_TEXT:
        yield f"data_table cells must be less than {DATA_TABLE_TEXT + 1} characters in all"


def text_length(part: object) -> int:
    """All characters of all texts within, however deep."""
    if isinstance(part, dict):
        own = part.get("text")
        size = len(own) if isinstance(own, str) else 0
        return size + sum(text_length(value) for value in part.values())
    if isinstance(part, list):
        return sum(text_length(one) for one in part)
    return 0
