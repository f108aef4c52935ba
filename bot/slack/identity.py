"""Who the bot is in Slack, and whether its credentials are good."""

from dataclasses import dataclass
from typing import Final

from bot.slack.failures import SlackRefused, TokenRefused, slack_failures
from bot.slack.web import Web

# What the calls of this package need; the manifest asks for the same.
SCOPES: Final = frozenset(
    {
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:read",
        "im:write",
        "usergroups:read",
        "users:read",
    }
)


class BadCredential(Exception):
    """Slack does not take a credential; the sentence says which and what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """`missing` are scopes the bot needs and was not given; empty where Slack names none.

    `enterprise` is the organisation the workspace belongs to, empty where it belongs to none.
    """

    team: str
    team_name: str
    bot_user: str
    bot_id: str
    missing: tuple[str, ...] = ()
    enterprise: str = ""


async def identify(web: Web) -> Identity:
    """Ask Slack whose token this is (`auth.test`).

    Raises:
        BadCredential: it is none, no longer one, or no bot's.
        SlackAway: Slack could not be reached.
    """
    try:
        with slack_failures():
            answer = await web.client.auth_test()
    except (SlackRefused, TokenRefused) as refused:
        raise BadCredential(_bad_bot_token(refused.code)) from None
    if not answer.get("bot_id"):
        raise BadCredential(_bad_bot_token("it is a person's token"))
    return Identity(
        str(answer["team_id"]),
        str(answer.get("team") or ""),
        str(answer["user_id"]),
        str(answer["bot_id"]),
        _missing(str(answer.headers.get("X-OAuth-Scopes") or "")),
        str(answer.get("enterprise_id") or ""),
    )


async def check_app_token(web: Web, app_token: str) -> None:
    """Ask for a Socket Mode address once.

    Raises:
        BadCredential: Slack gives none for this token.
        SlackAway: Slack could not be reached.
    """
    try:
        with slack_failures():
            await web.client.apps_connections_open(app_token=app_token)
    except TokenRefused as refused:
        raise BadCredential(_bad_app_token(refused.code)) from None
    except SlackRefused as refused:
        raise BadCredential(
            f"Slack refuses Socket Mode to this app ({refused.code}): switch it on under "
            "Settings, Socket Mode."
        ) from None


def _bad_bot_token(code: str) -> str:
    return (
        f"Slack does not take SLACK_BOT_TOKEN ({code}): copy the Bot User OAuth Token, which "
        "begins with xoxb-, from the app's page under OAuth & Permissions."
    )


def _bad_app_token(code: str) -> str:
    return (
        f"Slack does not take SLACK_APP_TOKEN ({code}): make an app-level token with the scope "
        "connections:write, which begins with xapp-, on the app's page under Basic Information."
    )


def _missing(granted: str) -> tuple[str, ...]:
    given = {scope.strip() for scope in granted.split(",") if scope.strip()}
    return tuple(sorted(SCOPES - given)) if given else ()
