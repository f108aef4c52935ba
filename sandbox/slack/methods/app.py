"""auth.test and apps.connections.open: who the bot is, and the door of Socket Mode."""

from sandbox.slack.cast import APP_ID
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace


def auth_test(workspace: Workspace, _args: Json) -> Json:
    bot = workspace.users[workspace.bot_user]
    return {
        "url": f"{workspace.origin}/",
        "team": workspace.team_name,
        "user": bot.name,
        "team_id": workspace.team_id,
        "user_id": bot.id,
        "bot_id": workspace.identity.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(workspace: Workspace, _args: Json) -> Json:
    host = workspace.origin.replace("http", "ws", 1)
    ticket = workspace.sockets.ticket()
    return {"url": f"{host}/link/?ticket={ticket}&app_id={APP_ID}"}
