"""Commands come in by signed HTTP, and nothing unsigned or foreign does."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web as http
from slack_bolt.async_app import AsyncApp

from bot.slack.signed_http import SignedHttp
from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.settings import SIGNING_SECRET
from sandbox.slack.shapes import Json
from sandbox.slack.signing import signed_headers
from tests.slack.conftest import HELLO


@pytest.fixture
async def address(app: AsyncApp, slack: SlackDriver) -> AsyncIterator[str]:
    transport = SignedHttp(app, SIGNING_SECRET)
    await transport.start()
    server = http.Application()
    server.add_routes([http.post("/slack/events", transport.handle)])
    runner = http.AppRunner(server)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    url = f"http://{host}:{port}/slack/events"
    await slack.put("transport", mode="http", url=url)
    yield url
    await runner.cleanup()


async def status(url: str, body: bytes, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession() as session:
        answer = await session.post(url, data=body, headers=headers)
        return answer.status


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@pytest.mark.usefixtures("address")
async def test_a_command_is_answered_by_signed_http(alice: Human) -> None:
    answer = await alice.command("C0OPS", "/cph status")
    assert (answer["acked"], answer["response"]["text"]) == (True, HELLO)


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("fault", ["bad_signature", "stale_signature"])
async def test_what_is_signed_wrongly_or_long_ago_is_refused(
    alice: Human, slack: SlackDriver, fault: str
) -> None:
    await slack.fault(fault, delivery="slash_commands", times=1)
    assert (await alice.command("C0OPS", "/cph status"))["error"] == "dispatch_failed"


@pytest.mark.usefixtures("address")
async def test_a_stranger_is_told_so_by_http_too(slack: SlackDriver) -> None:
    answer = await slack.person("U0OUT").command("C0OPS", "/cph status")
    assert answer["response"]["text"] == "Not for &lt;you&gt;."


async def test_the_address_is_verified_by_slack(address: str) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    headers = {**JSON, **signed_headers(body, SIGNING_SECRET)}
    async with aiohttp.ClientSession() as session:
        answer = await session.post(address, data=body, headers=headers)
        assert (await answer.json())["challenge"] == "abc"


@pytest.mark.parametrize(
    "change",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "9" * 400},
    ],
)
async def test_headers_of_another_shape_are_unsigned(address: str, change: Json) -> None:
    body = b"command=%2Fcph"
    headers = {**FORM, **signed_headers(body, SIGNING_SECRET), **change}
    assert await status(address, body, headers) == 401


async def test_an_unsigned_body_is_not_even_read(address: str) -> None:
    assert await status(address, b"{not json", JSON) == 401
    assert await status(address, b"\xff\xfe", FORM) == 401


async def test_a_signed_body_that_is_no_json_is_a_bad_request(address: str) -> None:
    for body in (b"{not json", b"payload={not json"):
        kind = JSON if body.startswith(b"{") else FORM
        headers = {**kind, **signed_headers(body, SIGNING_SECRET)}
        assert await status(address, body, headers) == 400


async def test_another_kind_of_body_is_refused(address: str) -> None:
    body = b"<x/>"
    headers = {"Content-Type": "text/xml", **signed_headers(body, SIGNING_SECRET)}
    assert await status(address, body, headers) == 415
