"""Rate limits by tier, per method; posting has its own, per channel.

Slack publishes "at least N a minute" per tier with bursts, so a window of N in any 60 s is the
strictest reading. Posting is about one a second per channel with short bursts, and "several
hundred a minute" in the workspace.
"""

import math
import time
from collections import deque

from sandbox.slack.refusal import RateLimited

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
POST_BURST = 5
POSTS_PER_MINUTE = 300
SPECIAL = 600

TIER = {
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "users.info": 4,
    "users.list": 2,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}


class Window:
    """At most `quota` calls in any `span` seconds."""

    def __init__(self, quota: float, span: float) -> None:
        self.quota, self.span = max(1, int(quota)), span
        self._taken: deque[float] = deque()

    def take(self) -> None:
        now = time.monotonic()
        while self._taken and now - self._taken[0] >= self.span:
            self._taken.popleft()
        if len(self._taken) >= self.quota:
            raise RateLimited(max(1, math.ceil(self.span - (now - self._taken[0]))))
        self._taken.append(now)


class RateLimits:
    def __init__(self) -> None:
        self.scale: float | None = 1.0
        """Multiplies every quota; None switches limits off."""
        self._windows: dict[str, Window] = {}

    def set_scale(self, scale: float | None) -> None:
        self.scale = scale
        self._windows.clear()

    def check(self, method: str, channel: str | None) -> None:
        """Count one call, or raise `RateLimited`."""
        if self.scale is None:
            return
        if method == "chat.postMessage":
            self._window(f"post {channel}", POST_BURST, POST_BURST).take()
            self._window("post", POSTS_PER_MINUTE, 60).take()
        else:
            self._window(method, PER_MINUTE.get(TIER.get(method, 0), SPECIAL), 60).take()

    def _window(self, name: str, quota: int, span: float) -> Window:
        scale = 1.0 if self.scale is None else self.scale
        return self._windows.setdefault(name, Window(quota * scale, span))
