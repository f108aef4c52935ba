"""Every Web API method that the simulation knows, with the scope it needs."""

from sandbox.slack.methods import app, chat, conversations, files, people, views
from sandbox.slack.webapi import Method

READ_ROOMS = ("channels:read", "groups:read", "im:read", "mpim:read")

METHODS = {
    "apps.connections.open": Method(app.open_connection, app_token=True),
    "auth.test": Method(app.auth_test),
    "chat.delete": Method(chat.delete, ("chat:write",)),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",)),
    "chat.postMessage": Method(chat.post_message, ("chat:write",)),
    "chat.update": Method(chat.update, ("chat:write",)),
    "conversations.info": Method(conversations.info, READ_ROOMS),
    "conversations.list": Method(conversations.list_all, READ_ROOMS),
    "conversations.members": Method(conversations.members, READ_ROOMS),
    "conversations.open": Method(conversations.open_direct, ("im:write", "mpim:write")),
    "files.completeUploadExternal": Method(files.complete_upload, ("files:write",)),
    "files.getUploadURLExternal": Method(files.get_upload_url, ("files:write",)),
    "files.info": Method(files.info, ("files:read",)),
    "usergroups.list": Method(people.group_list, ("usergroups:read",)),
    "usergroups.users.list": Method(people.group_users, ("usergroups:read",)),
    "users.info": Method(people.user_info, ("users:read",)),
    "users.list": Method(people.user_list, ("users:read",)),
    "views.open": Method(views.open_view),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
}
