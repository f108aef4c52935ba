"""The socket itself: tickets, hello, pings, the eleventh connection."""

from contextlib import AsyncExitStack

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.settings import APP_TOKEN


async def address(web: AsyncWebClient) -> str:
    return str((await web.apps_connections_open(app_token=APP_TOKEN))["url"])


async def test_hello_counts_the_connections(web: AsyncWebClient) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(await address(web)) as one:
        assert (await one.receive_json())["num_connections"] == 1
        async with session.ws_connect(await address(web)) as two:
            hello = await two.receive_json()
    assert (hello["type"], hello["num_connections"]) == ("hello", 2)
    assert hello["connection_info"] == {"app_id": "A0CPH"}
    assert hello["debug_info"]["approximate_connection_time"] == 18_060


async def test_a_ticket_opens_one_connection(web: AsyncWebClient) -> None:
    url = await address(web)
    async with aiohttp.ClientSession() as session, session.ws_connect(url):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(url)


async def test_a_ping_is_answered_with_its_own_content(web: AsyncWebClient) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(await address(web), autoping=False) as socket,
    ):
        await socket.receive()
        await socket.ping(b"sdk-ping-pong:1.5")
        pong = await socket.receive()
    assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1.5")


async def test_what_is_not_acknowledged_comes_again_in_a_new_envelope(
    web: AsyncWebClient, slack: SlackDriver, alice: Human
) -> None:
    await slack.put("limits", ack_seconds=0.05, retry_seconds=[0.0])
    async with aiohttp.ClientSession() as session, session.ws_connect(await address(web)) as socket:
        await socket.receive_json()
        assert (await alice.command("C0OPS", "/any"))["error"] == "operation_timeout"
        first, second = await socket.receive_json(), await socket.receive_json()
    assert first["envelope_id"] != second["envelope_id"]
    assert first["payload"] == second["payload"]
    assert "retry_attempt" not in first
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")


async def test_the_eleventh_connection_is_sent_away(
    web: AsyncWebClient, slack: SlackDriver
) -> None:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        for _ in range(10):
            await stack.enter_async_context(session.ws_connect(await address(web)))
        late = await stack.enter_async_context(session.ws_connect(await address(web)))
        goodbye = await late.receive_json()
        assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "too_many_websockets")
        assert (await slack.state())["connections"] == 10


async def test_noise_on_the_socket_breaks_nothing(web: AsyncWebClient, slack: SlackDriver) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(await address(web)) as socket:
        await socket.receive_json()
        for noise in ("not json", "[]", '{"envelope_id": "unknown"}'):
            await socket.send_str(noise)
        await socket.send_bytes(b"\x00")
        assert (await slack.state())["connections"] == 1
