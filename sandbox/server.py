"""The whole sandbox in one process: a Slack, a cloud, and an origin to look at and steer both."""

import asyncio
import socket
from dataclasses import dataclass

from aiohttp import web

from sandbox.cloud.accounts import ACCESS_KEY, SECRET_KEY
from sandbox.cloud.app import cloud_app
from sandbox.cloud.cloud import Cloud
from sandbox.cloud.control import control_routes as cloud_control
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.switches import Switches
from sandbox.page.gate import add_headers, only_own_page
from sandbox.page.routes import page_routes
from sandbox.slack.app import MOST_BYTES, slack_app
from sandbox.slack.control import control_routes as slack_control
from sandbox.slack.settings import APP_TOKEN, BOT_TOKEN
from sandbox.slack.workspace import Workspace

HOST = "127.0.0.1"
PAGE_PORT = 8700
"""Slack and the cloud take the two ports after the page's."""
LAST_ANSWERS = 1.0  # seconds that requests under way have when an origin closes


@dataclass(frozen=True)
class Wishes:
    """What the sandbox's cloud is like at the start. Jobs last up to three times `job_seconds`."""

    phones: int = 1500
    servers: int = 25
    seed: int = 1
    job_seconds: float = 2.0
    lively: bool = False
    """Some phones stopped or frozen, one container frozen: something to select by."""

    def cloud(self) -> Cloud:
        fleet = Fleet.build(
            phones=self.phones, servers=self.servers, seed=self.seed, lively=self.lively
        )
        switches = Switches(job_seconds=self.job_seconds, job_seconds_max=3 * self.job_seconds)
        return Cloud(fleet, switches=switches, seed=self.seed)


@dataclass
class Origin:
    """One application at one address; `url` has no path and no trailing slash."""

    url: str
    _runner: web.AppRunner

    async def close(self) -> None:
        await self._runner.cleanup()


@dataclass
class Sandbox:
    """All three origins, running."""

    workspace: Workspace
    cloud: Cloud
    slack: Origin
    phones: Origin
    control: Origin

    @property
    def page_url(self) -> str:
        return f"{self.control.url}/"

    @property
    def control_url(self) -> str:
        """Where `SlackDriver` and `CloudDriver` act; it serves the page too."""
        return self.control.url

    @property
    def slack_api_url(self) -> str:
        return f"{self.slack.url}/api/"

    @property
    def cloud_url(self) -> str:
        """The phones' endpoint, and the identity service's."""
        return self.phones.url

    @property
    def project_id(self) -> str:
        return self.cloud.main.fleet.project_id

    def environment(self) -> dict[str, str]:
        """What a bot's environment needs to reach this sandbox. All of it is made up."""
        return {
            "SLACK_API_URL": self.slack_api_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            **cloud_environment(),
        }

    async def close(self) -> None:
        """Cut the bot's connections, let long polls end, and free the ports."""
        self.workspace.sockets.drop()
        self.workspace.changes.mark()
        await asyncio.gather(self.control.close(), self.slack.close(), self.phones.close())


def cloud_environment() -> dict[str, str]:
    """The part of it that reaches the cloud, under the names of the official SDK."""
    return {"HUAWEICLOUD_SDK_AK": ACCESS_KEY, "HUAWEICLOUD_SDK_SK": SECRET_KEY}


async def serve_sandbox(wishes: Wishes | None = None, port: int = 0) -> Sandbox:
    """Start a Slack, a cloud and the control origin with the page, on 127.0.0.1 only.

    Args:
        wishes: what the cloud is like.
        port: of the page; Slack takes the next one and the cloud the one after, and each a free
            one where its own is taken. 0 takes free ones.
    """
    workspace = Workspace.demo()
    cloud = await asyncio.to_thread((wishes or Wishes()).cloud)
    slack = await serve_origin(slack_app(workspace), port and port + 1)
    workspace.origin = slack.url
    phones = await serve_origin(cloud_app(cloud), port and port + 2)
    control = await serve_origin(control_app(cloud, workspace), port)
    return Sandbox(workspace, cloud, slack, phones, control)


def control_app(cloud: Cloud, workspace: Workspace | None = None) -> web.Application:
    """What steers the cloud and, where there is a workspace, Slack and the page with it."""
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[only_own_page])
    app.on_response_prepare.append(add_headers)
    app.add_routes(cloud_control(cloud))
    if workspace is not None:
        app.add_routes(slack_control(workspace))
        app.add_routes(page_routes(cloud))
    return app


async def serve_origin(app: web.Application, port: int) -> Origin:
    """Serve at this port, or at a free one where it is 0 or taken."""
    bound = listening_socket(port)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_ANSWERS)
    await runner.setup()
    await web.SockSite(runner, bound).start()
    return Origin(f"http://{HOST}:{bound.getsockname()[1]}", runner)


def listening_socket(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError:
        return socket.create_server((HOST, 0))
