"""A sandbox and a bot of the table's own, on both databases, under a policy that has everything."""

from collections.abc import AsyncIterator

import pytest

from bot.app import Bot
from bot.config import Environment, load
from sandbox.cloud.driver import CloudDriver
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from tests.postgres import database_for
from tests.situations import team
from tests.situations.ahead import Ahead
from tests.situations.scene import Scene
from tests.situations.situation import Situation
from tests.walk.stage import ACK_SECONDS


@pytest.fixture(scope="package")
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await serve_sandbox(Wishes(phones=2000, servers=200, job_seconds=0.05))
    yield running
    await running.close()


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
async def bot(
    request: pytest.FixtureRequest,
    sandbox: Sandbox,
    slack: SlackDriver,  # noqa: ARG001 - its people are there before the bot is
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Bot]:
    folder = tmp_path_factory.mktemp(request.param)
    url = database_for(request, folder)
    file = folder / "bot.toml"
    file.write_text(team.config(sandbox.project_id, sandbox.cloud_url), encoding="utf-8")
    environment = {
        **sandbox.environment(),
        "CPH_BOT_CONFIG": str(file),
        "CPH_BOT_DATABASE_URL": url,
        "CPH_BOT_LISTEN": "127.0.0.1:0",
    }
    running = Bot(load(Environment(environment)))
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="package")
async def slack(sandbox: Sandbox) -> AsyncIterator[SlackDriver]:
    async with SlackDriver(sandbox.control_url) as driver:
        await driver.put("limits", off=True, ack_seconds=ACK_SECONDS)
        await driver.put("people", users=team.PEOPLE)
        await driver.put("groups", groups=team.GROUPS)
        rooms = [
            {"id": one, "name": one.lower(), "members": team.EVERYBODY, "bot_in": True}
            for one in (team.DESK, team.ROOM)
        ]
        await driver.put("channels", channels=rooms)
        yield driver


@pytest.fixture(scope="package")
async def cloud(sandbox: Sandbox) -> AsyncIterator[CloudDriver]:
    async with CloudDriver(sandbox.control_url) as driver:
        yield driver


@pytest.fixture(scope="module")
async def ahead(
    request: pytest.FixtureRequest,
    bot: Bot,
    sandbox: Sandbox,
    slack: SlackDriver,
    cloud: CloudDriver,
) -> AsyncIterator[Ahead]:
    """The rows of this file that are to run, on this database."""
    mine = [one for one in request.session.items if isinstance(one, pytest.Function)]
    mine = [one for one in mine if one.module is request.module and "ahead" in one.fixturenames]
    given = [one.callspec.params["row"] for one in mine]
    rows = [one for one in given if isinstance(one, Situation)]
    made = Ahead(rows, lambda: Scene.fresh(bot, sandbox, slack, cloud))
    yield made
    await made.end()


@pytest.fixture
async def scene(
    bot: Bot, sandbox: Sandbox, slack: SlackDriver, cloud: CloudDriver
) -> AsyncIterator[Scene]:
    made = await Scene.fresh(bot, sandbox, slack, cloud)
    yield made
    await made.end()
