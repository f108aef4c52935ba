"""Calls made under a pace, as the tests make them."""

from bot.cph.errors import Stated
from bot.cph.pace import Pace
from bot.cph.window import Turn

TEN_A_SECOND = Stated(10, 1.0)
TEN_A_MINUTE = Stated(10, 60.0)


def started(pace: Pace, now: float) -> Turn:
    turn = pace.grant(now)
    pace.begin(turn, now)
    return turn


def answered(pace: Pace, now: float, took: float = 0.01) -> None:
    pace.answered(started(pace, now), now + took)


def refused(
    pace: Pace, now: float, stated: Stated | None = None, retry_after: float | None = None
) -> None:
    pace.refused(started(pace, now), now + 0.01, stated, retry_after)


def work(pace: Pace, now: float, calls: int) -> float:
    """Make calls one after the other, as soon as each may start; the time after them."""
    for _ in range(calls):
        now += pace.delay(now)
        answered(pace, now)
    return now
