"""Rich text: sections, lists, quotes and preformatted text, and what stands in them."""

from typing import Annotated, Literal

from pydantic import Field

from sandbox.slack.kit.composition import Id, Strict


class Style(Strict):
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    underline: bool = False
    highlight: bool = False
    client_highlight: bool = False
    unlink: bool = False


class Piece(Strict):
    style: Style | None = None


class TextPiece(Piece):
    type: Literal["text"]
    text: str = Field(min_length=1)


class LinkPiece(Piece):
    type: Literal["link"]
    url: str = Field(min_length=1, max_length=3000)
    text: str | None = None
    unsafe: bool = False


class UserPiece(Piece):
    type: Literal["user"]
    user_id: str


class GroupPiece(Piece):
    type: Literal["usergroup"]
    usergroup_id: str


class ChannelPiece(Piece):
    type: Literal["channel"]
    channel_id: str


class EmojiPiece(Piece):
    type: Literal["emoji"]
    name: str = Field(min_length=1)
    unicode: str | None = None
    skin_tone: int | None = None


class DatePiece(Piece):
    type: Literal["date"]
    timestamp: int
    format: str = Field(min_length=1)
    url: str | None = None
    fallback: str | None = None


class BroadcastPiece(Piece):
    type: Literal["broadcast"]
    range: Literal["here", "channel", "everyone"]


class ColorPiece(Piece):
    type: Literal["color"]
    value: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$")


AnyPiece = Annotated[
    TextPiece
    | LinkPiece
    | UserPiece
    | GroupPiece
    | ChannelPiece
    | EmojiPiece
    | DatePiece
    | BroadcastPiece
    | ColorPiece,
    Field(discriminator="type"),
]
PlainPiece = Annotated[TextPiece | LinkPiece, Field(discriminator="type")]


class Section(Strict):
    type: Literal["rich_text_section"]
    elements: list[AnyPiece]


class ListPart(Strict):
    type: Literal["rich_text_list"]
    style: Literal["bullet", "ordered"]
    elements: list[Section] = Field(min_length=1)
    indent: int = Field(0, ge=0, le=8)
    offset: int = Field(0, ge=0)
    border: int = Field(0, ge=0, le=1)


class Quote(Strict):
    type: Literal["rich_text_quote"]
    elements: list[AnyPiece]
    border: int = Field(0, ge=0, le=1)


class Preformatted(Strict):
    type: Literal["rich_text_preformatted"]
    elements: list[PlainPiece]
    border: int = Field(0, ge=0, le=1)
    language: str | None = None


RichPart = Annotated[Section | ListPart | Quote | Preformatted, Field(discriminator="type")]


class RichText(Strict):
    type: Literal["rich_text"]
    block_id: Id | None = None
    elements: list[RichPart] = Field(min_length=1)
