import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cph.pace import NO_PROBING, Pace
from tests.cph.pacing import TEN_A_MINUTE, TEN_A_SECOND, refused, work


def test_what_was_learned_outlives_the_process() -> None:
    pace = Pace(1000)
    refused(pace, 0.0, TEN_A_MINUTE)
    kept = json.loads(json.dumps(pace.keep(100.0)))
    later = Pace(1000)
    later.restore(kept, 7000.0)
    assert later.rate == pace.rate
    assert later.delay(7000.0) == pytest.approx(60 / 9.8)  # calls before the restart are unknown
    work(later, 7400.0, 3)
    assert later.rate == pytest.approx(9.8 / 60)
    assert later.keep(7450.0)["seconds_left"] == pytest.approx(NO_PROBING - 100 - 450, abs=1)


def test_a_pace_taken_over_again_does_not_wait_again() -> None:
    pace = Pace(1000)
    refused(pace, 0.0, TEN_A_SECOND)
    now = work(pace, 10.0, 3)
    before = pace.delay(now)
    pace.restore(pace.keep(now), now)
    assert pace.delay(now) == before


def test_without_a_limit_a_pace_taken_over_starts_at_once() -> None:
    pace = Pace(10)
    pace.restore({"rate": 3.5}, 5.0)
    assert pace.rate == 3.5
    assert pace.delay(5.0) == 0
    assert pace.keep(5.0) == {"rate": 3.5}


@pytest.mark.parametrize(
    "kept", [{}, {"rate": 0}, {"rate": "x"}, {"rate": math.nan}, {"rate": 1, "seconds_left": 1e9}]
)
def test_a_pace_that_cannot_be_read_is_not_taken_over(kept: dict[str, object]) -> None:
    pace = Pace(10)
    pace.restore(kept, 0.0)
    assert pace.rate == 10


@given(rate=st.floats(1e-6, 1e9), calls=st.integers(0, 10**6), seconds=st.floats(0, 1e6))
def test_a_pace_taken_over_keeps_within_its_limit(rate: float, calls: int, seconds: float) -> None:
    pace = Pace(10)
    pace.restore({"rate": rate, "calls": calls, "seconds": seconds, "seconds_left": 60}, 0.0)
    assert 0 < pace.rate <= 100
    if calls and seconds:
        assert pace.rate <= calls / seconds
