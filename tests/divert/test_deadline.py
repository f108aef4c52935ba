"""How long the cloud is waited for."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.deadline import (
    LAG_ROUNDS,
    SLOWEST_POLL,
    Late,
    is_quiet,
    longest,
    next_look,
    next_poll,
    out_of_time,
)
from bot.divert.outcome import ServerWork

NOW = datetime(2026, 11, 24, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
POLL = timedelta(seconds=5)
minutes = st.floats(0, 10_000).map(lambda one: timedelta(minutes=one))


def work(phones: int, accepted: float, moved: float) -> ServerWork:
    """Jobs of so many phones; accepted and last moved so many minutes ago."""
    accepted_at, moved_at = (NOW - timedelta(minutes=one) for one in (accepted, moved))
    return ServerWork("s", phones, 1, accepted_at, moved_at)


@pytest.mark.parametrize(("phones", "limit"), [(1, 11), (20, 30), (60, 70), (100, 110)])
def test_a_server_has_a_minute_for_each_phone_and_ten_more(phones: int, limit: int) -> None:
    assert longest(phones, HALF_AN_HOUR) == timedelta(minutes=limit)
    assert out_of_time(work(phones, limit - 0.1, 0), NOW, HALF_AN_HOUR) is None
    assert out_of_time(work(phones, limit, 0), NOW, HALF_AN_HOUR) is Late.TOO_LONG


def test_a_server_that_ends_nothing_for_half_the_deadline_is_given_up_before() -> None:
    assert out_of_time(work(60, 20, 14.9), NOW, HALF_AN_HOUR) is None
    assert out_of_time(work(60, 20, 15), NOW, HALF_AN_HOUR) is Late.STALLED


def test_jobs_accepted_after_all_others_had_ended_have_their_whole_time() -> None:
    assert out_of_time(work(60, 14, 50), NOW, HALF_AN_HOUR) is None
    assert not is_quiet(work(60, 1, 50), NOW, HALF_AN_HOUR)


def test_another_deadline_scales_both_limits() -> None:
    tenth = HALF_AN_HOUR / 10
    assert longest(60, tenth) == timedelta(minutes=7)
    assert out_of_time(work(60, 2, 1.5), NOW, tenth) is Late.STALLED


@given(st.integers(1, 1000), minutes)
def test_a_server_of_more_phones_is_never_given_up_earlier(phones: int, age: timedelta) -> None:
    one = ServerWork("s", phones, 1, NOW - age, NOW)
    more = ServerWork("s", phones + 1, 1, NOW - age, NOW)
    if out_of_time(more, NOW, HALF_AN_HOUR):
        assert out_of_time(one, NOW, HALF_AN_HOUR)


def test_two_minutes_without_an_end_are_quiet() -> None:
    assert not is_quiet(work(60, 20, 1.9), NOW, HALF_AN_HOUR)
    assert is_quiet(work(60, 20, 2), NOW, HALF_AN_HOUR)


def test_a_call_is_asked_about_as_much_later_as_fewer_of_its_jobs_run() -> None:
    assert next_poll(100, 100, POLL) == POLL
    assert next_poll(100, 50, POLL) == 2 * POLL
    assert next_poll(100, 1, POLL) == SLOWEST_POLL * POLL
    assert next_poll(0, 0, POLL) == POLL


@given(st.lists(st.integers(1, 100), min_size=1, max_size=50))
def test_rounds_cost_about_the_pages_that_running_jobs_fill(running: list[int]) -> None:
    """Each call started 100 jobs, one page; those with under a sixth left cost a sixth."""
    cost = sum(POLL / next_poll(100, left, POLL) for left in running)
    assert cost == pytest.approx(sum(max(left / 100, 1 / SLOWEST_POLL) for left in running))


def test_routes_that_lag_are_looked_at_farther_and_farther_apart_until_the_lag_is_over() -> None:
    age, looks = timedelta(0), []
    while age < LAG_ROUNDS * POLL:
        looks.append(age)
        age += next_look(age, POLL)
    assert age == LAG_ROUNDS * POLL
    assert len(looks) == 7  # and an eighth, which decides
    gaps = [later - earlier for earlier, later in pairwise(looks)]
    assert gaps == sorted(gaps)


@given(minutes)
def test_no_look_comes_sooner_than_a_poll(age: timedelta) -> None:
    assert next_look(age, POLL) >= POLL
