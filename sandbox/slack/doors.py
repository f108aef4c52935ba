"""The doors beside the Web API: socket, uploads, downloads, response URLs."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import BodyPartReader, web

from sandbox.slack import disturbance
from sandbox.slack.answering import answer_url
from sandbox.slack.calls import Call
from sandbox.slack.refusal import Refused
from sandbox.slack.sockets import PING_SECONDS, Connection
from sandbox.slack.workspace import Workspace

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>"

Entry = Callable[[web.Request, Call], Awaitable[web.Response]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Doors:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.upload = self._recorded("upload", self._upload)
        self.download = self._recorded("download", self._download)
        self.respond = self._recorded("response_url", self._respond)

    def _recorded(self, name: str, entry: Entry) -> Handler:
        """Record each use under `name`, and let faults of that name happen to it."""

        async def handler(request: web.Request) -> web.StreamResponse:
            workspace = self._workspace
            call = workspace.calls.call(name)
            answer: web.StreamResponse | None = await disturbance.before(workspace.faults, call)
            if answer is None:
                own = await entry(request, call)
                call.ok = own.status == 200
                call.error = None if call.ok else own.text
                answer = disturbance.after(workspace.faults, call, request, own)
            call.status, call.finished = answer.status, True
            workspace.changes.mark()
            return answer

        return handler

    async def socket(self, request: web.Request) -> web.StreamResponse:
        workspace = self._workspace
        if workspace.faults.outage():
            return web.Response(status=503)
        if not workspace.sockets.admit(request.query.get("ticket", "")):
            return web.Response(status=403)
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS)
        await socket.prepare(request)
        workspace.changes.mark()
        connection = Connection(socket, request.transport)
        await workspace.sockets.serve(connection, workspace.identity.app_id)
        workspace.changes.mark()
        return socket

    async def _upload(self, request: web.Request, call: Call) -> web.Response:
        """Take a file's bytes, raw or as the one part of a form."""
        ticket = self._workspace.files.tickets.get(request.match_info["key"])
        if ticket is None:
            return web.Response(status=404, text="not_found")
        content = await _content(request)
        call.args = {"file": ticket.file_id, "size": len(content)}
        if len(content) != ticket.length:
            return web.Response(status=400, text="length_mismatch")
        ticket.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def _download(self, request: web.Request, call: Call) -> web.Response:
        """A file for the bot's token; anyone else is sent to the sign-in page, with a 200."""
        _, _, file_id = request.match_info["place"].partition("-")
        call.args = {"file": file_id}
        file = self._workspace.files.known.get(file_id)
        settings = self._workspace.settings
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if token != settings.bot_token or "files:read" not in settings.scopes:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        if file is None or not file.bot_may_read:
            return web.Response(status=404, text="file_not_found")
        return web.Response(body=file.content, content_type=file.mimetype)

    async def _respond(self, request: web.Request, call: Call) -> web.Response:
        """A response URL: `ok`, or the word of the refusal as plain text."""
        workspace = self._workspace
        try:
            call.args = body = json.loads(await request.text())
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        lifetime = workspace.settings.response_url_seconds
        place = workspace.response_urls.use(request.match_info["key"], lifetime)
        if isinstance(place, str):
            return web.Response(status=404, text=place)
        try:
            answer_url(workspace, place, body)
        except Refused as refusal:
            return web.Response(status=400, text=refusal.error)
        return web.Response(text="ok")


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    part = await (await request.multipart()).next()
    return bytes(await part.read()) if isinstance(part, BodyPartReader) else b""
