"""A proxy for Slack and the cloud, never for this machine."""

import pytest

from tests.config.setting import Setting

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_https_goes_by_the_proxy_that_is_set(setting: Setting, name: str) -> None:
    setting.environment[name] = PROXY
    config = setting.load()
    assert config.proxy_for("https://slack.com/api/") == PROXY
    assert (config.proxy_for("http://slack.com/") == PROXY) == (name.lower() == "all_proxy")


def test_each_scheme_has_its_proxy(setting: Setting) -> None:
    setting.environment |= {"HTTP_PROXY": PROXY, "HTTPS_PROXY": "http://other:1"}
    config = setting.load()
    assert config.proxy_for("http://cloud.example") == PROXY
    assert config.proxy_for("https://cloud.example") == "http://other:1"


def test_without_a_proxy_there_is_none(setting: Setting) -> None:
    assert setting.load().proxy_for("https://slack.com/api/") is None


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8701/api/", "http://127.9.9.9", "https://[::1]:1", "http://localhost:8"],
)
def test_this_machine_is_never_reached_by_a_proxy(setting: Setting, url: str) -> None:
    setting.environment |= {"ALL_PROXY": PROXY, "HTTP_PROXY": PROXY, "HTTPS_PROXY": PROXY}
    assert setting.load().proxy_for(url) is None


@pytest.mark.parametrize(
    ("exempt", "host", "is_exempt"),
    [
        ("slack.com", "slack.com", True),
        ("slack.com", "files.slack.com", True),
        (".slack.com", "files.slack.com", True),
        ("a.example, SLACK.com", "slack.com", True),
        ("slack.com", "notslack.com", False),
        ("slack.com", "slack.com.evil.example", False),
        ("*", "slack.com", True),
        (",", "slack.com", False),
    ],
)
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_hosts_in_no_proxy_are_reached_directly(
    setting: Setting, name: str, exempt: str, host: str, *, is_exempt: bool
) -> None:
    setting.environment |= {"HTTPS_PROXY": PROXY, name: exempt}
    assert (setting.load().proxy_for(f"https://{host}/") is None) == is_exempt
