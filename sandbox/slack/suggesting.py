"""Typing into an external select: the app is asked for options, within the time to acknowledge."""

from dataclasses import dataclass
from typing import Self

from pydantic import Field, ValidationError, model_validator

from sandbox.slack import payloads
from sandbox.slack.actions import find_element
from sandbox.slack.acts import Person
from sandbox.slack.delivery import Outcome
from sandbox.slack.form import BadAct, flat, is_external
from sandbox.slack.kit.composition import MenuOption, OptionGroup, Strict
from sandbox.slack.open_views import OpenView
from sandbox.slack.problems import nulls, problems_of
from sandbox.slack.refusal import refused_arguments
from sandbox.slack.rooms import Message, Room
from sandbox.slack.shapes import Json
from sandbox.slack.submitting import TROUBLE, spoilt

LEAST_QUERY = 3
"""Characters typed before the app is asked, where the element does not say."""


class Suggestion(Strict):
    """An app's answer; both lists may be empty, which the person sees as no result."""

    options: list[MenuOption] | None = Field(None, max_length=100)
    option_groups: list[OptionGroup] | None = Field(None, max_length=100)

    @model_validator(mode="after")
    def _has_one_list(self) -> Self:
        if (self.options is None) == (self.option_groups is None):
            raise ValueError("must have one of options and option_groups")
        return self


@dataclass(frozen=True)
class Menu:
    """The external select a person types into.

    `shown` is the id of its view or the ts of its message, `place` what a payload says of that.
    """

    block: Json
    element: Json
    shown: str
    place: Json


def menu_in_view(person: Person, shown: OpenView, wanted: Json) -> Menu:
    place = payloads.view_place(person.workspace, shown)
    return Menu(*_found(shown.view["blocks"], wanted), shown.id, place)


def menu_in_message(person: Person, room: Room, message: Message, wanted: Json) -> Menu:
    place = payloads.message_place(person.workspace, room, message)
    return Menu(*_found(message.blocks, wanted), message.ts, place)


def _found(blocks: list[Json], wanted: Json) -> tuple[Json, Json]:
    block, element = find_element(blocks, str(wanted["action_id"]), wanted.get("block_id"))
    if not is_external(element):
        raise BadAct(f"{element['action_id']} has its options itself: nobody is asked for them")
    return block, element


async def suggest(person: Person, menu: Menu, text: str) -> Outcome:
    """Type `text`; the outcome's body has `options` or `option_groups`.

    An answer Slack cannot use shows the person nothing: error `invalid_response`, the body says
    why. Too short a text is not delivered.
    """
    if len(text) < menu.element.get("min_query_length", LEAST_QUERY):
        return Outcome(acked=True, body={"delivered": False})
    where = menu.place | {
        "action_id": menu.element["action_id"],
        "block_id": menu.block["block_id"],
    }
    payload = payloads.block_suggestion(person.workspace, person.user, where, text)
    outcome = await person.workspace.delivery.send("interactive", payload, answers=True)
    if outcome.acked:
        _take(person, menu, outcome)
    return outcome


def _take(person: Person, menu: Menu, outcome: Outcome) -> None:
    """Let the person choose what was suggested, or spoil an answer that Slack cannot use."""
    body = outcome.body or {}
    if problems := suggestion_problems(body):
        outcome.error, outcome.body = TROUBLE, spoilt(body, refused_arguments(problems))
        return
    person.offers(menu.shown, menu.block, menu.element).extend(flat(body))


def suggestion_problems(body: Json) -> list[str]:
    try:
        Suggestion.model_validate(body)
    except ValidationError as error:
        return problems_of(error, body, "")
    return nulls(body, "")
