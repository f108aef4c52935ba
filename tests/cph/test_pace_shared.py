"""Several processes that call for one caller, and the record they keep together."""

import pytest

from bot.cph.errors import Stated
from bot.cph.kept import with_news
from bot.cph.pace import Pace
from tests.cph.keeping import NOON, Shared
from tests.cph.pacing import TEN_A_MINUTE, TEN_A_SECOND, answered, refused, work


def two_that_know(limit: Stated) -> tuple[Shared, Pace, Pace]:
    """The first was told the limit at noon, in a call of its own; half an hour's calls are over."""
    shared, one, two = Shared(), Pace(1000, "one"), Pace(1000, "two")
    refused(one, 0.0, limit)
    shared.keep(one, 0.5)
    shared.take_over(two, 0.5)
    return shared, one, two


def test_the_next_process_knows_the_limit_and_the_calls_in_its_window() -> None:
    shared, one, two = two_that_know(TEN_A_SECOND)
    now, made = 10.0, []
    for mine in [one, two] * 30:
        shared.take_over(mine, now)
        for _ in range(3):
            now += mine.delay(now)
            made.append(now)
            answered(mine, now)
        now += 0.3  # until the other begins
        shared.keep(mine, now)
    assert most_within(1.0, made) <= 10
    assert len(made) / (now - 10.0) > 5  # and it is not slow for it


def most_within(seconds: float, moments: list[float]) -> int:
    return max(sum(at <= one < at + seconds for one in moments) for at in moments)


def test_a_process_that_kept_last_itself_takes_nothing_over() -> None:
    shared, one, _ = two_that_know(TEN_A_MINUTE)
    work(one, 100.0, 4)
    shared.keep(one, 130.0)
    before = [one.delay(130.0 + later) for later in range(80)]
    shared.take_over(one, 130.0)
    assert [one.delay(130.0 + later) for later in range(80)] == before


def test_a_process_does_not_go_back_to_the_rate_that_it_kept_itself() -> None:
    shared, pace = Shared(), Pace(10, "one")
    refused(pace, 0.0)
    assert shared.keep(pace, 1.0)
    work(pace, 10.0, 3)
    grown = pace.rate
    shared.take_over(pace, 20.0)
    assert pace.rate == grown > shared.record.rate


def test_nothing_is_told_where_nothing_was_learned_or_called() -> None:
    shared, one, two = two_that_know(TEN_A_SECOND)
    assert not shared.keep(one, 1.0)
    assert not shared.keep(two, 1.0)
    answered(two, 2.0)
    assert shared.keep(two, 2.5)
    assert not shared.keep(two, 2.5)


def test_calls_without_a_limit_are_not_told() -> None:
    shared, pace = Shared(), Pace(10, "one")
    work(pace, 0.0, 5)
    assert not shared.keep(pace, 5.0)


def test_a_rate_is_told_once_it_has_moved_by_a_tenth() -> None:
    shared, pace = Shared(), Pace(10, "one")
    told = [shared.keep(pace, now := work(pace, n * 10.0, 30) + 1) and now for n in range(8)]
    assert 0 < sum(bool(one) for one in told) < 4
    assert shared.record.rate == pytest.approx(pace.rate, rel=0.1)


def test_a_permission_taken_back_is_told() -> None:
    shared, one, _ = two_that_know(TEN_A_MINUTE)
    turn = one.grant(10.0)
    answered(one, 10.0)
    shared.keep(one, 11.0)
    one.drop(turn)
    assert shared.keep(one, 12.0)
    assert len(shared.counted) == 2  # the one that was refused, and the one answered


def test_of_two_at_once_each_keeps_what_the_other_has_called() -> None:
    shared, one, two = two_that_know(TEN_A_SECOND)
    for pace in (one, two):
        for _ in range(3):
            answered(pace, 10.0)
        shared.keep(pace, 10.1)
    assert {by: len(made) for by, made in shared.record.counted.items()} == {"one": 3, "two": 3}
    for pace in (Pace(1000, "three"), one):
        shared.take_over(pace, 10.1)
        for _ in range(3):
            answered(pace, 10.3)
        assert pace.delay(10.8) == 0
        answered(pace, 10.8)  # the tenth of all
        assert pace.delay(10.95) > 0
        assert pace.delay(11.05) == 0


def test_a_limit_that_another_heard_of_later_stays() -> None:
    shared, one, two = two_that_know(TEN_A_MINUTE)
    answered(one, 100.0)
    refused(two, 101.0, Stated(5, 60.0))
    shared.keep(two, 102.0)
    shared.keep(one, 102.0)
    assert (shared.record.by, shared.record.calls) == ("one", 5)
    shared.take_over(one, 103.0)
    assert one.limit(103.0) == Stated(5, 60.0)
    assert one.rate <= 5 / 60


def test_of_what_one_process_told_the_later_stays_in_whichever_order_it_is_written() -> None:
    pace = Pace(1000, "one")
    refused(pace, 0.0, TEN_A_MINUTE)
    first = pace.news(1.0)
    answered(pace, 20.0)
    second = pace.news(21.0)
    assert first is not None
    assert second is not None
    shared = Shared(with_news({"send": second}, {}, NOON + 21))
    shared.rows = with_news({"send": first}, shared.rows, NOON + 21)
    assert len(shared.counted) == 2


def test_an_older_version_read_late_is_not_taken() -> None:
    shared, one, two = two_that_know(TEN_A_MINUTE)
    older = shared.record
    for _ in range(10):
        answered(one, 50.0)
    shared.keep(one, 51.0)
    shared.take_over(two, 51.0)
    two.restore(older, 51.0, NOON + 51)
    assert two.delay(80.0) > 30


def test_each_kind_of_call_has_its_own_record() -> None:
    pace = Pace(1000, "one")
    refused(pace, 0.0, TEN_A_MINUTE)
    news = pace.news(1.0)
    assert news is not None
    kept = with_news({"jobs": news}, {"send": {"rate": 3.0}, "of a newer bot": 1}, NOON)
    assert kept["send"] == {"rate": 3.0}
    assert kept["of a newer bot"] == 1
    assert kept["jobs"]["calls"] == 10
