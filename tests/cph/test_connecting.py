"""Where calls go: endpoints, proxies, and connections that are all in use."""

import asyncio

import httpx
import pytest

from bot.cph.client import CphCloud
from bot.cph.connecting import open_http
from bot.cph.settings import default_endpoint, default_iam_endpoint
from bot.divert.failures import NotSent
from bot.divert.phones import Route
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.kinds import Kind
from tests.cph.opening import DEMO, FAST, Hasty, access, opened
from tests.cph.wild import answer, wild


def test_endpoints_follow_from_the_region() -> None:
    assert default_endpoint("cn-north-4") == "https://cph.cn-north-4.myhuaweicloud.com"
    assert default_iam_endpoint("cn-north-4") == "https://iam.cn-north-4.myhuaweicloud.com"


async def test_a_project_is_reached_without_the_proxy_of_another() -> None:
    async with wild(answer(404, "")) as here, wild(answer(404, "")) as proxy:
        ways = [access(here.url), access("http://cph.example"), access("https://[::1]:9")]
        http = open_http(ways, FAST, lambda url: proxy.url if "example" in url else None)
        cloud = CphCloud({DEMO: ways[0]}, FAST, http)
        assert await cloud.phone(DEMO, "0" * 32) is None
        await cloud.close()
    assert (len(here.heads), len(proxy.heads)) == (1, 0)


async def test_a_proxy_is_used_where_one_leads_there() -> None:
    async with wild(answer(404, "")) as proxy:
        way = access("http://cph.example")
        cloud = CphCloud({DEMO: way}, FAST, open_http([way], FAST, lambda _: proxy.url))
        assert await cloud.phone(DEMO, "0" * 32) is None
        await cloud.close()
    assert proxy.heads[0].startswith("GET http://cph.example/v1/")


async def test_the_environment_s_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wild(answer(404, "")) as here, wild(answer(404, "")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        async with opened(access(here.url)) as cloud:
            await cloud.phone(DEMO, "0" * 32)
    assert (len(here.heads), len(proxy.heads)) == (1, 0)


async def test_a_call_that_finds_every_connection_in_use_is_not_sent(
    url: str, sandbox: Sandbox
) -> None:
    one, times = httpx.Limits(max_connections=1), httpx.Timeout(5, pool=0.05)
    http = httpx.AsyncClient(limits=one, timeout=times, trust_env=False)
    cloud = CphCloud({DEMO: access(url)}, FAST, http, Hasty())
    await cloud.check(DEMO)
    sandbox.set(latency_ms=300)
    holding = asyncio.create_task(cloud.phone(DEMO, "0" * 32))
    await asyncio.sleep(0.05)
    with pytest.raises(NotSent, match="PoolTimeout"):
        await cloud.divert(DEMO, Route.ROUTING, ["0" * 32])
    assert await holding is None
    await cloud.close()
    assert Kind.IMPORT_TRAFFIC not in {kind for kind, _ in sandbox.record.counts}
