"""Rate limits: 429 with Retry-After, per method and per channel, scaled or off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.driver import SlackDriver
from sandbox.slack.limits import RateLimits
from sandbox.slack.refusal import RateLimited
from tests.sandbox.slack.asking import refusal_of


async def test_posting_is_a_short_burst_and_then_one_a_second_per_channel(
    web: AsyncWebClient,
) -> None:
    for n in range(5):
        await web.chat_postMessage(channel="C0OPS", text=f"{n}")
    answer = await refusal_of(web.chat_postMessage(channel="C0OPS", text="6"))
    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    headers = {k.lower(): v for k, v in dict(answer.headers).items()}
    assert 1 <= int(headers["retry-after"]) <= 5
    await web.chat_postMessage(channel="U0ALICE", text="another channel")


async def test_limits_scale_and_switch_off(web: AsyncWebClient, slack: SlackDriver) -> None:
    await slack.put("limits", scale=0.2)
    await web.chat_postMessage(channel="C0OPS", text="1")
    assert (await refusal_of(web.chat_postMessage(channel="C0OPS", text="2"))).status_code == 429
    await slack.put("limits", off=True)
    for n in range(10):
        await web.chat_postMessage(channel="C0OPS", text=f"{n}")


@pytest.mark.parametrize(
    ("method", "quota"),
    [
        ("usergroups.users.list", 20),
        ("chat.update", 50),
        ("users.info", 100),
        ("views.open", 100),
        ("auth.test", 600),
    ],
)
def test_each_method_has_its_tiers_minute(method: str, quota: int) -> None:
    limits = RateLimits()
    for _ in range(quota):
        limits.check(method, None)
    with pytest.raises(RateLimited) as caught:
        limits.check(method, None)
    assert 1 <= caught.value.retry_after <= 60


def test_the_workspace_as_a_whole_takes_300_posts_a_minute() -> None:
    limits = RateLimits()
    for n in range(300):
        limits.check("chat.postMessage", f"C{n}")
    with pytest.raises(RateLimited):
        limits.check("chat.postMessage", "C0")


@given(st.floats(min_value=0.05, max_value=20))
def test_a_scaled_limit_lets_exactly_its_share_through(scale: float) -> None:
    limits = RateLimits()
    limits.set_scale(scale)
    for _ in range(max(1, int(50 * scale))):
        limits.check("chat.update", None)
    with pytest.raises(RateLimited):
        limits.check("chat.update", None)
