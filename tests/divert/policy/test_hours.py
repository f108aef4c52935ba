from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.policy import Hours, Span
from bot.divert.policy.hours import DAYS, read_span

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)


def hours(*texts: str, zone: str = "UTC") -> Hours:
    return Hours(tuple(map(read_span, texts)), zone)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Mon-Fri 08:00-18:00", Span(frozenset(range(5)), 480, 1080)),
        ("sat,SUN 0:00-24:00", Span(frozenset({5, 6}), 0, 1440)),
        ("22:00-06:00", Span(frozenset(range(7)), 1320, 360)),
        ("Fri-Mon  9:30-9:31", Span(frozenset({4, 5, 6, 0}), 570, 571)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, span: Span) -> None:
    assert read_span(text) == span


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("daily", "are no hours; write them like"),
        ("Mon 8-18", "are no hours"),
        ("Foo 08:00-18:00", "'foo' is no day"),
        ("Mon-Foo 08:00-18:00", "'mon-foo' is no day"),
        ("Mon 08:60-18:00", "a day has no 08:60"),
        ("Mon 08:00-24:01", "a day has no 24:01"),
    ],
)
def test_what_are_no_hours_is_told_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_span(text)


def test_they_begin_with_their_first_minute_and_end_before_their_last() -> None:
    office = hours("Mon-Fri 08:00-18:00")
    assert not office.hold(MONDAY + timedelta(hours=8, seconds=-1))
    assert office.hold(MONDAY + timedelta(hours=8))
    assert office.hold(MONDAY + timedelta(hours=18, seconds=-1))
    assert not office.hold(MONDAY + timedelta(hours=18))
    assert not office.hold(MONDAY + timedelta(days=5, hours=12))


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    night = hours("Fri 22:00-06:00")
    assert night.hold(MONDAY + timedelta(days=4, hours=23))
    assert night.hold(MONDAY + timedelta(days=5, hours=5))
    assert not night.hold(MONDAY + timedelta(days=4, hours=5))
    assert not night.hold(MONDAY + timedelta(days=5, hours=23))


def test_they_are_those_of_the_zone_in_summer_and_in_winter() -> None:
    office = hours("08:00-09:00", zone="Europe/Berlin")
    assert office.hold(datetime(2026, 1, 15, 7, 30, tzinfo=UTC))
    assert office.hold(datetime(2026, 7, 15, 6, 30, tzinfo=UTC))
    assert not office.hold(datetime(2026, 7, 15, 7, 30, tzinfo=UTC))


def test_the_night_the_clock_is_set_back_is_an_hour_longer() -> None:
    night = hours("Sat 22:00-06:00", zone="Europe/Berlin")
    begins = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)  # 22:00 in summer time
    assert night.hold(begins)
    assert night.end(begins) == datetime(2026, 10, 25, 5, 0, tzinfo=UTC)  # 06:00 in winter time


def test_their_end_is_that_of_all_that_follow_without_a_gap() -> None:
    weekend = hours("Fri 16:00-24:00", "Sat,Sun 00:00-24:00")
    friday = MONDAY + timedelta(days=4, hours=17)
    assert weekend.end(friday) == MONDAY + timedelta(days=7)
    assert hours("00:00-24:00").end(friday) is None, "they never end"


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.integers(0, 7 * 1440 - 1),
)
def test_they_hold_when_a_count_of_minutes_says_so(
    days: set[int], start: int, end: int, minute: int
) -> None:
    found = Hours((Span(frozenset(days), start, end),)).hold(MONDAY + timedelta(minutes=minute))
    length = end - start if end > start else end - start + 1440
    begun = [day * 1440 + start for day in days]
    assert found == any((minute - one) % (7 * 1440) < length for one in begun)


def test_days_are_seven() -> None:
    assert len(set(DAYS)) == 7
