"""Views that people have before them: a stack of at most three forms each, and a Home tab."""

import secrets
import time
from dataclasses import dataclass, field

from sandbox.slack.form import initial_values
from sandbox.slack.naming import name_parts
from sandbox.slack.refusal import Refused
from sandbox.slack.shapes import Json

STACK = 3


@dataclass
class OpenView:
    id: str
    user: str
    view: Json
    """The view as the bot gave it, its blocks and actions named."""
    values: Json = field(default_factory=dict)
    root_id: str = ""
    previous_id: str | None = None
    hash: str = ""
    errors: Json = field(default_factory=dict)
    """What the last submission was answered, by block_id."""

    def replace(self, view: Json) -> None:
        """Show another view in this place; what was typed stays where its field stayed."""
        self.view = view | {"blocks": name_parts(view["blocks"])}
        self.values = initial_values(self.view["blocks"], before=self.values)
        self.hash = f"{time.time():.6f}.{secrets.token_hex(4)}"
        self.errors = {}


@dataclass
class Identity:
    """What every view object says of its workspace and app."""

    team_id: str
    app_id: str
    bot_id: str


def as_json(shown: OpenView, identity: Identity) -> Json:
    """The whole view object, as `views.open` answers and interactions carry it."""
    whole: Json = {"id": shown.id, "team_id": identity.team_id, "type": shown.view["type"]}
    whole |= {"private_metadata": "", "callback_id": "", "external_id": ""}
    whole |= {"title": None, "close": None, "submit": None}
    whole |= {"clear_on_close": False, "notify_on_close": False}
    whole |= shown.view
    whole |= {
        "state": {"values": shown.values},
        "hash": shown.hash,
        "previous_view_id": shown.previous_id,
        "root_view_id": shown.root_id,
        "app_id": identity.app_id,
        "app_installed_team_id": identity.team_id,
        "bot_id": identity.bot_id,
    }
    return whole


class Views:
    def __init__(self) -> None:
        self.stacks: dict[str, list[OpenView]] = {}
        self.homes: dict[str, OpenView] = {}

    def open(self, user: str, view: Json) -> OpenView:
        """Show a form alone, in place of all that was open."""
        self._check_external_id(view, None)
        shown = new_view(user, view)
        self.stacks[user] = [shown]
        return shown

    def push(self, user: str, view: Json) -> OpenView:
        stack = self.stacks.get(user, [])
        if not stack:
            raise Refused("not_found")
        if len(stack) >= STACK:
            raise Refused("push_limit_reached")
        self._check_external_id(view, None)
        shown = new_view(user, view)
        shown.root_id, shown.previous_id = stack[0].id, stack[-1].id
        stack.append(shown)
        return shown

    def update(self, shown: OpenView, view: Json) -> None:
        self._check_external_id(view, shown)
        shown.replace(view)

    def publish(self, user: str, view: Json) -> OpenView:
        home = self.homes.get(user)
        if home is None:
            home = self.homes[user] = new_view(user, view)
        else:
            home.replace(view)
        return home

    def top(self, user: str) -> OpenView | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def find(self, *, view_id: str = "", external_id: str = "") -> OpenView | None:
        for shown in self._all():
            if view_id and shown.id == view_id:
                return shown
            if external_id and shown.view.get("external_id") == external_id:
                return shown
        return None

    def close(self, shown: OpenView) -> None:
        """Take the view off its owner's stack, with all that lies on top of it."""
        stack = self.stacks.get(shown.user, [])
        if shown in stack:
            del stack[stack.index(shown) :]

    def _all(self) -> list[OpenView]:
        forms = [shown for stack in self.stacks.values() for shown in stack]
        return forms + list(self.homes.values())

    def _check_external_id(self, view: Json, own: OpenView | None) -> None:
        external_id = view.get("external_id")
        if external_id and self.find(external_id=external_id) not in (None, own):
            raise Refused("duplicate_external_id")


def new_view(user: str, view: Json) -> OpenView:
    shown = OpenView("V0" + secrets.token_hex(5).upper(), user, {})
    shown.root_id = shown.id
    shown.replace(view)
    return shown
