"""What goes wrong during a soak, at the cloud and at Slack, each for a share of the calls."""

import asyncio
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from bench.truth import Shown
from sandbox.cloud.cloud import Cloud
from sandbox.slack.driver import SlackDriver

_LOOK = 0.5  # seconds
SOCKET_DROPPED = 45.0  # seconds between two dropped connections
# One after the other; each happens to the next call there is.
AT_SLACK: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 503},
    {"kind": "ratelimited", "retry_after": 1},
    {"kind": "latency", "seconds_late": 2.0},
    {"kind": "lost_answer"},
    {"kind": "reset"},
)
UNSURE = ("lost_answer", "reset")


def trouble_the_cloud(cloud: Cloud, share: float) -> None:
    """Of the calls this share fails, and of the phones; half are refused, half have bad jobs.

    An override hits the calls with the lowest chances, so those with a smaller share come later
    and hit a part of the same calls: a fifth each is throttled, 502, reset and twice lost.
    """
    parts: list[tuple[float, dict[str, Any]]] = [
        (1.0, {"throttle": True, "retry_after_seconds": 1}),
        (0.8, {"throttle": False, "outage": "html_502"}),
        (0.6, {"outage": "reset"}),
        (0.4, {"outage": "html_504", "outage_after_accepting": True}),
    ]
    overrides = [{"switches": what, "share": share * part} for part, what in parts]
    cloud.set(write_limit={"calls": 50}, read_limit={"calls": 200})  # what a 429 states
    cloud.set(overrides=overrides, job_failure_share=share / 2, refuse_share=share / 2)
    cloud.set(job_failure_code="CPS.0005", refuse_code="CPS.0004")


@dataclass
class SlackTrouble:
    """Sets as many faults as are a share of the calls that came."""

    slack: SlackDriver
    shown: Shown
    share: float
    unsure: int = 0  # calls whose answer was lost: what they posted may be seen twice
    set: int = 0

    async def run(self) -> None:
        kinds, dropped = cycle(AT_SLACK), 0.0
        while True:
            await asyncio.sleep(_LOOK)
            dropped += _LOOK
            while self.set < self.share * self.shown.calls:
                await self._fault(next(kinds))
            if dropped >= SOCKET_DROPPED:
                dropped = 0.0
                await self.slack.fault("socket_drop", count=1)

    async def _fault(self, how: dict[str, Any]) -> None:
        self.set += 1
        self.unsure += how["kind"] in UNSURE
        await self.slack.fault(**how, method="*", times=1)
