"""views.*: forms on a person's stack, and the Home tab."""

from sandbox.slack.arguments import text_of
from sandbox.slack.open_views import OpenView
from sandbox.slack.refusal import Refused
from sandbox.slack.shapes import Json
from sandbox.slack.triggers import Trigger
from sandbox.slack.views import check_view
from sandbox.slack.workspace import Workspace


def open_view(workspace: Workspace, args: Json) -> Json:
    view = check_view(args.get("view"), "modal")
    trigger = _exchanged(workspace, args)
    return _shown(workspace, workspace.views.open(trigger.user, view))


def push(workspace: Workspace, args: Json) -> Json:
    view = check_view(args.get("view"), "modal")
    trigger = _exchanged(workspace, args)
    return _shown(workspace, workspace.views.push(trigger.user, view))


def update(workspace: Workspace, args: Json) -> Json:
    view_id, external_id = str(args.get("view_id") or ""), str(args.get("external_id") or "")
    if not view_id and not external_id:
        text_of(args, "view_id")
    view = check_view(args.get("view"), None)
    shown = workspace.views.find(view_id=view_id, external_id=external_id)
    if shown is None or shown.view["type"] != view["type"]:
        raise Refused("not_found")
    _check_hash(args, shown)
    workspace.views.update(shown, view)
    return _shown(workspace, shown)


def publish(workspace: Workspace, args: Json) -> Json:
    user = text_of(args, "user_id")
    person = workspace.users.get(user)
    if person is None or person.deleted:
        raise Refused("user_not_found")
    view = check_view(args.get("view"), "home")
    home = workspace.views.homes.get(user)
    if home is not None:
        _check_hash(args, home)
    return _shown(workspace, workspace.views.publish(user, view))


def _exchanged(workspace: Workspace, args: Json) -> Trigger:
    trigger_id = text_of(args, "trigger_id")
    return workspace.triggers.exchange(trigger_id, workspace.settings.trigger_seconds)


def _check_hash(args: Json, shown: OpenView) -> None:
    wanted = args.get("hash")
    if wanted and wanted != shown.hash:
        raise Refused("hash_conflict")


def _shown(workspace: Workspace, shown: OpenView) -> Json:
    workspace.changes.mark()
    return {"view": workspace.view_json(shown)}
