"""What a pace has learned, and the calls it has made, outlive the process. Moments are seconds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cph.errors import Stated
from bot.cph.kept import LONGEST_SILENCE, NO_PROBING, Kept
from bot.cph.pace import Pace
from tests.cph.keeping import NOON, Shared, silence
from tests.cph.pacing import TEN_A_MINUTE, TEN_A_SECOND, answered, refused, started, work


def burst(me: str = "first") -> Pace:
    """Ten calls within a second, and the eleventh told the limit."""
    pace = Pace(1000, me)
    for _ in range(10):
        answered(pace, 100.0)
    refused(pace, 101.0, TEN_A_MINUTE)
    return pace


def heir_of(there: Pace, now: float, later: float, own_clock: float = 5.0) -> Pace:
    """Another process that takes over seconds later what was kept now."""
    shared, heir = Shared(), Pace(1000, "heir")
    shared.keep(there, now)
    shared.take_over(heir, own_clock, now + later)
    return heir


def test_what_was_learned_outlives_the_process() -> None:
    pace = Pace(1000, "first")
    refused(pace, 0.0, TEN_A_MINUTE)
    later = heir_of(pace, 100.0, 0.0, own_clock=7000.0)
    assert later.rate == pace.rate
    assert later.delay(7000.0) == pytest.approx(60 / 9.8)  # more calls may have been made than kept
    work(later, 7400.0, 3)
    assert later.rate == pytest.approx(9.8 / 60)
    news = later.news(7450.0)
    assert news is not None
    assert news.left == pytest.approx(NO_PROBING - 100 - 450, abs=1)


def test_a_pace_taken_over_again_does_not_wait_again() -> None:
    shared, pace = Shared(), Pace(1000, "first")
    refused(pace, 0.0, TEN_A_SECOND)
    now = work(pace, 10.0, 3)
    before = pace.delay(now)
    shared.keep(pace, now)
    for _ in range(2):
        shared.take_over(pace, now)
    assert pace.delay(now) == before


def test_without_a_limit_a_pace_taken_over_starts_at_once() -> None:
    pace = Pace(10)
    pace.restore(Kept(rate=3.5, by="other"), 5.0, NOON)
    assert pace.rate == 3.5
    assert pace.delay(5.0) == 0
    assert pace.news(5.0) is None


# the calls made before


def test_calls_made_before_the_restart_count_after_it() -> None:
    for down in (1.0, 20.0, 45.0):
        heir = heir_of(burst(), 102.0, down)
        unbroken = silence(burst(), 102.0 + down)
        assert silence(heir, 5.0) == pytest.approx(max(unbroken, 60 / 9.8), abs=0.1)


def test_calls_that_left_the_window_while_it_was_down_do_not_count() -> None:
    assert silence(heir_of(burst(), 102.0, 70), 5.0) == pytest.approx(60 / 9.8)


def test_a_second_restart_still_knows_the_calls_before_the_first() -> None:
    shared, first, second = Shared(), Pace(1000, "next"), Pace(1000, "last")
    shared.keep(burst(), 102.0)
    shared.take_over(first, 5.0, 103.0)
    answered(first, 9.0)
    shared.keep(first, 10.0, 108.0)
    shared.take_over(second, 900.0, 109.0)
    alone = burst()
    answered(alone, 107.0)
    assert silence(second, 900.0) == pytest.approx(silence(alone, 109.0), abs=0.1)


def test_a_permission_given_counts_as_used_and_a_call_under_way_as_late() -> None:
    shared, pace = Shared(), Pace(1000, "first")
    refused(pace, 0.0, TEN_A_MINUTE)
    pace.grant(300.0)
    started(pace, 310.0)
    shared.keep(pace, 311.0)
    given, under_way = shared.counted
    assert under_way == pytest.approx(310 + 15)  # a quarter of the minute
    assert given == 311


def test_no_more_calls_are_kept_than_the_limit_allows() -> None:
    shared = Shared()
    shared.keep(burst(), 102.0)
    assert len(shared.counted) == 10
    assert shared.counted[-1] == pytest.approx(101, abs=0.1)


def test_calls_long_gone_are_not_kept() -> None:
    shared = Shared()
    shared.keep(burst(), 300.0)
    assert shared.counted == []


# time that passed meanwhile


def test_a_limit_ages_while_the_process_is_down() -> None:
    heir = heir_of(burst(), 101.01, 200)
    assert heir.limit(5.0) == TEN_A_MINUTE
    assert heir.limit(5.0 + NO_PROBING - 201) == TEN_A_MINUTE
    assert heir.limit(5.0 + NO_PROBING - 199) is None


def test_a_limit_that_ran_out_while_it_was_down_holds_no_more() -> None:
    heir = heir_of(burst(), 102.0, 700)
    assert heir.limit(5.0) is None
    assert heir.rate == pytest.approx(9.8 / 60)
    assert heir.delay(5.0) == 0


def test_a_clock_that_was_set_back_makes_no_call_younger_than_now() -> None:
    heir = heir_of(burst(), 102.0, -86_400)
    assert silence(heir, 5.0) == pytest.approx(60 / 0.98, abs=0.1)
    assert heir.limit(5.0 + NO_PROBING + 1) is None


@pytest.mark.parametrize("stated", [TEN_A_SECOND, None])
@pytest.mark.parametrize(("later", "left"), [(10, 38), (60, 0), (-86_400, 48)])
def test_silence_that_the_cloud_asked_for_is_kept_by_all(
    stated: Stated | None, later: float, left: float
) -> None:
    there = Pace(1000, "first")
    refused(there, 100.0, stated, retry_after=50.0)
    assert heir_of(there, 102.0, later).delay(5.0) == pytest.approx(left, abs=0.2)


# nonsense


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        {},
        {"rate": 0},
        {"rate": "x"},
        {"rate": math.nan},
        {"rate": 1, "until": math.inf},
        {"rate": 1, "counted": [1.0]},
        {"rate": 1, "counted": {"first": [None]}},
        {"rate": 1, "counted": {"first": [math.inf]}},
        {"rate": 1, "until": "noon"},
        {"rate": 1, "calls": 10**400, "seconds": 60},
        {"rate": 1, "calls": 10, "seconds": 1e300},
    ],
)
def test_a_record_that_cannot_be_read_is_none(nonsense: object) -> None:
    assert Kept.read(nonsense) is None


def test_a_pace_so_slow_that_it_would_never_call_is_not_taken_as_it_is() -> None:
    pace = Pace(10)
    pace.restore(Kept(rate=1e-300, by="other"), 0.0, NOON)
    assert pace.rate == pytest.approx(1 / 60)


moments = st.floats(allow_nan=False, allow_infinity=False) | st.floats(NOON - 100, NOON + 100)


@given(
    rate=st.floats(1e-6, 1e9),
    limit=st.builds(Stated, st.integers(1, 10**6), st.floats(1e-3, 1e6)),
    counted=st.lists(moments, max_size=30),
    until=moments,
    silence=st.floats(0, LONGEST_SILENCE),
)
def test_a_pace_taken_over_keeps_within_its_limit_and_does_not_stop_for_ever(
    *, rate: float, limit: Stated, counted: list[float], until: float, silence: float
) -> None:
    pace = Pace(10)
    kept = Kept(rate=rate, by="other", calls=limit.calls, seconds=limit.seconds, until=until)
    kept.counted, kept.silence, kept.at = {"other": counted}, silence, NOON
    pace.restore(kept, 0.0, NOON)
    assert 0 < pace.rate <= 100
    if known := pace.limit(0.0):
        assert pace.rate <= known.rate
    assert pace.delay(0.0) <= max(limit.seconds * 1.3, 1 / pace.rate, silence)
