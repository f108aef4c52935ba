import math

import pytest

from bot.cph.errors import Stated
from bot.cph.kept import NO_PROBING, Kept
from bot.cph.pace import Pace
from bot.cph.window import Turn, Window
from tests.cph.pacing import TEN_A_MINUTE, TEN_A_SECOND, answered, refused, started, work


def test_the_first_call_starts_at_once_and_the_next_a_step_later() -> None:
    pace = Pace(10)
    assert pace.delay(5.0) == 0
    started(pace, 5.0)
    assert pace.delay(5.0) == pytest.approx(0.1, rel=0.3)
    assert pace.delay(5.2) == 0


def test_a_sleep_that_ended_late_is_made_good_by_a_quarter_of_a_step_at_most() -> None:
    pace = Pace(10)
    started(pace, 0.0)
    started(pace, 50.0)
    assert pace.delay(50.0) == pytest.approx(0.075)


def test_a_stated_limit_is_taken_at_98_percent_at_once() -> None:
    pace = Pace(1000)
    refused(pace, 0.0, TEN_A_SECOND)
    assert pace.rate == pytest.approx(9.8)
    other = Pace(10)
    refused(other, 0.0, TEN_A_MINUTE)
    assert other.rate == pytest.approx(9.8 / 60)


def test_a_stated_limit_never_makes_it_faster() -> None:
    pace = Pace(2)
    refused(pace, 0.0, TEN_A_SECOND)
    assert pace.rate == pytest.approx(1.8)


def test_the_calls_before_the_limit_was_stated_count_too() -> None:
    pace = Pace(10)
    now = work(pace, 0.0, 10)
    refused(pace, now, TEN_A_MINUTE)
    silence = 0.0
    while (delay := pace.delay(now + silence)) > 0:
        silence += delay
    # Eleven calls began, the refused one counts: two must be out of the window.
    assert 60 < now + silence < 62


def test_a_stated_limit_is_not_probed_for_ten_minutes() -> None:
    pace = Pace(1000)
    refused(pace, 0.0, TEN_A_SECOND)
    now = work(pace, 1.0, 5000)
    assert now < NO_PROBING
    assert pace.rate == pytest.approx(9.8)


def test_after_ten_minutes_it_goes_beyond_a_stated_limit() -> None:
    pace = Pace(1000)
    refused(pace, 0.0, TEN_A_SECOND)
    work(pace, NO_PROBING + 1, 50)
    assert pace.rate > 9.8


def test_refused_under_its_own_limit_it_gives_way_to_others_and_comes_back() -> None:
    pace = Pace(1000)
    refused(pace, 0.0, TEN_A_SECOND)
    refused(pace, 5.0, TEN_A_SECOND)
    assert pace.rate == pytest.approx(9.8 * 0.9)
    work(pace, 10.0, 20)
    assert pace.rate == pytest.approx(9.8)


def test_without_a_limit_it_halves_and_creeps_up() -> None:
    pace = Pace(10)
    refused(pace, 0.0)
    assert pace.rate == 5
    now = work(pace, 2.0, 10)
    assert 5 < pace.rate < 7
    work(pace, now, 40)
    assert 10 <= pace.rate < 10.5


def test_calls_refused_together_slow_it_once() -> None:
    pace = Pace(10)
    turns = [started(pace, 0.0) for _ in range(8)]
    for turn in turns:
        pace.refused(turn, 0.2, None, None)
    assert pace.rate == 5


def test_the_second_of_two_refused_together_may_state_the_limit() -> None:
    pace = Pace(10)
    first, second = started(pace, 0.0), started(pace, 0.0)
    pace.refused(first, 0.2, None, None)
    pace.refused(second, 0.2, Stated(2, 1.0), None)
    assert pace.rate == pytest.approx(1.96)


def test_it_is_never_slower_than_one_call_a_minute_unless_a_limit_says_so() -> None:
    pace = Pace(10)
    for number in range(40):
        refused(pace, number * 100.0)
    assert pace.rate == pytest.approx(1 / 60)
    refused(pace, 9000.0, Stated(1, 3600.0))
    assert pace.rate == pytest.approx(0.98 / 3600)


def test_retry_after_is_waited_for() -> None:
    pace = Pace(10)
    refused(pace, 0.0, retry_after=7.0)
    assert pace.delay(0.01) == pytest.approx(7.0)
    assert pace.rate == 9


def test_silence_grows_with_each_refusal_in_a_row() -> None:
    pace, now, silences = Pace(10), 0.0, []
    for _ in range(8):
        refused(pace, now)
        silences.append(round(pace.delay(now + 0.01)))
        now += 100
    assert silences == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_good_call_ends_the_row() -> None:
    pace = Pace(10)
    refused(pace, 0.0)
    refused(pace, 100.0)
    answered(pace, 200.0)
    refused(pace, 300.0)
    assert pace.delay(300.01) == pytest.approx(1.0)


def test_it_creeps_above_the_start_only_while_it_is_the_brake() -> None:
    busy, idle = Pace(10), Pace(10)
    work(busy, 0.0, 100)
    for number in range(100):
        answered(idle, number * 10.0)
    assert 10.5 < busy.rate < 12
    assert idle.rate == 10


def test_it_never_creeps_above_ten_times_the_start() -> None:
    pace = Pace(10)
    work(pace, 0.0, 20_000)
    assert pace.rate == pytest.approx(100)


@pytest.mark.parametrize(
    ("took", "leaves"),
    [
        (0.2, 11.02),
        (0.3, 11.12),
        (0.44, 11.26),
        (5.0, 11.27),
        (math.inf, 11.27),
        (None, 11.27),
    ],
)
def test_a_call_that_was_late_by_so_much_stays_in_the_window_so_much_longer(
    took: float | None, leaves: float
) -> None:
    """A second and a little, the time over the fastest call's 0.2 s, but at most 0.25 s."""
    window, limit = Window(), Stated(1, 1.0)
    window.ended(Turn(0.0), 0.2)
    late = Turn(10.0)
    window.add(late)
    window.begin(late, 10.0)
    late.took = took
    assert window.delay(limit, leaves - 0.01) > 0
    assert window.delay(limit, leaves + 0.01) == 0


def test_a_permission_not_used_is_no_call() -> None:
    pace = Pace(1000)
    pace.restore(Kept(rate=1, calls=1, seconds=1, until=600), 0.0, 0.0)
    turn = pace.grant(10.0)
    assert pace.delay(12.0) > 0  # it may be used at any moment
    pace.drop(turn)
    assert pace.delay(12.0) == 0
