"""What leaves it open whether an ImportTraffic call happened."""

import asyncio
from dataclasses import replace

import pytest

from bot.cph.client import CphCloud
from bot.divert.failures import CloudFailure, Unclear
from bot.divert.phones import Route
from sandbox.cloud.cloud import Cloud as Sandbox
from tests.cph.opening import DEMO, FAST, access, opened
from tests.cph.wild import answer, wild


def ids(sandbox: Sandbox, count: int = 3) -> list[str]:
    return [phone.phone_id for phone in sandbox.main.fleet.newest_first[:count]]


def sends(sandbox: Sandbox) -> int:
    return sum(count for (kind, _), count in sandbox.record.counts.items() if kind.writes)


async def failure(cloud: CphCloud, phone_ids: list[str]) -> CloudFailure:
    with pytest.raises(CloudFailure) as caught:
        await cloud.divert(DEMO, Route.ROUTING, phone_ids)
    return caught.value


# read timeout, reset, 5xx without a known code, unreadable body → Unclear


@pytest.mark.parametrize(
    "outage", ["html_502", "html_503", "html_504", "gateway_502", "gateway_timeout"]
)
async def test_5xx_without_a_known_code_is_unclear(
    cloud: CphCloud, sandbox: Sandbox, outage: str
) -> None:
    sandbox.set(outage=outage, outage_after_accepting=True)
    assert type(await failure(cloud, ids(sandbox))) is Unclear
    assert sends(sandbox) == 1


@pytest.mark.parametrize("outage", ["reset", "truncated"])
async def test_a_connection_that_breaks_is_unclear(
    cloud: CphCloud, sandbox: Sandbox, outage: str
) -> None:
    sandbox.set(outage=outage, outage_after_accepting=True)
    assert type(await failure(cloud, ids(sandbox))) is Unclear
    assert sends(sandbox) == 1


async def test_a_connection_closed_without_an_answer_is_unclear() -> None:
    async with wild(None) as server, opened(access(server.url)) as cloud:
        assert type(await failure(cloud, ["p"])) is Unclear
        assert len(server.heads) == 1


async def test_no_answer_within_the_deadline_is_unclear(url: str, sandbox: Sandbox) -> None:
    sandbox.set(answer_delay_seconds=2)
    async with opened(access(url), limits=replace(FAST, deadline=0.1)) as cloud:
        assert type(await failure(cloud, ids(sandbox))) is Unclear


async def test_an_answer_that_trickles_past_the_deadline_is_unclear() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.02)

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, opened(access(url), limits=replace(FAST, deadline=0.2)) as cloud:
        assert type(await failure(cloud, ["p"])) is Unclear


@pytest.mark.parametrize("body", ["", "<html>ok</html>", "[]", '{"request_id":', b"\xff\xfe{}"])
async def test_a_success_that_cannot_be_read_is_unclear(body: str | bytes) -> None:
    async with wild(answer(200, body)) as server, opened(access(server.url)) as cloud:
        assert type(await failure(cloud, ["p"])) is Unclear


async def test_an_answer_without_end_is_unclear() -> None:
    endless = answer(200, b" " * (9 * 1024 * 1024))
    async with wild(endless) as server, opened(access(server.url)) as cloud:
        assert type(await failure(cloud, ["p"])) is Unclear


async def test_an_answer_packed_wrongly_is_unclear() -> None:
    packed = answer(200, "no gzip", Content_Encoding="gzip")
    async with wild(packed) as server, opened(access(server.url)) as cloud:
        assert type(await failure(cloud, ["p"])) is Unclear
