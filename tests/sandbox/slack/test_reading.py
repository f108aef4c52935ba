"""Reading: who the bot is, people, groups, conversations; tokens and scopes."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.driver import SlackDriver
from sandbox.slack.settings import APP_TOKEN
from tests.sandbox.slack.asking import error_of, refusal_of


async def test_the_bot_learns_who_it_is(web: AsyncWebClient) -> None:
    answer = await web.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == (
        "T0SANDBOX",
        "U0BOT",
        "B0BOT",
    )


async def test_tokens_are_checked(served: Served, web: AsyncWebClient) -> None:
    wrong = AsyncWebClient(token="xoxb-other", base_url=served.api_url)
    assert await error_of(wrong.auth_test()) == "invalid_auth"
    none = AsyncWebClient(base_url=served.api_url)
    assert await error_of(none.auth_test()) == "not_authed"
    app = AsyncWebClient(token=APP_TOKEN, base_url=served.api_url)
    assert await error_of(app.users_list()) == "not_allowed_token_type"
    assert await error_of(web.apps_connections_open(app_token="xoxb-sandbox")) == (
        "not_allowed_token_type"
    )


async def test_a_missing_scope_is_named(web: AsyncWebClient, slack: SlackDriver) -> None:
    await slack.put("app", scopes=["chat:write"])
    answer = await refusal_of(web.usergroups_users_list(usergroup="S0OPS"))
    assert answer["error"] == "missing_scope"
    assert (answer["needed"], answer["provided"]) == ("usergroups:read", "chat:write")


async def test_an_unknown_method_is_refused(web: AsyncWebClient) -> None:
    assert await error_of(web.bookmarks_list(channel_id="C0OPS")) == "unknown_method"


@pytest.mark.parametrize("body", ["{", "[]"])
async def test_a_body_that_is_no_json_object_is_refused(served: Served, body: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": "Bearer xoxb-sandbox"}
    async with aiohttp.ClientSession() as session:
        url = f"{served.api_url}chat.postMessage"
        async with session.post(url, data=body, headers=headers) as answer:
            assert (await answer.json())["error"] in ("invalid_json", "json_not_object")


async def test_a_call_may_come_as_a_form_with_the_token_in_it_which_is_not_recorded(
    served: Served, slack: SlackDriver
) -> None:
    form = {"token": "xoxb-sandbox", "channel": "C0OPS", "text": "x", "blocks": "[]"}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{served.api_url}chat.postMessage", data=form) as answer:
            assert (await answer.json())["ok"] is True
        form["blocks"] = "{"
        async with session.post(f"{served.api_url}chat.postMessage", data=form) as answer:
            assert (await answer.json())["error"] == "invalid_blocks_format"
    assert len(await slack.calls("chat.postMessage")) == 2
    assert "xoxb" not in str(await slack.calls())


@pytest.mark.parametrize(
    ("user", "fields"),
    [
        ("U0ALICE", {"deleted": False, "is_restricted": False, "locale": "en-US"}),
        ("U0CAROL", {"locale": "zh-CN", "tz": "Asia/Shanghai"}),
        ("U0GUEST", {"is_restricted": True}),
        ("U0GONE", {"deleted": True}),
        ("U0OUT", {"is_stranger": True, "team_id": "T0OTHER"}),
        ("U0BOT", {"is_bot": True}),
    ],
)
async def test_people_are_shown_as_they_are(
    web: AsyncWebClient, user: str, fields: dict[str, object]
) -> None:
    shown = (await web.users_info(user=user, include_locale=True))["user"]
    assert fields.items() <= shown.items()


async def test_a_deactivated_person_has_no_time_zone_and_an_unknown_one_is_refused(
    web: AsyncWebClient,
) -> None:
    shown = (await web.users_info(user="U0GONE", include_locale=True))["user"]
    assert "tz" not in shown
    assert "locale" not in shown
    assert await error_of(web.users_info(user="U0NOBODY")) == "user_not_found"


async def test_lists_come_in_pages(web: AsyncWebClient) -> None:
    found = []
    async for page in await web.users_list(limit=3):
        assert len(page["members"]) <= 3
        found += [m["id"] for m in page["members"]]
    assert len(found) == len(set(found)) == 8
    assert await error_of(web.users_list(cursor="rubbish")) == "invalid_cursor"
    assert await error_of(web.users_list(limit=5000)) == "invalid_limit"


async def test_groups_and_their_members(web: AsyncWebClient, slack: SlackDriver) -> None:
    listed = (await web.usergroups_list(include_users=True, include_count=True))["usergroups"]
    assert [(g["id"], g["user_count"]) for g in listed] == [("S0OPS", 1), ("S0APPROVE", 2)]
    members = (await web.usergroups_users_list(usergroup="S0APPROVE"))["users"]
    assert members == ["U0BOB", "U0CAROL"]
    assert await error_of(web.usergroups_users_list(usergroup="S0NO")) == "no_such_subteam"
    await slack.put("groups", groups=[{"id": "S0APPROVE", "disabled": True}])
    assert await error_of(web.usergroups_users_list(usergroup="S0APPROVE")) == "no_such_subteam"
    disabled = await web.usergroups_users_list(usergroup="S0APPROVE", include_disabled=True)
    assert disabled["users"] == members


async def test_channels_say_whether_the_bot_is_in_them(web: AsyncWebClient) -> None:
    ops = (await web.conversations_info(channel="C0OPS", include_num_members=True))["channel"]
    assert (ops["is_member"], ops["num_members"], ops["name"]) == (True, 7, "phone-ops")
    general = (await web.conversations_info(channel="C0GENERAL"))["channel"]
    assert general["is_member"] is False
    assert await error_of(web.conversations_info(channel="C0NO")) == "channel_not_found"


async def test_channels_are_listed_by_kind(web: AsyncWebClient) -> None:
    everything = (await web.conversations_list())["channels"]
    assert [c["id"] for c in everything] == ["C0OPS", "C0GENERAL", "C0OLD"]
    current = (await web.conversations_list(exclude_archived=True))["channels"]
    assert [c["id"] for c in current] == ["C0OPS", "C0GENERAL"]
    assert (await web.conversations_list(types="im"))["channels"] == []
    assert await error_of(web.conversations_list(types="forum")) == "invalid_types"
    members = await web.conversations_members(channel="C0GENERAL")
    assert members["members"] == ["U0ALICE", "U0BOB", "U0CAROL", "U0DAVE"]


async def test_a_direct_message_is_opened_once(web: AsyncWebClient) -> None:
    first = (await web.conversations_open(users="U0ALICE"))["channel"]["id"]
    again = (await web.conversations_open(users=["U0ALICE"], return_im=True))["channel"]
    assert (again["id"], again["user"]) == (first, "U0ALICE")
    assert (await web.conversations_open(channel=first))["channel"]["id"] == first


@pytest.mark.parametrize(
    ("users", "error"),
    [("U0GONE", "user_disabled"), ("U0NO", "user_not_found"), ("U0BOT", "cannot_dm_bot")],
)
async def test_who_cannot_be_written_to(web: AsyncWebClient, users: str, error: str) -> None:
    assert await error_of(web.conversations_open(users=users)) == error
