"""Faults set by control: what goes wrong, with which method or delivery, how often, how long."""

import time
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

FaultKind = Literal[
    "status",  # an HTTP status instead of an answer
    "ratelimited",  # 429 with Retry-After
    "error",  # {"ok": false, "error": ...}
    "latency",  # the answer comes `seconds_late` later
    "lost_answer",  # the call is carried out, its answer is a 500
    "reset",  # the call is carried out, the connection is closed without an answer
    "outage",  # 503 for everything, sockets closed and refused
    "drop_ack",  # the bot's acknowledgement never arrives
    "duplicate",  # delivered twice
    "late",  # delivered `seconds_late` later
    "reorder",  # delivered after the next one
    "bad_signature",  # signed with another secret (HTTP)
    "stale_signature",  # signed ten minutes ago (HTTP)
]
METHOD_KINDS = {"status", "ratelimited", "error", "latency", "lost_answer", "reset", "outage"}


@dataclass
class Fault:
    kind: FaultKind
    target: str = "*"
    """A Web API method or a delivery kind; `*` and other wildcards match."""
    channel: str = "*"
    """Only calls for this one; `*` also matches what is for none."""
    times: int | None = None
    until: float | None = None
    """Monotonic seconds."""
    status: int = 500
    error: str = "internal_error"
    retry_after: int = 1
    seconds_late: float = 0.0

    def live(self) -> bool:
        return self.times != 0 and (self.until is None or time.monotonic() < self.until)

    def matches(self, target: str, channel: str) -> bool:
        meant = fnmatchcase(target, self.target) and fnmatchcase(channel, self.channel)
        return self.live() and meant


class Faults:
    def __init__(self) -> None:
        self.active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.active = [f for f in self.active if f.live()]
        self.active.append(fault)

    def clear(self) -> None:
        self.active.clear()

    def take(self, target: str, *kinds: FaultKind, channel: str = "") -> Fault | None:
        """The first live fault of these kinds for this target; one of its times is used up."""
        for fault in self.active:
            if fault.kind in kinds and fault.matches(target, channel):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def outage(self) -> bool:
        return any(f.kind == "outage" and f.live() for f in self.active)
