"""The control API: what the sandbox's page and the tests look at and act through."""

from aiohttp import web

from sandbox.slack.control_acts import Acts
from sandbox.slack.control_setup import Setup
from sandbox.slack.guard import Handler, body_of, guarded
from sandbox.slack.picture import picture
from sandbox.slack.waiting import wait_for
from sandbox.slack.workspace import Workspace

ROOT = "/control/slack"
LONGEST_POLL = 60.0


def control_routes(workspace: Workspace) -> list[web.RouteDef]:
    """Routes under /control/slack, each guarded; sandbox/README.md lists them."""
    acts, setup, watch = Acts(workspace), Setup(workspace), Watch(workspace)
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/state", watch.state),
        ("GET", "/changes", watch.changes),
        ("GET", "/calls", watch.calls),
        ("GET", "/files/{id}", watch.file),
        ("POST", "/wait", watch.wait),
        ("POST", "/command", acts.command),
        ("POST", "/click", acts.click),
        ("POST", "/submit", acts.submit),
        ("POST", "/fill", acts.fill),
        ("POST", "/close", acts.close),
        ("POST", "/upload", acts.upload),
        ("POST", "/say", acts.say),
        ("POST", "/mention", acts.mention),
        ("POST", "/home", acts.home),
        ("POST", "/shortcut", acts.shortcut),
        ("POST", "/suggest", acts.suggest),
        ("PUT", "/people", setup.people),
        ("PUT", "/groups", setup.groups),
        ("PUT", "/channels", setup.channels),
        ("PUT", "/transport", setup.transport),
        ("PUT", "/app", setup.app),
        ("PUT", "/limits", setup.limits),
        ("POST", "/faults", setup.add_fault),
        ("DELETE", "/faults", setup.clear_faults),
        ("POST", "/reset", setup.reset),
    ]
    return [web.route(verb, ROOT + path, guarded(handler)) for verb, path, handler in routes]


class Watch:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def state(self, request: web.Request) -> web.Response:
        viewer = request.query.get("user")
        if viewer is not None and viewer not in self._workspace.users:
            return web.json_response({"error": f"no user {viewer!r}"}, status=404)
        return web.json_response(picture(self._workspace, viewer))

    async def changes(self, request: web.Request) -> web.Response:
        """Answers when the workspace has moved past `after`, at the latest after `timeout` s."""
        after = int(request.query.get("after", "0"))
        seconds = min(float(request.query.get("timeout", "25")), LONGEST_POLL)
        seq = await self._workspace.changes.after(after, seconds)
        return web.json_response({"seq": seq, "changed": seq > after})

    async def calls(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", "0"))
        return web.json_response(self._workspace.calls.since(since, request.query.get("method")))

    async def file(self, request: web.Request) -> web.StreamResponse:
        file = self._workspace.files.known.get(request.match_info["id"])
        if file is None:
            return web.json_response({"error": "no such file"}, status=404)
        # Never shown as a page: a file is what somebody uploaded.
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, content_type=file.mimetype, headers=headers)

    async def wait(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        seconds = min(float(body.get("timeout", 10)), LONGEST_POLL)
        found = await wait_for(self._workspace, body["condition"], seconds)
        if found is None:
            return web.json_response({"error": "timeout"}, status=408)
        return web.json_response({"match": found})
