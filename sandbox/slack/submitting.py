"""Submitting and closing forms, and what the app's answer does to them."""

from sandbox.slack import payloads
from sandbox.slack.acts import Person
from sandbox.slack.delivery import Outcome
from sandbox.slack.files import File
from sandbox.slack.form import BadAct, filled
from sandbox.slack.form_rules import refused_by_client
from sandbox.slack.naming import elements_of
from sandbox.slack.open_views import OpenView
from sandbox.slack.refusal import Refused
from sandbox.slack.shapes import Json
from sandbox.slack.views import check_view

TROUBLE = "invalid_response"
"""The form says that it had trouble connecting, and stays."""


async def submit(person: Person, view_id: str, values: Json) -> Outcome:
    """Fill the fields of `values` and press the form's button.

    What Slack's client itself refuses is not delivered: error `client_refused`, the body's
    `errors` by block_id.
    """
    shown = person.view(view_id)
    if shown.view["type"] != "modal" or shown.view.get("submit") is None:
        raise BadAct("this view has no submit button")
    fill(person, shown, values)
    if errors := refused_by_client(shown.view["blocks"], shown.values):
        return Outcome(acked=False, body={"errors": errors}, error="client_refused")
    payload = payloads.view_submission(person.workspace, person.user, shown)
    outcome = await person.workspace.delivery.send("interactive", payload, answers=True)
    if outcome.acked:
        _obey(person, shown, outcome)
        person.workspace.changes.mark()
    return outcome


async def close(person: Person, view_id: str, *, clear: bool) -> Outcome | None:
    """Close one view, or with `clear` the whole stack; the app hears of it if it asked to."""
    shown = person.view(view_id)
    clear = clear or bool(shown.view.get("clear_on_close"))
    person.workspace.views.close(_root(person, shown) if clear else shown)
    person.workspace.changes.mark()
    if not shown.view.get("notify_on_close"):
        return None
    payload = payloads.view_closed(person.workspace, person.user, shown, cleared=clear)
    return await person.workspace.delivery.send("interactive", payload)


def fill(person: Person, shown: OpenView, values: Json) -> None:
    """Put values, given by block_id and action_id, into the form's state."""
    for block_id, fields in values.items():
        for action_id, value in fields.items():
            block, element = _element(shown, block_id, action_id)
            chosen = _files(person, value) if element["type"] == "file_input" else value
            offers = person.offers(shown.id, block, element)
            shown.values[block_id][action_id] = filled(element, chosen, offers)
    person.workspace.changes.mark()


def _element(shown: OpenView, block_id: str, action_id: str) -> tuple[Json, Json]:
    for block in shown.view["blocks"]:
        for element in elements_of(block):
            if (block["block_id"], element["action_id"]) == (block_id, action_id):
                return block, element
    raise BadAct(f"this form has no field {block_id!r} {action_id!r}")


def _files(person: Person, value: object) -> list[Json]:
    """The file objects of the ids chosen; sending them lets the app read them."""
    names = value["files"] if isinstance(value, dict) else value
    if not isinstance(names, list):
        raise BadAct("files are given as a list of ids")
    files = [_own_file(person, str(name)) for name in names]
    for file in files:
        file.bot_may_read = True
    workspace = person.workspace
    return [file.as_json(workspace.origin, workspace.team_id) for file in files]


def _own_file(person: Person, name: str) -> File:
    file = person.workspace.files.known.get(name)
    if file is None or file.user != person.user.id:
        raise BadAct(f"{person.user.id} has no file {name!r}")
    return file


def _obey(person: Person, shown: OpenView, outcome: Outcome) -> None:
    """Do what the answer says; an answer Slack cannot use leaves the form as it is."""
    body = outcome.body or {}
    views = person.workspace.views
    try:
        match body.get("response_action"):
            case None:
                views.close(shown)
            case "clear":
                views.close(_root(person, shown))
            case "update":
                views.update(shown, check_view(body.get("view"), "modal"))
            case "push":
                views.push(person.user.id, check_view(body.get("view"), "modal"))
            case "errors":
                shown.errors = _known_errors(shown, body.get("errors"))
            case _:
                outcome.error = TROUBLE
    except Refused as refusal:
        outcome.error, outcome.body = TROUBLE, spoilt(body, refusal)


def spoilt(body: Json, refusal: Refused) -> Json:
    """The app's answer with why Slack cannot use it."""
    return {**body, "refused": refusal.error, "details": refusal.details}


def _root(person: Person, shown: OpenView) -> OpenView:
    return person.workspace.views.stacks.get(person.user.id, [shown])[0]


def _known_errors(shown: OpenView, errors: object) -> Json:
    """Errors go under input blocks only, each a sentence."""
    asked = {b["block_id"] for b in shown.view["blocks"] if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= asked:
        raise Refused("invalid_errors")
    if not all(isinstance(text, str) and text for text in errors.values()):
        raise Refused("invalid_errors")
    return errors
