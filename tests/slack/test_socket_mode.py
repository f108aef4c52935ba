"""Commands come in by Socket Mode whatever happens to its connections."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.divert.sentence import Sentence
from bot.slack.identity import BadCredential, Identity
from bot.slack.socket_mode import Pace, SocketMode
from bot.slack.transport import build_app
from bot.slack.web import Web
from sandbox.slack.app import Served
from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.settings import APP_TOKEN
from tests.slack.conftest import HELLO

QUICK = Pace(connections=2, ping=0.5, patience=4)


@pytest.fixture
async def sockets(app: AsyncApp, web: Web) -> AsyncIterator[SocketMode]:
    transport = SocketMode(app, web, APP_TOKEN, QUICK)
    await transport.start()
    yield transport
    await transport.close()


async def until(holds: Any, seconds: float = 60.0) -> None:  # noqa: ANN401 - any question
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - the thing looked at tells nobody
            await asyncio.sleep(0.02)


async def test_a_command_is_answered_by_socket(sockets: SocketMode, alice: Human) -> None:
    assert sockets.healthy()
    answer = await alice.command("C0OPS", "/cph status")
    assert (answer["acked"], answer["response"]["text"]) == (True, HELLO)


async def test_the_answer_comes_in_time_and_asks_slack_nothing(
    sockets: SocketMode, alice: Human, slack: SlackDriver
) -> None:
    before = len(await slack.calls("auth.test"))
    for _ in range(20):
        assert (await alice.command("C0OPS", "/cph status"))["acked"]
    assert len(await slack.calls("auth.test")) == before
    assert sockets.healthy()


@pytest.mark.usefixtures("sockets")
async def test_a_listeners_client_is_ours(alice: Human) -> None:
    answer = await alice.command("C0OPS", "/cph whoami")
    assert answer["response"]["text"] == "alice"


def test_a_token_in_the_environment_is_not_talked_about(
    web: Web,
    identity: Identity,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-other")
    build_app(web, identity, Sentence("no"))
    assert caplog.records == []


async def test_two_connections_stand(sockets: SocketMode, served: Served) -> None:
    await until(lambda: sockets.alive() == 2)
    assert len(served.workspace.sockets.open()) == 2


async def test_a_warned_connection_is_replaced(
    sockets: SocketMode, served: Served, alice: Human
) -> None:
    await until(lambda: sockets.alive() == 2)
    old = set(served.workspace.sockets.open())
    await served.workspace.sockets.warn("refresh_requested")
    await until(lambda: len(set(served.workspace.sockets.open()) - old) == 2)
    assert (await alice.command("C0OPS", "/cph status"))["acked"]


async def test_cut_connections_come_back(sockets: SocketMode, served: Served, alice: Human) -> None:
    await until(lambda: sockets.alive() == 2)
    served.workspace.sockets.drop()
    await until(lambda: len(served.workspace.sockets.open()) == 2 and sockets.alive() == 2)
    assert (await alice.command("C0OPS", "/cph status"))["acked"]


async def test_health_is_lost_in_an_outage_and_found_again(
    sockets: SocketMode, slack: SlackDriver, alice: Human
) -> None:
    await slack.fault("outage", seconds=3)
    await until(lambda: not sockets.healthy())
    await until(sockets.healthy)
    assert (await alice.command("C0OPS", "/cph status"))["acked"]


class Forgetful(set[str]):
    """Tickets of which the first few are forgotten at once."""

    forgets = 4

    def add(self, ticket: str) -> None:
        self.forgets -= 1
        if self.forgets < 0:
            super().add(ticket)


async def test_a_connection_with_a_dead_address_is_made_anew(
    app: AsyncApp, web: Web, served: Served
) -> None:
    served.workspace.sockets._tickets = Forgetful()
    transport = SocketMode(app, web, APP_TOKEN, QUICK)
    await transport.start()
    await until(lambda: transport.alive() == 2)
    await transport.close()


async def test_slack_being_away_at_the_start_stops_nothing(
    app: AsyncApp, web: Web, slack: SlackDriver
) -> None:
    await slack.fault("outage", seconds=1.5)
    transport = SocketMode(app, web, APP_TOKEN, QUICK)
    await transport.start()
    await until(transport.healthy)
    await transport.close()


async def test_a_wrong_app_token_stops_the_start(app: AsyncApp, web: Web) -> None:
    transport = SocketMode(app, web, "xapp-wrong", QUICK)
    with pytest.raises(BadCredential, match="SLACK_APP_TOKEN"):
        await transport.start()
    assert not transport.healthy()


async def test_closing_lets_an_answer_under_way_end_and_leaves_no_task(
    app: AsyncApp, web: Web, alice: Human, served: Served
) -> None:
    before = asyncio.all_tasks()
    transport = SocketMode(app, web, APP_TOKEN, QUICK)
    await transport.start()
    asking = asyncio.create_task(alice.command("C0OPS", "/cph slow"))
    await asyncio.sleep(0.2)
    await transport.close()
    assert (await asking)["acked"]
    assert not transport.healthy()
    await until(lambda: not served.workspace.sockets.open())
    left = [str(task.get_coro()) for task in asyncio.all_tasks() - before]
    assert [name for name in left if "slack_sdk" in name or "SocketMode" in name] == []


async def test_closing_while_a_dead_connection_is_made_anew_leaves_nothing_open(
    app: AsyncApp, web: Web, slack: SlackDriver
) -> None:
    before = asyncio.all_tasks()
    transport = SocketMode(app, web, APP_TOKEN, Pace(connections=2, ping=0.2, patience=0.2))
    await transport.start()
    lines = list(transport._lines)
    for line in lines:
        line._idle.clear()  # an answer is under way, so letting go takes a while
    await slack.fault("outage", seconds=2)
    await until(lambda: not set(lines) & set(transport._lines))  # both are being let go now
    await transport.close()
    assert all(line.client.aiohttp_client_session.closed for line in lines)
    left = [str(task.get_coro()) for task in asyncio.all_tasks() - before]
    assert [name for name in left if "slack_sdk" in name or "SocketMode" in name] == []


async def test_a_stranger_is_told_so_and_goes_no_further(
    sockets: SocketMode, slack: SlackDriver
) -> None:
    answer = await slack.person("U0OUT").command("C0OPS", "/cph status")
    assert answer["response"]["text"] == "Not for &lt;you&gt;."
    assert sockets.healthy()
