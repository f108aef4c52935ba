"""What the app's owner and the test's author can set: tokens, scopes, transport, times."""

import re
from dataclasses import dataclass, field
from typing import Literal

BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
SIGNING_SECRET = "sandbox-signing-secret"

# Slack's own tokens: a known prefix, then numbers between dashes, then a long secret.
REAL_TOKEN = re.compile(r"xox[a-z]-\d+-|xoxe[.-]|xapp-\d-[A-Z0-9]+-|\bhttps://hooks\.slack\.com/")
REAL_SECRET = re.compile(r"^[0-9a-f]{32}$")

SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:read",
        "im:read",
        "im:write",
        "usergroups:read",
        "users:read",
    }
)
EVENTS = frozenset({"app_home_opened", "app_mention", "message.im"})


class LooksReal(ValueError):
    """Something that looks like a real Slack credential was given; the sandbox takes none."""


def refuse_real(text: str) -> None:
    """Raise `LooksReal` where `text` holds what may be a real token, secret or hook."""
    if REAL_TOKEN.search(text) or REAL_SECRET.match(text.strip()):
        raise LooksReal("this looks like a real Slack credential; the sandbox takes made-up ones")


@dataclass
class Settings:
    bot_token: str = BOT_TOKEN
    app_token: str = APP_TOKEN
    signing_secret: str = SIGNING_SECRET
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    events: set[str] = field(default_factory=lambda: set(EVENTS))
    mode: Literal["socket", "http"] = "socket"
    url: str = ""
    """Where signed HTTP goes: the bot's /slack/events."""
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    retry_seconds: list[float] = field(default_factory=lambda: [0.0, 60.0, 300.0])
    """When an unacknowledged event is sent again, counted from the failure before."""
    text_limit: int = 4000
    """Documented as 40,000; 4,000 is where real apps were refused."""

    def __post_init__(self) -> None:
        for credential in (self.bot_token, self.app_token, self.signing_secret):
            refuse_real(credential)
