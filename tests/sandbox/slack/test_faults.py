"""Faults of single calls: refused, slow, or carried out with the answer lost."""

import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.driver import ControlRefused, Human, SlackDriver
from sandbox.slack.settings import BOT_TOKEN
from tests.sandbox.slack.asking import error_of, refusal_of


async def status_of(served: Served, method: str, **args: str) -> int:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{served.api_url}{method}", json=args) as answer,
    ):
        return answer.status


async def test_a_status_fault_does_nothing_else(
    served: Served, slack: SlackDriver, alice: Human
) -> None:
    await slack.fault("status", method="chat.postMessage", status=503, times=2)
    post = {"channel": "C0OPS", "text": "x"}
    assert [await status_of(served, "chat.postMessage", **post) for _ in range(3)] == [
        503,
        503,
        200,
    ]
    assert len(await alice.sees("C0OPS")) == 1


async def test_a_429_says_how_long(web: AsyncWebClient, slack: SlackDriver) -> None:
    await slack.fault("ratelimited", method="chat.*", retry_after=7)
    answer = await refusal_of(web.chat_postMessage(channel="C0OPS", text="x"))
    assert (answer.status_code, dict(answer.headers)["Retry-After"]) == (429, "7")
    assert (await web.auth_test())["ok"]


async def test_any_error_word_can_be_had(web: AsyncWebClient, slack: SlackDriver) -> None:
    await slack.fault("error", method="auth.test", error="token_revoked")
    assert await error_of(web.auth_test()) == "token_revoked"
    assert (await web.auth_test())["ok"]


async def test_a_fault_may_be_for_one_channel_alone(
    web: AsyncWebClient, slack: SlackDriver
) -> None:
    await slack.put("channels", channels=[{"id": "C0ELSE", "bot_in": True}])
    await slack.fault("error", method="chat.postMessage", channel="C0OPS", error="fatal_error")
    assert (await web.chat_postMessage(channel="C0ELSE", text="hi"))["ok"]
    assert await error_of(web.chat_postMessage(channel="C0OPS", text="hi")) == "fatal_error"


@pytest.mark.parametrize("kind", ["lost_answer", "reset"])
async def test_a_lost_answer_is_a_message_posted_all_the_same(
    served: Served, slack: SlackDriver, alice: Human, kind: str
) -> None:
    # No retry handler: what a retry does is the bot's affair.
    web = AsyncWebClient(token=BOT_TOKEN, base_url=served.api_url, retry_handlers=[])
    await slack.fault(kind, method="chat.postMessage")
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await web.chat_postMessage(channel="C0OPS", text="posted")
    assert [m["text"] for m in await alice.sees("C0OPS")] == ["posted"]


async def test_latency_makes_a_method_slow(web: AsyncWebClient, slack: SlackDriver) -> None:
    await slack.fault("latency", method="users.info", seconds_late=0.2)
    started = time.monotonic()
    await web.users_info(user="U0ALICE")
    assert time.monotonic() - started >= 0.2


async def test_an_outage_is_503_on_every_method_and_door(
    served: Served, slack: SlackDriver
) -> None:
    await slack.fault("outage")
    assert await status_of(served, "auth.test") == 503
    async with aiohttp.ClientSession() as session:
        for path in ("/link/?ticket=x", "/files-pri/T0-F0/a"):
            async with session.get(served.url + path) as answer:
                assert answer.status == 503
        async with session.post(f"{served.url}/actions/T0/x", json={}) as answer:
            assert answer.status == 503
    await slack.clear_faults()
    assert await status_of(served, "auth.test") == 200


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "gremlin"}, "kind must be one of"),
        ({"kind": "status", "code": 500}, "a fault has no code"),
        ({"kind": "status", "times": "often"}, "valid integer"),
        ({"kind": "disconnect", "reason": "boredom"}, "reason must be one of"),
    ],
)
async def test_a_fault_that_does_not_exist_is_refused(
    slack: SlackDriver, fault: dict[str, object], reason: str
) -> None:
    with pytest.raises(ControlRefused, match=reason):
        await slack.call("POST", "/faults", json=fault)
