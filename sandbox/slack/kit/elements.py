"""Interactive elements: buttons, menus, pickers. Limits are in characters or items."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.slack.kit.composition import (
    Confirm,
    ConversationFilter,
    Id,
    MenuOption,
    Option,
    OptionGroup,
    OverflowOption,
    Plain75,
    Plain150,
    Strict,
    Url,
)


class Element(Strict):
    action_id: Id | None = None
    confirm: Confirm | None = None
    focus_on_load: bool = False


class Button(Strict):
    type: Literal["button"]
    text: Plain75
    action_id: Id | None = None
    url: Url | None = None
    value: str | None = Field(None, max_length=2000)
    style: Literal["primary", "danger"] | None = None
    confirm: Confirm | None = None
    accessibility_label: str | None = Field(None, max_length=75)


class Overflow(Strict):
    type: Literal["overflow"]
    action_id: Id | None = None
    options: list[OverflowOption] = Field(min_length=1, max_length=5)
    confirm: Confirm | None = None


class Image(Strict):
    type: Literal["image"]
    alt_text: str = Field(min_length=1, max_length=2000)
    image_url: Url | None = None
    slack_file: dict[str, str] | None = None

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.image_url is None) == (self.slack_file is None):
            raise ValueError("must have one of image_url and slack_file")
        return self


class Options(Element):
    placeholder: Plain150 | None = None
    options: list[MenuOption] | None = Field(None, min_length=1, max_length=100)
    option_groups: list[OptionGroup] | None = Field(None, min_length=1, max_length=100)

    @model_validator(mode="after")
    def _has_one_list(self) -> Self:
        if (self.options is None) == (self.option_groups is None):
            raise ValueError("must have one of options and option_groups")
        return self

    def check_initial(self, chosen: list[MenuOption]) -> None:
        groups = self.option_groups or []
        known = [*(self.options or []), *(o for g in groups for o in g.options)]
        if any(option not in known for option in chosen):
            raise ValueError("initial option must match one of the options exactly")


class StaticSelect(Options):
    type: Literal["static_select"]
    initial_option: MenuOption | None = None

    @model_validator(mode="after")
    def _initial_is_an_option(self) -> Self:
        self.check_initial([self.initial_option] if self.initial_option else [])
        return self


class MultiStaticSelect(Options):
    type: Literal["multi_static_select"]
    initial_options: list[MenuOption] | None = Field(None, min_length=1, max_length=100)
    max_selected_items: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _initial_are_options(self) -> Self:
        self.check_initial(self.initial_options or [])
        return self


class Menu(Element):
    placeholder: Plain150 | None = None


class MultiMenu(Menu):
    max_selected_items: int | None = Field(None, ge=1)


class ExternalSelect(Menu):
    type: Literal["external_select"]
    min_query_length: int = Field(3, ge=0)
    initial_option: MenuOption | None = None


class MultiExternalSelect(MultiMenu):
    type: Literal["multi_external_select"]
    min_query_length: int = Field(3, ge=0)
    initial_options: list[MenuOption] | None = Field(None, min_length=1, max_length=100)


class UsersSelect(Menu):
    type: Literal["users_select"]
    initial_user: str | None = None


class MultiUsersSelect(MultiMenu):
    type: Literal["multi_users_select"]
    initial_users: list[str] | None = None


class ChannelsSelect(Menu):
    type: Literal["channels_select"]
    initial_channel: str | None = None
    response_url_enabled: bool = False


class MultiChannelsSelect(MultiMenu):
    type: Literal["multi_channels_select"]
    initial_channels: list[str] | None = None


class ConversationsSelect(Menu):
    type: Literal["conversations_select"]
    initial_conversation: str | None = None
    default_to_current_conversation: bool = False
    response_url_enabled: bool = False
    filter: ConversationFilter | None = None


class MultiConversationsSelect(MultiMenu):
    type: Literal["multi_conversations_select"]
    initial_conversations: list[str] | None = None
    default_to_current_conversation: bool = False
    filter: ConversationFilter | None = None


class Choices(Element):
    options: list[Option] = Field(min_length=1, max_length=10)


class Checkboxes(Choices):
    type: Literal["checkboxes"]
    initial_options: list[Option] | None = Field(None, min_length=1, max_length=10)

    @model_validator(mode="after")
    def _initial_are_options(self) -> Self:
        if any(option not in self.options for option in self.initial_options or []):
            raise ValueError("initial option must match one of the options exactly")
        return self


class RadioButtons(Choices):
    type: Literal["radio_buttons"]
    initial_option: Option | None = None

    @model_validator(mode="after")
    def _initial_is_an_option(self) -> Self:
        if self.initial_option is not None and self.initial_option not in self.options:
            raise ValueError("initial option must match one of the options exactly")
        return self


class DatePicker(Menu):
    type: Literal["datepicker"]
    initial_date: str | None = Field(None, pattern=r"^\d{4}-\d\d-\d\d$")


class TimePicker(Menu):
    type: Literal["timepicker"]
    initial_time: str | None = Field(None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    timezone: str | None = None


class DateTimePicker(Element):
    type: Literal["datetimepicker"]
    initial_date_time: int | None = Field(None, ge=1_000_000_000, le=9_999_999_999)


Menus = (
    StaticSelect
    | MultiStaticSelect
    | ExternalSelect
    | MultiExternalSelect
    | UsersSelect
    | MultiUsersSelect
    | ChannelsSelect
    | MultiChannelsSelect
    | ConversationsSelect
    | MultiConversationsSelect
)
Pickers = Checkboxes | RadioButtons | DatePicker | TimePicker
Accessory = Annotated[Button | Overflow | Image | Menus | Pickers, Field(discriminator="type")]
ActionElement = Annotated[
    Button | Overflow | Menus | Pickers | DateTimePicker, Field(discriminator="type")
]
