"""What comes by Socket Mode is looked at as closely as what comes by HTTP."""

import json
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from slack_bolt.async_app import AsyncApp

from bot.slack.socket_mode import SocketMode
from bot.slack.web import Web
from sandbox.slack.app import Served
from sandbox.slack.driver import Human
from sandbox.slack.settings import APP_TOKEN
from tests.slack.conftest import HELLO
from tests.slack.test_socket_mode import QUICK, until

SECRET = "not-for-the-log"
NESTED = 100_000


@pytest.fixture
async def sockets(app: AsyncApp, web: Web) -> AsyncIterator[SocketMode]:
    transport = SocketMode(app, web, APP_TOKEN, QUICK)
    await transport.start()
    await until(lambda: transport.alive() == QUICK.connections)
    yield transport
    await transport.close()


async def answered(served: Served, payload: object, kind: str = "interactive") -> bool:
    envelope = {"envelope_id": str(uuid4()), "type": kind, "payload": payload}
    return await served.workspace.sockets.send(envelope, 0.5) is not None


@pytest.mark.usefixtures("sockets")
@pytest.mark.parametrize(
    "payload",
    [
        None,
        7,
        [SECRET],
        SECRET,
        {},
        {"type": "block_actions", "user": SECRET, "text": SECRET},
        {"command": "/cph", "user_id": ["U0ALICE"], "text": SECRET},
        {"command": "/cph", "team": 7, "authorizations": 7, "text": SECRET},
    ],
    ids=["null", "number", "list", "text", "empty", "click", "command", "junk"],
)
async def test_what_is_malformed_is_not_acknowledged_and_its_text_not_logged(
    served: Served, alice: Human, caplog: pytest.LogCaptureFixture, payload: object
) -> None:
    assert not await answered(served, payload)
    assert (await alice.command("C0OPS", "/cph status"))["response"]["text"] == HELLO
    assert SECRET not in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_frame_that_is_no_envelope_is_passed_over(
    sockets: SocketMode, served: Served, alice: Human, caplog: pytest.LogCaptureFixture
) -> None:
    frames = [
        "", "[]", "null", "7", SECRET, "{" + SECRET, "{}", '{"envelope_id": 7}',
        json.dumps({"type": ["interactive"], "envelope_id": [SECRET], "payload": SECRET}),
        '{"type": ' + "[" * NESTED + "]" * NESTED + "}",
    ]  # fmt: skip
    for connection in served.workspace.sockets.open():
        for frame in frames:
            await connection.socket.send_str(frame)
    for _ in range(6):
        assert (await alice.command("C0OPS", "/cph status"))["response"]["text"] == HELLO
    assert sockets.alive() == QUICK.connections
    assert SECRET not in caplog.text
