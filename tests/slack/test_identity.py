"""A bad credential is named in a sentence before anything starts."""

from dataclasses import replace

import pytest

from bot.slack.failures import SlackAway
from bot.slack.identity import BadCredential, Identity, check_app_token, identify
from bot.slack.transport import is_of
from bot.slack.web import Web, open_web
from sandbox.slack.app import Served
from sandbox.slack.driver import SlackDriver
from sandbox.slack.settings import APP_TOKEN


async def test_the_bot_knows_its_team_and_itself(identity: Identity) -> None:
    assert identity == Identity("T0SANDBOX", "Sandbox", "U0BOT", "B0BOT")


async def test_a_wrong_bot_token_is_named(served: Served) -> None:
    web = open_web("xoxb-wrong", served.api_url)
    with pytest.raises(BadCredential, match=r"SLACK_BOT_TOKEN \(invalid_auth\)") as failure:
        await identify(web)
    assert "xoxb-wrong" not in str(failure.value)
    await web.close()


async def test_an_app_token_in_its_place_is_named(served: Served) -> None:
    web = open_web(APP_TOKEN, served.api_url)
    with pytest.raises(BadCredential, match="SLACK_BOT_TOKEN"):
        await identify(web)
    await web.close()


async def test_scopes_that_were_not_given_are_listed(web: Web, served: Served) -> None:
    served.workspace.settings.scopes -= {"files:write", "groups:read"}
    assert (await identify(web)).missing == ("files:write", "groups:read")


async def test_slack_being_away_is_no_bad_credential(web: Web, slack: SlackDriver) -> None:
    await slack.fault("status", method="*", status=503, times=2)
    with pytest.raises(SlackAway):
        await identify(web)
    with pytest.raises(SlackAway):
        await check_app_token(web, APP_TOKEN)


async def test_a_good_app_token_passes_and_a_wrong_one_is_named(web: Web) -> None:
    await check_app_token(web, APP_TOKEN)
    with pytest.raises(BadCredential, match=r"SLACK_APP_TOKEN \(invalid_auth\)"):
        await check_app_token(web, "xapp-wrong")


async def test_socket_mode_switched_off_is_named(web: Web, slack: SlackDriver) -> None:
    await slack.fault(
        "error", method="apps.connections.open", error="socket_mode_not_enabled", times=1
    )
    with pytest.raises(BadCredential, match="switch it on"):
        await check_app_token(web, APP_TOKEN)


def body_of(team: object = "T0SANDBOX", own: object = "T0SANDBOX") -> dict[str, object]:
    return {"team": {"id": team}, "user": {"id": "U0ALICE", "team_id": own}}


@pytest.mark.parametrize(
    ("body", "is_ours"),
    [
        (body_of(), True),
        (body_of(own=""), True),
        (body_of(own="T0OTHER"), False),
        (body_of(team="T0OTHER"), False),
        (body_of(team=""), False),
        ({"team": None, "user": {"id": "U0ALICE", "team_id": "T0SANDBOX"}}, False),
        ({"team_id": "T0SANDBOX", "user_id": "U0ALICE"}, True),
        ({"team_id": "T0OTHER", "user_id": "U0ALICE"}, False),
        ({}, False),
    ],
)
def test_a_press_is_ours_where_the_team_and_the_persons_own_are(
    identity: Identity, body: dict[str, object], *, is_ours: bool
) -> None:
    assert is_of(identity, body) is is_ours


def test_in_an_organisation_the_directory_says_whose_a_person_is(identity: Identity) -> None:
    ours = replace(identity, enterprise="E0ORG")
    assert is_of(ours, body_of(own="T0SISTER"))
    assert not is_of(ours, body_of(team="T0SISTER", own="T0SISTER"))
