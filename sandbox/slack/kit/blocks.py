"""Layout blocks that every surface has, and those of messages."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.slack.kit.composition import (
    Id,
    Mrkdwn,
    Plain,
    Plain75,
    Plain150,
    Plain2000,
    Strict,
    Text,
    Url,
    at_most,
)
from sandbox.slack.kit.elements import Accessory, ActionElement, Button, Image
from sandbox.slack.kit.inputs import InputElement


class Block(Strict):
    block_id: Id | None = None


class Section(Block):
    type: Literal["section"]
    text: Annotated[Text, at_most(3000)] | None = None
    fields: list[Annotated[Text, at_most(2000)]] | None = Field(None, min_length=1, max_length=10)
    accessory: Accessory | None = None
    expand: bool = False

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if self.text is None and self.fields is None:
            raise ValueError("missing required field: text or fields")
        return self


class Header(Block):
    type: Literal["header"]
    text: Plain150
    level: int | None = Field(None, ge=1, le=4)


class Divider(Block):
    type: Literal["divider"]


class ImageBlock(Block):
    type: Literal["image"]
    alt_text: str = Field(min_length=1, max_length=2000)
    title: Plain2000 | None = None
    image_url: Url | None = None
    slack_file: dict[str, str] | None = None

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.image_url is None) == (self.slack_file is None):
            raise ValueError("must have one of image_url and slack_file")
        return self


ContextElement = Annotated[Plain | Mrkdwn | Image, Field(discriminator="type")]


class Context(Block):
    type: Literal["context"]
    elements: list[ContextElement] = Field(min_length=1, max_length=10)

    @model_validator(mode="after")
    def _texts_are_short(self) -> Self:
        if any(len(getattr(element, "text", "")) > 2000 for element in self.elements):
            raise ValueError("must be less than 2001 characters")
        return self


class Actions(Block):
    type: Literal["actions"]
    elements: list[ActionElement] = Field(min_length=1, max_length=25)


class Input(Block):
    type: Literal["input"]
    label: Plain2000
    element: InputElement
    hint: Plain2000 | None = None
    optional: bool = False
    dispatch_action: bool = False


class Video(Block):
    type: Literal["video"]
    alt_text: str = Field(min_length=1)
    title: Annotated[Plain, at_most(199)]
    thumbnail_url: Url
    video_url: Url
    title_url: Url | None = None
    author_name: str | None = Field(None, max_length=49)
    description: Annotated[Plain, at_most(199)] | None = None
    provider_name: str | None = None
    provider_icon_url: Url | None = None


class FileBlock(Block):
    type: Literal["file"]
    external_id: str = Field(min_length=1)
    source: Literal["remote"]


class Markdown(Block):
    type: Literal["markdown"]
    text: str = Field(min_length=1, max_length=12_000)


class FeedbackButton(Strict):
    text: Plain75
    value: str = Field(max_length=2000)
    accessibility_label: str | None = Field(None, max_length=75)


class FeedbackButtons(Strict):
    type: Literal["feedback_buttons"]
    action_id: Id | None = None
    positive_button: FeedbackButton
    negative_button: FeedbackButton


class IconButton(Strict):
    type: Literal["icon_button"]
    icon: Literal["trash"]
    text: Plain75
    action_id: Id | None = None
    value: str | None = Field(None, max_length=2000)
    accessibility_label: str | None = Field(None, max_length=75)
    visible_to_user_ids: list[str] | None = None


ContextAction = Annotated[FeedbackButtons | IconButton, Field(discriminator="type")]


class ContextActions(Block):
    type: Literal["context_actions"]
    elements: list[ContextAction] = Field(min_length=1, max_length=5)


class Alert(Block):
    type: Literal["alert"]
    text: Text
    level: Literal["default", "info", "warning", "error", "success"] = "default"


class Card(Block):
    type: Literal["card"]
    title: Annotated[Text, at_most(150)] | None = None
    subtitle: Annotated[Text, at_most(150)] | None = None
    body: Annotated[Text, at_most(200)] | None = None
    hero_image: Image | None = None
    icon: Image | None = None
    actions: list[Button] | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if not (self.title or self.body or self.hero_image or self.actions):
            raise ValueError("missing required field: title, body, hero_image or actions")
        return self


class Carousel(Block):
    type: Literal["carousel"]
    elements: list[Card] = Field(min_length=1, max_length=10)
