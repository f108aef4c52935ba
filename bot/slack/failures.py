"""What Slack did not do, in our words.

SlackFailure
├── SlackAway (Away): it may work later; `wait` says when to ask again
│   └── TokenRefused: once a person has mended it; nothing is given up for it
└── SlackRefused (Undeliverable): asking again would not help
    ├── MessageGone
    ├── ChannelGone
    └── PersonGone
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.divert.failures import Away, Undeliverable

WAIT: Final = 5.0  # seconds, where Slack names none
MENDING: Final = 60.0  # seconds between two looks whether a person has mended it

_MESSAGE_GONE: Final = frozenset(
    {"cant_update_message", "edit_window_closed", "message_not_found", "thread_not_found"}
)
_CHANNEL_GONE: Final = frozenset(
    {
        "cannot_post_in_channel",
        "channel_is_archived",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "not_in_channel",
        "posting_to_general_channel_denied",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
    }
)
_PERSON_GONE: Final = frozenset(
    {
        "cannot_dm_bot",
        "messages_tab_disabled",
        "user_disabled",
        "user_not_found",
        "user_not_in_channel",
        "user_not_visible",
        "users_not_found",
    }
)
_TOKEN_REFUSED: Final = frozenset(
    {
        "access_denied",
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
_AWAY: Final = {
    "fatal_error": WAIT,
    "internal_error": WAIT,
    "message_limit_exceeded": 60.0,
    "rate_limited": WAIT,
    "ratelimited": WAIT,
    "request_timeout": WAIT,
    "service_unavailable": WAIT,
    "team_added_to_org": 60.0,
}


class SlackFailure(Exception):
    """`code` is Slack's own word, or what happened to the connection."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SlackAway(SlackFailure, Away):
    """Slack could not be reached or asks to slow down; ask again in `wait` seconds."""

    def __init__(self, code: str, wait: float = WAIT) -> None:
        super().__init__(code)
        self.wait = wait


class TokenRefused(SlackAway):
    """The token is wrong, revoked, or lacks a scope; `needed` names the scope."""

    def __init__(self, code: str, needed: str = "") -> None:
        super().__init__(code, MENDING)
        self.needed = needed


class SlackRefused(SlackFailure, Undeliverable):
    """Slack said no, and will say so again."""


class MessageGone(SlackRefused):
    """The message is deleted or can no longer be edited."""


class ChannelGone(SlackRefused):
    """The channel is archived, deleted, or the bot may not post there."""


class PersonGone(SlackRefused):
    """The person cannot be written to."""


@contextmanager
def slack_failures() -> Iterator[None]:
    """Raise what goes wrong with a Web API call as one of the failures above."""
    try:
        yield
    except SlackApiError as error:
        raise failure_of(error.response) from None
    except SlackClientError:
        raise SlackAway("upload_failed") from None  # the SDK's word for a refused upload POST
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SlackAway(type(error).__name__) from None


def failure_of(response: Any) -> SlackFailure:  # noqa: ANN401 - the SDK hands over two types
    """Classify a refused call by Slack's word, or by the HTTP status where there is none."""
    data = getattr(response, "data", None)
    body = data if isinstance(data, dict) else {}
    code = str(body.get("error") or "")
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    if not code or status == HTTPStatus.TOO_MANY_REQUESTS or code in _AWAY:
        return SlackAway(code or f"http_{status}", _wait(response, code))
    if code in _TOKEN_REFUSED:
        return TokenRefused(code, str(body.get("needed") or ""))
    return _refusal(code)


def _refusal(code: str) -> SlackRefused:
    if code in _MESSAGE_GONE:
        return MessageGone(code)
    if code in _CHANNEL_GONE:
        return ChannelGone(code)
    return PersonGone(code) if code in _PERSON_GONE else SlackRefused(code)


def _wait(response: Any, code: str) -> float:  # noqa: ANN401 - as above
    """Seconds."""
    try:
        return float(response.headers["Retry-After"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return _AWAY.get(code, WAIT)
