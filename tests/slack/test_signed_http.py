"""Commands come in by signed HTTP, and nothing unsigned or foreign does."""

import asyncio
import gzip
import json
import string
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
import pytest
from aiohttp import web as http
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict
from slack_bolt.async_app import AsyncApp
from yarl import URL

from bot import health
from bot.slack.signed_http import BODY_LIMIT, SignedHttp
from sandbox.slack.driver import Human, SlackDriver
from sandbox.slack.settings import SIGNING_SECRET
from sandbox.slack.shapes import Json
from sandbox.slack.signing import signed_headers
from tests.slack.conftest import HELLO

Headers = dict[str, str] | CIMultiDict[str]


@asynccontextmanager
async def serving(transport: SignedHttp) -> AsyncIterator[str]:
    await transport.start()
    routes = [http.post("/slack/events", transport.handle)]
    runner = await health.serve(routes, "127.0.0.1", 0)
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}/slack/events"
    await runner.cleanup()


@pytest.fixture
async def address(app: AsyncApp, slack: SlackDriver) -> AsyncIterator[str]:
    async with serving(SignedHttp(app, SIGNING_SECRET)) as url:
        await slack.put("transport", mode="http", url=url)
        yield url


async def status(url: str, body: object, headers: Headers) -> int:
    data = BytesIO(body) if isinstance(body, bytes) else body
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=data, headers=headers) as answer,
    ):
        return answer.status


COMMAND = b"command=%2Fcph&user_id=U0ALICE&channel_id=C0OPS&trigger_id=1.2&team_id=T0SANDBOX&text="
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
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "9" * 400},
    ],
)
async def test_headers_of_another_shape_are_unsigned(address: str, change: Json) -> None:
    headers = {**FORM, **signed_headers(COMMAND, SIGNING_SECRET), **change}
    assert await status(address, COMMAND, headers) == 401


async def test_a_command_signed_by_hand_is_answered(address: str) -> None:
    assert await status(address, COMMAND, FORM | signed_headers(COMMAND, SIGNING_SECRET)) == 200


@pytest.mark.parametrize("age", [-240, 240])
async def test_a_clock_may_be_off_by_minutes(address: str, age: float) -> None:
    headers = FORM | signed_headers(COMMAND, SIGNING_SECRET, age=age)
    assert await status(address, COMMAND, headers) == 200


@pytest.mark.parametrize("age", [-360, 310, 10**9])
async def test_a_signature_of_long_ago_or_of_later_is_none(address: str, age: float) -> None:
    headers = FORM | signed_headers(COMMAND, SIGNING_SECRET, age=age)
    assert await status(address, COMMAND, headers) == 401


async def test_a_signature_of_another_body_or_secret_is_none(address: str) -> None:
    signed = FORM | signed_headers(COMMAND, SIGNING_SECRET)
    for body in (COMMAND + b"&", COMMAND.replace(b"ALICE", b"BOB"), COMMAND[:-1]):
        assert await status(address, body, signed) == 401
    assert await status(address, COMMAND, FORM | signed_headers(COMMAND, "another")) == 401


def _of_version_1(signature: str) -> str:
    return signature.replace("v0=", "v1=")


def _in_capitals(signature: str) -> str:
    return f"v0={signature[3:].upper()}"


@pytest.mark.parametrize("spell", [_of_version_1, _in_capitals, "{},v0=".format, "v0={}".format])
async def test_a_right_signature_is_spelt_in_one_way_only(
    address: str, spell: Callable[[str], str]
) -> None:
    right = signed_headers(COMMAND, SIGNING_SECRET)
    spelt = {"X-Slack-Signature": spell(right["X-Slack-Signature"])}
    assert await status(address, COMMAND, FORM | right | spelt) == 401


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
async def test_a_header_that_comes_twice_counts_for_nothing(address: str, name: str) -> None:
    headers = CIMultiDict(FORM | signed_headers(COMMAND, SIGNING_SECRET))
    headers.add(name, headers[name])
    assert await status(address, COMMAND, headers) == 401


@settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(string.hexdigits, min_size=64, max_size=64), st.integers(-10, 10**12 - 1))
async def test_no_guess_is_a_signature(address: str, digest: str, timestamp: int) -> None:
    guess = {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}
    assert await status(address, COMMAND, FORM | guess) == 401


async def test_an_unsigned_body_is_not_even_read(address: str) -> None:
    assert await status(address, b"{not json", JSON) == 401
    assert await status(address, b"\xff\xfe", FORM) == 401
    assert await told_before_the_body(address, FORM) == 401


async def test_a_body_over_the_limit_is_refused_before_it_is_read(address: str) -> None:
    headers = FORM | signed_headers(COMMAND, SIGNING_SECRET)
    assert await told_before_the_body(address, headers, BODY_LIMIT + 1) == 413


async def test_a_body_that_hides_its_length_is_read_up_to_the_limit(address: str) -> None:
    async def portions() -> AsyncIterator[bytes]:
        for _ in range(2 * BODY_LIMIT // 2**16):
            yield b"a" * 2**16

    headers = FORM | signed_headers(COMMAND, SIGNING_SECRET)
    assert await status(address, portions(), headers) == 413


async def test_a_body_that_does_not_come_is_not_waited_for(app: AsyncApp) -> None:
    headers = FORM | signed_headers(COMMAND, SIGNING_SECRET)
    async with serving(SignedHttp(app, SIGNING_SECRET, patience=0.1)) as url, asyncio.timeout(30):
        assert await told_before_the_body(url, headers) == 408


async def told_before_the_body(url: str, headers: dict[str, str], length: int = 1_000) -> int:
    """The status that comes although not one byte of the body has been sent."""
    to = URL(url)
    assert to.host
    reader, writer = await asyncio.open_connection(to.host, to.port)
    lines = {"Host": to.host, "Content-Length": str(length), **headers}.items()
    head = "".join(f"{name}: {value}\r\n" for name, value in lines)
    writer.write(f"POST {to.path} HTTP/1.1\r\n{head}\r\n".encode())
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(line.split()[1])


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity"])
async def test_a_packed_body_is_never_unpacked(address: str, encoding: str) -> None:
    bomb = gzip.compress(b"a" * 10**8)
    headers = FORM | {"Content-Encoding": encoding}
    assert await status(address, bomb, headers | signed_headers(bomb, SIGNING_SECRET)) == 415


async def test_what_is_no_http_leaves_no_traceback(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await status(address, b"x", FORM | {"Content-Encoding": "br"}) == 400
    assert await told_before_the_body(address, {"Transfer-Encoding": "chunked"}) == 400
    assert caplog.records == []


async def test_another_charset_changes_nothing(address: str) -> None:
    body = COMMAND + b"%C3%A9"
    for charset in ("utf-16", "bogus"):
        kind = {"Content-Type": f"application/x-www-form-urlencoded; charset={charset}"}
        assert await status(address, body, kind | signed_headers(body, SIGNING_SECRET)) == 200


async def test_a_signed_body_that_is_no_json_is_a_bad_request(address: str) -> None:
    for body in (b"{not json", b"payload={not json"):
        kind = JSON if body.startswith(b"{") else FORM
        headers = {**kind, **signed_headers(body, SIGNING_SECRET)}
        assert await status(address, body, headers) == 400


async def test_another_kind_of_body_is_refused(address: str) -> None:
    body = b"<x/>"
    headers = {"Content-Type": "text/xml", **signed_headers(body, SIGNING_SECRET)}
    assert await status(address, body, headers) == 415
