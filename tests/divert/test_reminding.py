"""When people are written to, and when more of them may approve."""

from datetime import timedelta

import pytest

from bot.divert.policy import Approving, Stage
from bot.divert.reminding import past, reminders

HALF: timedelta = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("minutes", "times"),
    [(0, 0), (29, 0), (30, 1), (89, 1), (90, 2), (209, 2), (210, 3), (449, 3), (450, 4)],
)
def test_each_pause_before_a_reminder_is_twice_the_one_before(minutes: int, times: int) -> None:
    assert reminders(Approving(remind=HALF), timedelta(minutes=minutes)) == times
    assert reminders(Approving(direct=True, remind=HALF), timedelta(minutes=minutes)) == times + 1


def test_without_reminders_people_are_written_to_at_most_at_the_start() -> None:
    assert reminders(Approving(), timedelta(days=9)) == 0
    assert reminders(Approving(direct=True), timedelta(0)) == 1


def test_a_stage_is_escalated_when_it_has_waited_as_long_as_it_says() -> None:
    stages = (Stage(1, ("a",)), Stage(1, ("a",), timedelta(hours=2), ("b",)))
    assert past(stages, timedelta(hours=2) - timedelta(seconds=1)) == ()
    assert past(stages, timedelta(hours=2)) == (1,)
