"""Tables and task lists, the larger blocks of messages."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.slack.kit.blocks import Block
from sandbox.slack.kit.composition import Strict
from sandbox.slack.kit.rich_text import RichText


class RawText(Strict):
    type: Literal["raw_text"]
    text: str = Field(min_length=1)


class RawNumber(Strict):
    type: Literal["raw_number"]
    value: float
    text: str | None = None


Cell = Annotated[RawText | RichText, Field(discriminator="type")]
DataCell = Annotated[RawText | RawNumber | RichText, Field(discriminator="type")]
Row = Annotated[list[Cell], Field(min_length=1, max_length=20)]
DataRow = Annotated[list[DataCell], Field(min_length=1, max_length=20)]


class ColumnSetting(Strict):
    align: Literal["left", "center", "right"] = "left"
    is_wrapped: bool = False


class Table(Block):
    type: Literal["table"]
    rows: list[Row] = Field(min_length=1, max_length=100)
    column_settings: list[ColumnSetting | None] | None = Field(None, max_length=20)


class DataTable(Block):
    type: Literal["data_table"]
    caption: str = Field(min_length=1)
    rows: list[DataRow] = Field(min_length=1, max_length=101)
    page_size: int = Field(5, ge=1, le=100)
    row_header_column_index: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _header_is_plain_and_rows_are_even(self) -> Self:
        if any(cell.type == "rich_text" for cell in self.rows[0]):
            raise ValueError("header cells must not be rich_text")
        if len({len(row) for row in self.rows}) > 1:
            raise ValueError("rows must have the same number of cells")
        return self


class UrlSource(Strict):
    type: Literal["url"]
    url: str = Field(min_length=1)
    text: str = Field(min_length=1)


class TaskCard(Block):
    type: Literal["task_card"]
    task_id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    status: Literal["pending", "in_progress", "complete", "error"]
    details: RichText | None = None
    output: RichText | None = None
    sources: list[UrlSource] | None = None


class Plan(Block):
    type: Literal["plan"]
    title: str = Field(min_length=1)
    tasks: list[TaskCard] | None = None
