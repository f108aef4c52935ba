"""Every Web API method that the simulation knows, with the scope it needs."""

from sandbox.slack.methods import app, chat, conversations, extra, files, people, views
from sandbox.slack.webapi import Method

HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
READ_ROOMS = ("channels:read", "groups:read", "im:read", "mpim:read")

METHODS = {
    "api.test": Method(extra.api_test, tokenless=True),
    "apps.connections.open": Method(app.open_connection, app_token=True),
    "auth.test": Method(app.auth_test),
    "bots.info": Method(extra.bot_info, ("users:read",)),
    "chat.delete": Method(chat.delete, ("chat:write",)),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",)),
    "chat.postMessage": Method(chat.post_message, ("chat:write",)),
    "chat.update": Method(chat.update, ("chat:write",)),
    "conversations.history": Method(extra.history, HISTORY),
    "conversations.info": Method(conversations.info, READ_ROOMS),
    "conversations.join": Method(extra.join, ("channels:join",)),
    "conversations.list": Method(conversations.list_all, READ_ROOMS),
    "conversations.members": Method(conversations.members, READ_ROOMS),
    "conversations.open": Method(conversations.open_direct, ("im:write", "mpim:write")),
    "conversations.replies": Method(extra.replies, HISTORY),
    "files.completeUploadExternal": Method(files.complete_upload, ("files:write",)),
    "files.getUploadURLExternal": Method(files.get_upload_url, ("files:write",)),
    "files.info": Method(files.info, ("files:read",)),
    "team.info": Method(extra.team_info, ("team:read",)),
    "usergroups.list": Method(people.group_list, ("usergroups:read",)),
    "usergroups.users.list": Method(people.group_users, ("usergroups:read",)),
    "users.info": Method(people.user_info, ("users:read",)),
    "users.list": Method(people.user_list, ("users:read",)),
    "views.open": Method(views.open_view),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
}
