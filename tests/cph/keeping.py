"""Paces of several processes and the one record they keep together, as a database has it."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.cph.kept import Kept, with_news
from bot.cph.pace import Pace

NOON = 1_790_000_000.0  # on the database's clock


@dataclass
class Shared:
    """The record of one kind of call. Moments are seconds after noon."""

    rows: dict[str, Any] = field(default_factory=dict)

    def keep(self, pace: Pace, now: float, at: float | None = None) -> bool:
        """Keep what the pace has to tell; whether that is anything. `at` is the database's time."""
        news = pace.news(now)
        if news is not None:
            moment = NOON + (now if at is None else at)
            self.rows = json.loads(json.dumps(with_news({"send": news}, self.rows, moment)))
        return news is not None

    def take_over(self, pace: Pace, now: float, at: float | None = None) -> None:
        """`now` is by the process's own clock."""
        pace.restore(self.record, now, NOON + (now if at is None else at))

    @property
    def record(self) -> Kept:
        return Kept.model_validate(self.rows["send"])

    @property
    def counted(self) -> list[float]:
        """When calls of any process were counted, in seconds after noon."""
        return sorted(one - NOON for made in self.record.counted.values() for one in made)


def silence(pace: Pace, now: float) -> float:
    """Seconds until the next call may start."""
    began = now
    while (delay := pace.delay(now)) > 0:
        now += delay
    return now - began
