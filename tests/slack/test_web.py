"""Which addresses are Slack's, and how it is reached."""

import pytest
from yarl import URL

from bot.slack.web import Origins, Web, build_client, open_web
from sandbox.slack.app import Served
from sandbox.slack.settings import BOT_TOKEN

SLACK = Origins(URL("https://slack.com/api/"))
LOCAL = Origins(URL("http://127.0.0.1:8080/api/"))


@pytest.mark.parametrize(
    "address",
    [
        "https://files.slack.com/files-pri/T0-F0/download/a.csv",
        "https://hooks.slack.com/commands/T0/1/x",
        "https://slack.com/x",
        "https://slack-files.com/x",
        "https://a.slack-edge.com:443/x",
        "https://FILES.SLACK.COM/x",
    ],
)
def test_slacks_own_domains_are_slacks(address: str) -> None:
    assert SLACK.allows(address)
    assert not LOCAL.allows(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://files.slack.com/x",
        "https://files.slack.com:8443/x",
        "https://evilslack.com/x",
        "https://slack.com.evil.example/x",
        "https://files.slack.com@evil.example/x",
        "https://files.slack.com:443@evil.example/x",
        "https://evil.example#@files.slack.com/x",
        "https://files.slack.com.:443/x",
        "https://files.slack.com\t.evil.example/x",
        "https://files.sӏack.com/x",
        "https://files.slаck.com/x",
        "https://files。slack.com.evil.example/x",
        "https://files.slack.com%2eevil.example/x",
        "https://xn--slck-63d.com/x",
        "https://127.0.0.1/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://0x7f000001/x",
        "HTTP://FILES.SLACK.COM/x",
        "https:files.slack.com/x",
        "https:///files.slack.com/x",
        "\\\\files.slack.com\\x",
        "javascript:https://files.slack.com/x",
        "https://user:secret@files.slack.com/x",
        "https://evil.example/?https://files.slack.com",
        "https://evil.example\\@files.slack.com/x",
        "file:///etc/passwd",
        "//files.slack.com/x",
        "http://127.0.0.1:8080/x",
        "https://[::1/x",
        "",
    ],
)
def test_nothing_else_is(address: str) -> None:
    assert not SLACK.allows(address)


def test_another_api_url_allows_its_one_origin() -> None:
    assert LOCAL.allows("http://127.0.0.1:8080/files/x")
    for other in (
        "http://127.0.0.1:8081/x",
        "http://127.0.0.1/x",
        "https://127.0.0.1:8080/x",
        "http://localhost:8080/",
        "http://[::ffff:127.0.0.1]:8080/",
        "http://2130706433:8080/x",
        "http://127.1:8080/x",
        "http://evil@127.0.0.1:8080/x",
        "http://127.0.0.1:8080@evil.example/x",
        "http://127.0.0.1:8080.evil.example/x",
        "//127.0.0.1:8080/x",
    ):
        assert not LOCAL.allows(other), other


def test_an_ipv6_origin_is_one_too() -> None:
    own = Origins(URL("http://[::1]:8080/api/"))
    assert own.allows("http://[::1]:8080/x")
    assert own.allows("http://[0:0:0:0:0:0:0:1]:8080/x")
    assert not own.allows("http://[::2]:8080/x")


@pytest.mark.parametrize("ending", ["/api", "/api/"])
async def test_the_api_url_may_end_with_a_slash_or_not(served: Served, ending: str) -> None:
    web = open_web(BOT_TOKEN, served.url + ending)
    assert (await web.client.auth_test())["team_id"] == "T0SANDBOX"
    await web.close()


async def test_a_given_proxy_is_kept_and_none_is_none(web: Web) -> None:
    proxy = "http://127.0.0.1:3128"
    url = web.client.base_url
    assert build_client("x", url, proxy, web.session).proxy == proxy
    assert build_client("x", url, None, web.session).proxy is None
