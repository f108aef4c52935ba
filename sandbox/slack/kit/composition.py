"""Composition objects: texts, options, confirmations. Limits are in characters."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Nothing converted, nothing unknown let through: as Slack does."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Plain(Strict):
    type: Literal["plain_text"]
    text: str = Field(min_length=1)
    emoji: bool = True


class Mrkdwn(Strict):
    type: Literal["mrkdwn"]
    text: str = Field(min_length=1)
    verbatim: bool = False


Text = Annotated[Plain | Mrkdwn, Field(discriminator="type")]


def at_most(characters: int) -> AfterValidator:
    """Bound the `text` of a text object."""
    return AfterValidator(_bound(characters))


def _bound(characters: int) -> Callable[[Plain | Mrkdwn], Plain | Mrkdwn]:
    def check(text: Plain | Mrkdwn) -> Plain | Mrkdwn:
        if len(text.text) > characters:
            raise ValueError(f"must be less than {characters + 1} characters")
        return text

    return check


Plain24 = Annotated[Plain, at_most(24)]
Plain30 = Annotated[Plain, at_most(30)]
Plain75 = Annotated[Plain, at_most(75)]
Plain100 = Annotated[Plain, at_most(100)]
Plain150 = Annotated[Plain, at_most(150)]
Plain2000 = Annotated[Plain, at_most(2000)]

Id = Annotated[str, Field(min_length=1, max_length=255)]
Url = Annotated[str, Field(min_length=1, max_length=3000, pattern=r"^(https?|mailto|slack|tel):")]


class Option(Strict):
    """Of checkboxes and radio buttons. The stricter of two published figures for the value.

    Source: option-object page, whose older copies and SDKs say 75, the newest 150.
    """

    text: Annotated[Text, at_most(75)]
    value: str = Field(min_length=1, max_length=75)
    description: Annotated[Text, at_most(75)] | None = None


class MenuOption(Option):
    """Of menus, which take no mrkdwn."""

    text: Plain75
    description: Plain75 | None = None


class OverflowOption(MenuOption):
    """The only one that may open a page."""

    url: Url | None = None


class OptionGroup(Strict):
    label: Plain75
    options: list[MenuOption] = Field(min_length=1, max_length=100)


class Confirm(Strict):
    title: Plain100
    text: Annotated[Text, at_most(300)]
    confirm: Plain30
    deny: Plain30
    style: Literal["primary", "danger"] | None = None


class ConversationFilter(Strict):
    include: list[Literal["im", "mpim", "private", "public"]] | None = Field(None, min_length=1)
    exclude_external_shared_channels: bool = False
    exclude_bot_users: bool = False


class DispatchConfig(Strict):
    trigger_actions_on: list[Literal["on_enter_pressed", "on_character_entered"]] = Field(
        min_length=1
    )
