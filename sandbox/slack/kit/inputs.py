"""Elements that live in an input block: typed text, numbers, files."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.slack.kit.composition import DispatchConfig, Id, Plain150, Strict
from sandbox.slack.kit.elements import DateTimePicker, Menus, Pickers
from sandbox.slack.kit.rich_text import RichText


class Typed(Strict):
    action_id: Id | None = None
    placeholder: Plain150 | None = None
    focus_on_load: bool = False
    dispatch_action_config: DispatchConfig | None = None


class PlainTextInput(Typed):
    type: Literal["plain_text_input"]
    initial_value: str | None = Field(None, max_length=3000)
    multiline: bool = False
    min_length: int | None = Field(None, ge=0, le=3000)
    max_length: int | None = Field(None, ge=1, le=3000)

    @model_validator(mode="after")
    def _bounds_agree(self) -> Self:
        most, least = self.max_length or 3000, self.min_length or 0
        if least > most:
            raise ValueError("min_length must be less than max_length")
        if self.initial_value and not least <= len(self.initial_value) <= most:
            raise ValueError("initial_value must fit min_length and max_length")
        return self


class NumberInput(Typed):
    type: Literal["number_input"]
    is_decimal_allowed: bool
    initial_value: str | None = None
    min_value: str | None = None
    max_value: str | None = None


class EmailInput(Typed):
    type: Literal["email_text_input"]
    initial_value: str | None = None


class UrlInput(Typed):
    type: Literal["url_text_input"]
    initial_value: str | None = None


class RichTextInput(Typed):
    type: Literal["rich_text_input"]
    initial_value: RichText | None = None


class FileInput(Strict):
    type: Literal["file_input"]
    action_id: Id | None = None
    filetypes: list[str] | None = Field(None, min_length=1)
    max_files: int = Field(10, ge=1, le=10)


InputElement = Annotated[
    PlainTextInput
    | NumberInput
    | EmailInput
    | UrlInput
    | RichTextInput
    | FileInput
    | Menus
    | Pickers
    | DateTimePicker,
    Field(discriminator="type"),
]
