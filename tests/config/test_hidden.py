"""No part that holds a secret shows it: not by its name, not in a traceback, not in an error."""

import traceback
from collections.abc import AsyncIterator, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

import pytest

from bot.config import Environment, cloud_access
from bot.cph.calls import Calls
from bot.cph.client import CphCloud
from bot.cph.clock import RealClock
from bot.cph.connecting import open_http
from bot.cph.exchange import Connection, Reply, Request
from bot.cph.login import KeyLogin
from bot.cph.settings import AkSk, Limits, Password
from bot.cph.signing import Unsigned, sign
from bot.proxies import Proxies
from bot.slack.failures import SlackFailure, slack_failures
from bot.slack.identity import BadCredential, identify
from bot.slack.web import Web, open_web
from sandbox.slack.app import Served, serve
from sandbox.slack.driver import SlackDriver
from sandbox.slack.settings import BOT_TOKEN
from sandbox.slack.workspace import Workspace
from tests.config.setting import SECRETS, Setting

DATABASE = "postgresql://bot:hidden-database@127.0.0.1/x"
PROXY = "http://bot:hidden-proxy@127.0.0.1:3128"


@pytest.fixture
def full(setting: Setting) -> Setting:
    setting.environment |= {"CPH_BOT_DATABASE_URL": DATABASE, "HTTPS_PROXY": PROXY}
    return setting


def shown(thing: object) -> str:
    """The thing as `repr`, `str` and a log show it, and each part of it as well."""
    own = [repr(thing), str(thing), f"{thing}"]
    parts = [getattr(thing, one.name) for one in fields(thing)] if is_dataclass(thing) else []
    holders = [part for part in parts if is_dataclass(part)]
    return "\n".join([*own, *map(shown, holders)])


def things(setting: Setting) -> Iterator[object]:
    config = setting.load()
    yield config
    yield from config.credentials.values()
    yield Environment(setting.environment)
    yield Proxies(PROXY, PROXY, PROXY)
    for project in config.file.projects:
        yield cloud_access(config, project)
    yield AkSk("AK1", SECRETS["HUAWEICLOUD_SDK_SK"], SECRETS["HUAWEICLOUD_SDK_SECURITY_TOKEN"])
    yield Password("acme", "cph-bot", SECRETS["HW_USER_PASSWORD"])
    headers = {"X-Auth-Token": "hidden-token", "X-Subject-Token": "hidden-token"}
    yield Request("POST", "https://iam.example/v3", headers, b'{"password": "hidden-password"}')
    yield Reply(201, headers, b"hidden-body", 0.0)
    yield Unsigned("GET", "/v1", (), headers, b"hidden-body")


def test_what_is_set_is_not_shown(full: Setting) -> None:
    for thing in things(full):
        assert "hidden" not in shown(thing), type(thing)


async def test_what_is_built_with_it_does_not_show_it(full: Setting) -> None:
    config = full.load()
    web = open_web(SECRETS["SLACK_BOT_TOKEN"], "http://127.0.0.1:9/api/", PROXY)
    accesses = {name: cloud_access(config, name) for name in config.file.projects}
    http = open_http(list(accesses.values()), Limits(), lambda _: PROXY)
    connection = Connection(http, RealClock(), Limits())
    key = AkSk("AK1", SECRETS["HUAWEICLOUD_SDK_SK"])
    login = KeyLogin(key, RealClock(), 10.0)
    cloud = CphCloud(accesses, Limits(), http)
    calls: list[Calls] = list(cloud._calls.values())
    for thing in (web, web.client, web.session, http, connection, login, cloud, *calls):
        assert "hidden" not in shown(thing), type(thing)
    await web.close()
    await http.aclose()


def test_a_signed_call_holds_the_signature_and_not_the_key() -> None:
    key = AkSk("AK1", SECRETS["HUAWEICLOUD_SDK_SK"])
    unsigned = Unsigned("GET", "/v1/p/x", (), {"Host": "cph.example"})
    assert "hidden" not in str(sign(unsigned, key, datetime.now(UTC)))


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    running = await serve(Workspace.demo())
    yield running
    await running.close()


@pytest.fixture
async def web(served: Served) -> AsyncIterator[Web]:
    opened = open_web(BOT_TOKEN, served.api_url)
    yield opened
    await opened.close()


@pytest.fixture
async def slack(served: Served) -> AsyncIterator[SlackDriver]:
    async with SlackDriver(served.url) as driver:
        yield driver


@pytest.mark.parametrize("fault", ["error", "status", "ratelimited", "reset"])
async def test_a_failed_call_of_slack_shows_neither_its_token_nor_its_headers(
    web: Web, slack: SlackDriver, fault: str
) -> None:
    how = {"times": 9, "retry_after": 30, "error": "invalid_auth"}
    await slack.fault(fault, method="auth.test", **how)
    with pytest.raises((BadCredential, SlackFailure)) as failed:
        await identify(web)
    await slack.fault(fault, method="users.info", **how)
    with pytest.raises(SlackFailure) as refused, slack_failures():
        await web.client.users_info(user="U0ALICE")
    for error in (failed.value, refused.value):
        told = "".join(traceback.format_exception(error)) + repr(error)
        assert BOT_TOKEN not in told
        assert "Authorization" not in told
