"""The application on its own, as another program mounts it."""

from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import slack_app
from sandbox.slack.control import control_routes
from sandbox.slack.driver import SlackDriver
from sandbox.slack.settings import APP_TOKEN, BOT_TOKEN
from sandbox.slack.workspace import Workspace


async def test_every_url_begins_with_the_address_it_was_first_reached_by() -> None:
    workspace = Workspace.demo()
    app = slack_app(workspace)
    app.add_routes(control_routes(workspace))
    async with TestServer(app, host="127.0.0.1") as server:
        web = AsyncWebClient(BOT_TOKEN, base_url=str(server.make_url("/api/")))
        opened = await web.apps_connections_open(app_token=APP_TOKEN)
        assert opened["url"].startswith(f"ws://127.0.0.1:{server.port}/link/?ticket=")
        async with SlackDriver(str(server.make_url("/"))) as slack:
            assert (await slack.state())["team"]["id"] == "T0SANDBOX"
