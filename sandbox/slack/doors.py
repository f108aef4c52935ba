"""The doors beside the Web API: socket, uploads, downloads, response URLs."""

import json

from aiohttp import web

from sandbox.slack.answering import answer_url
from sandbox.slack.refusal import Refused
from sandbox.slack.sockets import PING_SECONDS, Connection
from sandbox.slack.workspace import Workspace

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>"


class Doors:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def socket(self, request: web.Request) -> web.StreamResponse:
        workspace = self._workspace
        if workspace.faults.outage():
            return web.Response(status=503)
        if not workspace.sockets.admit(request.query.get("ticket", "")):
            return web.Response(status=403)
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS)
        await socket.prepare(request)
        connection = Connection(socket, request.transport)
        await workspace.sockets.serve(connection, workspace.identity.app_id)
        return socket

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take a file's bytes, raw or as the one part of a form."""
        ticket = self._workspace.files.tickets.get(request.match_info["key"])
        if ticket is None:
            return web.Response(status=404, text="not_found")
        content = await _content(request)
        if len(content) != ticket.length:
            return web.Response(status=400, text="length does not match")
        ticket.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file for the bot's token; anyone else is sent to the sign-in page, with a 200."""
        _, _, file_id = request.match_info["place"].partition("-")
        file = self._workspace.files.known.get(file_id)
        settings = self._workspace.settings
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if token != settings.bot_token or "files:read" not in settings.scopes:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        if file is None or not file.bot_may_read:
            return web.Response(status=404, text=LOGIN_PAGE, content_type="text/html")
        return web.Response(body=file.content, content_type=file.mimetype)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """A response URL: `ok`, or the word of the refusal as plain text."""
        workspace = self._workspace
        call = workspace.calls.call("response_url", {})
        if workspace.faults.outage():
            return web.Response(status=503)
        try:
            call.args = body = json.loads(await request.text())
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        lifetime = workspace.settings.response_url_seconds
        place = workspace.response_urls.use(request.match_info["key"], lifetime)
        if isinstance(place, str):
            call.error, call.status = place, 404
            return web.Response(status=404, text=place)
        try:
            answer_url(workspace, place, body)
        except Refused as refusal:
            call.error, call.status = refusal.error, 400
            return web.Response(status=400, text=refusal.error)
        call.ok = True
        return web.Response(text="ok")


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    part = await (await request.multipart()).next()
    return bytes(await part.read()) if part is not None and hasattr(part, "read") else b""
