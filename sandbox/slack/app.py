"""The simulated Slack as one aiohttp application, on one origin."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.slack.control import control_routes
from sandbox.slack.doors import Doors
from sandbox.slack.methods.catalogue import METHODS
from sandbox.slack.webapi import WebApi
from sandbox.slack.workspace import Workspace

MOST_BYTES = 64 * 1024 * 1024


def slack_app(workspace: Workspace) -> web.Application:
    """Web API under /api/, Socket Mode, files and response URLs.

    Every URL it hands out begins with `workspace.origin`, which the first request sets to the
    address it came by, where nobody has set it before.
    """
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[_knows_origin(workspace)])
    app.add_routes(slack_routes(workspace))
    app.cleanup_ctx.append(_closing(workspace))
    return app


def slack_routes(workspace: Workspace) -> list[web.RouteDef]:
    api = WebApi(workspace, METHODS)
    doors = Doors(workspace)
    return [
        web.get("/api/{method}", api.handle),
        web.post("/api/{method}", api.handle),
        web.get("/link/", doors.socket),
        web.post("/upload/v1/{key}", doors.upload),
        web.get("/files-pri/{place}/{name}", doors.download),
        web.get("/files-pri/{place}/download/{name}", doors.download),
        web.post("/commands/{team}/{key}", doors.respond),
        web.post("/actions/{team}/{key}", doors.respond),
    ]


def _knows_origin(workspace: Workspace) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not workspace.origin:
            workspace.origin = f"{request.scheme}://{request.host}"
        return await handler(request)

    return middleware


def _closing(workspace: Workspace) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(_app: web.Application) -> AsyncIterator[None]:
        yield
        await workspace.delivery.close()

    return context


@dataclass
class Served:
    """A running sandbox: `url` has no path and no trailing slash."""

    url: str
    workspace: Workspace
    _runner: web.AppRunner

    @property
    def api_url(self) -> str:
        """What a bot takes as SLACK_API_URL."""
        return f"{self.url}/api/"

    async def close(self) -> None:
        self.workspace.sockets.drop()
        await self._runner.cleanup()


async def serve(workspace: Workspace, host: str = "127.0.0.1", port: int = 0) -> Served:
    """Serve Slack and its control API; port 0 takes a free one."""
    app = slack_app(workspace)
    app.add_routes(control_routes(workspace))
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    bound = runner.addresses[0]
    workspace.origin = f"http://{bound[0]}:{bound[1]}"
    return Served(workspace.origin, workspace, runner)
