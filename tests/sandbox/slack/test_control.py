"""The control API: who may use it, what it shows, how the stage is set."""

import asyncio

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.driver import ControlRefused, Human, SlackDriver
from sandbox.slack.settings import LooksReal, Settings
from tests.sandbox.slack.payload_parts import actions, button

STATE = "/control/slack/state"


async def status_of(url: str, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "sandbox.example.com"}, 403),
        ({"Host": "127.0.0.1.example.com"}, 403),
        ({"Origin": "https://example.com"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_only_this_machine_and_its_own_pages_have_control(
    served: Served, headers: dict[str, str], status: int
) -> None:
    assert await status_of(served.url + STATE, headers) == status


async def test_the_sandboxs_own_page_has_control(served: Served) -> None:
    assert await status_of(served.url + STATE, {"Origin": served.url}) == 200


# Put together here, so that no scanner takes the source for a leak.
DASH = "-"
REAL = f"xoxb{DASH}2345678901{DASH}2345678901234{DASH}AbCdEfGhIjKlMnOpQrStUvWx"


@pytest.mark.parametrize(
    "credentials",
    [
        {"bot_token": REAL},
        {"app_token": f"xapp{DASH}1{DASH}A0123ABCD{DASH}123456{DASH}abcdef"},
        {"signing_secret": "0123456789abcdef" * 2},
    ],
)
async def test_a_credential_that_looks_real_is_refused(
    slack: SlackDriver, credentials: dict[str, str]
) -> None:
    with pytest.raises(ControlRefused, match="looks like a real Slack credential"):
        await slack.call("PUT", "/transport", json=credentials)
    [given] = credentials.values()
    with pytest.raises(LooksReal):
        Settings(signing_secret=given)
    assert given not in str(await slack.state())


async def test_other_made_up_credentials_are_taken(served: Served, slack: SlackDriver) -> None:
    await slack.put("transport", bot_token="xoxb-mine")
    assert (await AsyncWebClient("xoxb-mine", base_url=served.api_url).auth_test())["ok"]


async def test_a_person_sees_what_is_theirs(
    web: AsyncWebClient, slack: SlackDriver, alice: Human
) -> None:
    await web.chat_postEphemeral(channel="C0OPS", user="U0ALICE", text="psst")
    await web.chat_postMessage(channel="U0ALICE", text="direct")
    hers, bobs = await slack.state("U0ALICE"), await slack.state("U0BOB")
    assert "psst" in str(hers)
    assert "direct" in str(hers)
    assert "psst" not in str(bobs)
    assert "direct" not in str(bobs)
    everyones = await slack.state()
    assert "psst" not in str(everyones)
    assert "direct" not in str(everyones)
    assert {c["id"] for c in hers["channels"]} >= {"C0OPS", "C0GENERAL", "C0OLD"}
    assert await alice.wait_for("ephemeral", channel="C0OPS", text="psst")


async def test_the_change_counter_moves_with_every_change_and_can_be_waited_for(
    web: AsyncWebClient, slack: SlackDriver
) -> None:
    seq = (await slack.state())["seq"]
    assert await slack.changes(seq, timeout=0.05) == seq
    waiting = asyncio.create_task(slack.changes(seq, timeout=20))
    await asyncio.sleep(0.05)
    await web.chat_postMessage(channel="C0OPS", text="x")
    async with asyncio.timeout(2):
        assert await waiting > seq
    assert (await slack.state())["seq"] > seq


async def test_calls_are_recorded_without_tokens(web: AsyncWebClient, slack: SlackDriver) -> None:
    await web.chat_postMessage(channel="C0OPS", text="x")
    seq = (await slack.calls())[-1]["seq"]
    [call] = await slack.calls("chat.postMessage")
    assert (call["ok"], call["error"], call["status"]) == (True, None, 200)
    assert call["args"]["channel"] == "C0OPS"
    assert "xoxb" not in str(call)
    assert await slack.calls(since=seq) == []


async def test_people_groups_and_channels_can_be_changed(
    web: AsyncWebClient, slack: SlackDriver
) -> None:
    await slack.put(
        "people", users=[{"id": "U0EVE", "real_name": "Eve"}, {"id": "U0BOB", "deleted": True}]
    )
    await slack.put("groups", groups=[{"id": "S0OPS", "users": ["U0EVE"]}])
    await slack.put(
        "channels", channels=[{"id": "C0GENERAL", "bot_in": True}, {"id": "C0OLD", "removed": True}]
    )
    assert (await web.users_info(user="U0EVE"))["user"]["real_name"] == "Eve"
    assert (await web.users_info(user="U0BOB"))["user"]["deleted"] is True
    assert (await web.usergroups_users_list(usergroup="S0OPS"))["users"] == ["U0EVE"]
    assert (await web.chat_postMessage(channel="C0GENERAL", text="x"))["ok"]
    assert [c["id"] for c in (await web.conversations_list())["channels"]] == ["C0OPS", "C0GENERAL"]


@pytest.mark.parametrize(
    ("what", "body", "reason"),
    [
        ("people", {"users": [{"id": "U0X", "age": 3}]}, "no such field: age"),
        ("people", {"users": [{"id": "U0X", "deleted": "yes"}]}, "deleted cannot be"),
        ("people", {}, "missing: users"),
        ("groups", {"groups": [{"id": "S0X", "users": "U0BOB"}]}, "users cannot be"),
        ("channels", {"channels": [{"id": "C0X", "kind": "im"}]}, "kind must be"),
        ("channels", {"channels": [{"id": "C0X", "messages": {}}]}, "no such field"),
        ("transport", {"mode": "pigeon"}, "mode must be"),
    ],
)
async def test_a_stage_that_cannot_be_set_is_refused(
    slack: SlackDriver, what: str, body: dict[str, object], reason: str
) -> None:
    with pytest.raises(ControlRefused, match=reason):
        await slack.call("PUT", f"/{what}", json=body)


async def test_a_reset_brings_the_first_cast_back(
    web: AsyncWebClient, slack: SlackDriver, alice: Human
) -> None:
    await web.chat_postMessage(channel="C0OPS", text="x")
    await slack.put("people", users=[{"id": "U0ALICE", "deleted": True}])
    await slack.fault("status", method="*", times=100)
    await slack.reset()
    assert await alice.sees("C0OPS") == []
    assert (await web.users_info(user="U0ALICE"))["user"]["deleted"] is False
    assert len(await slack.calls()) == 1


@pytest.mark.parametrize("user", ["U0GONE", "U0BOT", "U0NO"])
async def test_who_is_no_active_person_cannot_act(slack: SlackDriver, user: str) -> None:
    with pytest.raises(ControlRefused, match="no active person"):
        await slack.person(user).command("C0OPS", "/cph help")


async def test_what_a_person_cannot_reach_they_cannot_use(
    web: AsyncWebClient, alice: Human, bob: Human, slack: SlackDriver
) -> None:
    await web.chat_postEphemeral(
        channel="C0OPS", user="U0ALICE", text="x", blocks=[actions(button())]
    )
    [hers] = await alice.sees("C0OPS")
    with pytest.raises(ControlRefused, match="sees no message"):
        await bob.click("go", message=hers)
    with pytest.raises(ControlRefused, match="nothing here has action_id"):
        await alice.click("stop", message=hers)
    with pytest.raises(ControlRefused, match="is not in a channel"):
        await slack.person("U0OUT").command("C0GENERAL", "/cph")
    with pytest.raises(ControlRefused, match="archived"):
        await alice.command("C0OLD", "/cph")
    with pytest.raises(ControlRefused, match="begins with a slash"):
        await alice.command("C0OPS", "cph")


async def test_an_ambiguous_button_must_be_told_by_its_block(
    web: AsyncWebClient, alice: Human
) -> None:
    blocks = [actions(button()) | {"block_id": name} for name in ("one", "two")]
    await web.chat_postMessage(channel="C0OPS", text="x", blocks=blocks)
    [card] = await alice.sees("C0OPS")
    with pytest.raises(ControlRefused, match="say which block_id"):
        await alice.click("go", message=card)
    assert (await alice.click("go", message=card, block_id="two"))["error"] == "dispatch_failed"


@pytest.mark.parametrize(
    "condition",
    [{"kind": "rain"}, {"kind": "view", "user": "U0ALICE", "colour": "red"}, {"kind": "view"}],
)
async def test_a_condition_that_makes_no_sense_is_refused(
    slack: SlackDriver, condition: dict[str, str]
) -> None:
    with pytest.raises(ControlRefused):
        await slack.call("POST", "/wait", json={"condition": condition, "timeout": 1})
