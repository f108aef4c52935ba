"""users.* and usergroups.*: who there is, and who is in which group."""

from sandbox.slack.arguments import flag, text_of
from sandbox.slack.methods.paging import page
from sandbox.slack.refusal import Refused
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace


def user_info(workspace: Workspace, args: Json) -> Json:
    user = workspace.users.get(text_of(args, "user"))
    if user is None:
        raise Refused("user_not_found")
    return {"user": user.as_json(include_locale=flag(args, "include_locale"))}


def user_list(workspace: Workspace, args: Json) -> Json:
    locale = flag(args, "include_locale")
    shown = [u.as_json(include_locale=locale) for u in workspace.users.values()]
    return page("members", shown, args)


def group_list(workspace: Workspace, args: Json) -> Json:
    users, count = flag(args, "include_users"), flag(args, "include_count")
    groups = [
        g.as_json(workspace.team_id, include_users=users, include_count=count)
        for g in workspace.groups.values()
        if not g.disabled or flag(args, "include_disabled")
    ]
    return {"usergroups": groups}


def group_users(workspace: Workspace, args: Json) -> Json:
    group = workspace.groups.get(text_of(args, "usergroup"))
    if group is None or (group.disabled and not flag(args, "include_disabled")):
        raise Refused("no_such_subteam")
    return {"users": list(group.users)}
