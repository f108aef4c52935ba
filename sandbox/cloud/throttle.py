"""The gateway's limit of calls: per user and kind of call, in any stretch of the window."""

from collections import deque
from dataclasses import dataclass, field

from sandbox.cloud.failures import Refused
from sandbox.cloud.kinds import Kind
from sandbox.cloud.switches import Limit, Switches


@dataclass
class Throttle:
    _taken: dict[tuple[str, Kind], deque[float]] = field(default_factory=dict)

    def take(self, user: str, kind: Kind, switches: Switches, now: float) -> None:
        """Let a call pass, or raise the 429."""
        if kind.is_identity:
            return
        limit = switches.write_limit if kind.writes else switches.read_limit
        if switches.throttle:
            raise too_many(limit or Limit(calls=10), switches)
        if limit is not None and not self._fits(user, kind, limit, switches, now):
            raise too_many(limit, switches)

    def _fits(self, user: str, kind: Kind, limit: Limit, switches: Switches, now: float) -> bool:
        taken = self._taken.setdefault((user, kind), deque())
        while taken and taken[0] <= now - limit.seconds:
            taken.popleft()
        fits = len(taken) < limit.calls
        if fits or switches.count_refused:
            taken.append(now)
        return fits

    def forget(self) -> None:
        self._taken.clear()


def too_many(limit: Limit, switches: Switches) -> Refused:
    """Return the refusal; its text is the only place the cloud states the limit."""
    wait = switches.retry_after_seconds
    return Refused(
        f"{switches.gateway_prefix}.0308",
        429,
        "The throttling threshold has been reached: policy user over ratelimit,"
        f"limit:{limit.calls},time:1 {limit.per}",
        {} if wait is None else {"Retry-After": str(wait)},
    )
