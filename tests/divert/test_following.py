"""What reading the routes back proves."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.divert.following import judge
from bot.divert.outcome import MAX_TRIES, Change, PhoneRow, PhoneState
from bot.divert.phones import Phone, Route
from bot.divert.wording import words_in

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LAG_OVER = NOW - timedelta(minutes=1)
THERE = {"p": Phone("p", "routing", "s")}
NOT_YET = {"p": Phone("p", "direct", "s")}


def row(state: PhoneState, **more: object) -> PhoneRow:
    return PhoneRow("p", 1, state, tries=1, **more)  # type: ignore[arg-type]


def judged(one: PhoneRow, seen: dict[str, Phone]) -> list[Change]:
    return list(judge([one], seen, Route.ROUTING, LAG_OVER, words_in("en")))


@pytest.mark.parametrize("state", [PhoneState.SENT, PhoneState.ACCEPTED])
def test_a_phone_on_the_route_has_succeeded(state: PhoneState) -> None:
    assert judged(row(state), THERE) == [Change("p", PhoneState.SUCCEEDED)]


def test_a_phone_without_an_answer_is_sent_again_while_tries_are_left() -> None:
    assert judged(row(PhoneState.SENT), NOT_YET)[0].again
    last = PhoneRow("p", 1, PhoneState.SENT, tries=MAX_TRIES)
    assert judged(last, NOT_YET)[0].state is PhoneState.UNCLEAR


def test_a_phone_whose_job_timed_out_too_often_has_failed_with_its_code() -> None:
    last = PhoneRow("p", 1, PhoneState.SENT, tries=MAX_TRIES, code="CPS.0054")
    change = judged(last, NOT_YET)[0]
    assert (change.state, change.code) == (PhoneState.FAILED, "CPS.0054")


def test_a_phone_that_is_gone_is_not_sent_again() -> None:
    assert judged(row(PhoneState.SENT), {})[0].state is PhoneState.UNCLEAR


def test_a_route_may_come_behind_its_job_until_the_lag_is_over() -> None:
    ended = row(PhoneState.ACCEPTED, job_ended=True, since=NOW)
    assert judged(ended, NOT_YET) == []
    late = row(PhoneState.ACCEPTED, job_ended=True, since=LAG_OVER)
    assert judged(late, NOT_YET)[0].state is PhoneState.UNCLEAR


def test_a_job_out_of_time_is_unclear() -> None:
    assert judged(row(PhoneState.ACCEPTED), NOT_YET)[0].state is PhoneState.UNCLEAR
