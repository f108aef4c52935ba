"""A bad credential is named in a sentence before anything starts."""

import pytest

from bot.slack.failures import SlackAway
from bot.slack.identity import BadCredential, Identity, check_app_token, identify
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
