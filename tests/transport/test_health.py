"""What a supervisor is told, over either way into Slack."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.cloud.driver import CloudDriver
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from tests.crash.home import Home
from tests.crash.scene import Scene, until
from tests.leaks import leaks_of
from tests.transport.conftest import ADDRESS, DEAD_PROXIES, VERBOSE

PARTS = {"database": True, "slack": True, "handles": True, "clock": True}
WELL = (200, PARTS)
ALIVE = (200, {"alive": True})


async def told(home: Home, path: str) -> tuple[int, object]:
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.get(f"{home.url}{path}") as answer,
    ):
        return answer.status, await answer.json()


@pytest.fixture(scope="module")
async def by_socket(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Sandbox, Home]]:
    sandbox = await serve_sandbox(Wishes(phones=10, servers=1))
    home = Home.of(sandbox, tmp_path_factory.mktemp("socket"), more=DEAD_PROXIES)
    home.command = VERBOSE
    await home.start()
    yield sandbox, home
    await home.leave()
    await sandbox.close()


async def test_behind_signed_http_the_bot_says_that_it_lives_and_is_ready(home: Home) -> None:
    assert await told(home, "/healthz") == ALIVE
    assert await told(home, "/readyz") == WELL


async def test_in_socket_mode_the_bot_is_not_ready_while_slack_is_away_but_lives(
    by_socket: tuple[Sandbox, Home],
) -> None:
    sandbox, home = by_socket
    assert await told(home, "/readyz") == WELL
    async with SlackDriver(sandbox.control_url) as slack:
        await slack.fault("outage")
        await becomes(home, 503)
        assert await told(home, "/readyz") == (503, PARTS | {"slack": False})
        assert await told(home, "/healthz") == ALIVE
        await slack.clear_faults()
        await becomes(home, 200)
        assert await told(home, "/readyz") == WELL


async def test_in_socket_mode_a_walk_and_an_outage_leave_no_secret_in_a_verbose_log(
    by_socket: tuple[Sandbox, Home],
) -> None:
    sandbox, home = by_socket
    async with SlackDriver(sandbox.control_url) as slack, CloudDriver(sandbox.control_url) as cloud:
        scene = Scene(sandbox, slack, cloud)
        await scene.runs("routing", await scene.phones(2))
        await slack.fault("outage")
        await becomes(home, 503)
        await slack.clear_faults()
        await becomes(home, 200)
        await scene.says("/cph status")
    log = home.log.read_bytes()
    assert b"DEBUG bot.cph.calls" in log
    assert leaks_of(log) == set()
    assert ADDRESS.findall(log) == []


async def test_in_socket_mode_there_is_no_other_way_in(by_socket: tuple[Sandbox, Home]) -> None:
    _, home = by_socket
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.post(f"{home.url}/slack/events", data=b"command=%2Fcph") as answer,
    ):
        assert answer.status == 404


async def becomes(home: Home, status: int) -> None:
    async def is_so() -> bool:
        return (await told(home, "/readyz"))[0] == status

    await until(is_so)


async def test_a_monitor_is_told_what_is_open_and_what_waits(home: Home) -> None:
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.get(f"{home.url}/metrics") as answer,
    ):
        lines = (await answer.text()).splitlines()
    values = {name: int(value) for name, value in (line.rsplit(" ", 1) for line in lines)}
    assert values["cph_executors"] == 1
    assert values['cph_requests_open{state="halted"}'] == 0
    assert {"cph_cards_behind", "cph_posts_waiting"} <= values.keys()
