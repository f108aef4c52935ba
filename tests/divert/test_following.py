"""What reading the routes back proves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.divert.deadline import Late
from bot.divert.following import NOT_THERE, Proof, judge
from bot.divert.outcome import MAX_TRIES, NO_ANSWER, Change, PhoneRow, PhoneState
from bot.divert.phones import Phone, Route
from bot.divert.wording import words_in

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LAG_OVER = NOW - timedelta(minutes=1)
THERE = {"p": Phone("p", "routing", "s")}
NOT_YET = {"p": Phone("p", "direct", "s")}


def row(state: PhoneState, **more: object) -> PhoneRow:
    return PhoneRow("p", 1, state, tries=1, **more)  # type: ignore[arg-type]


WORDS = words_in("en")


def judged(one: PhoneRow, seen: dict[str, Phone], late: Late = Late.STALLED) -> list[Change]:
    proof = Proof(Route.ROUTING, LAG_OVER, WORDS, {"s": late})
    return list(judge([one], seen, proof))


@pytest.mark.parametrize("state", [PhoneState.SENT, PhoneState.ACCEPTED])
def test_a_phone_on_the_route_has_succeeded(state: PhoneState) -> None:
    assert judged(row(state), THERE) == [Change("p", PhoneState.SUCCEEDED)]


def test_a_phone_without_an_answer_is_sent_again_while_tries_are_left() -> None:
    assert judged(row(PhoneState.SENT), NOT_YET)[0].again
    last = PhoneRow("p", 1, PhoneState.SENT, tries=MAX_TRIES)
    assert judged(last, NOT_YET)[0].state is PhoneState.UNCLEAR


def test_each_try_that_ended_badly_is_told_once() -> None:
    assert judged(row(PhoneState.SENT), NOT_YET)[0].why == NO_ANSWER
    ended = row(PhoneState.SENT, code="CPS.0054")  # noted when its job ended
    assert judged(ended, NOT_YET)[0].why == ""
    late = row(PhoneState.ACCEPTED, job_ended=True, since=LAG_OVER)
    assert judged(late, NOT_YET)[0].why == NOT_THERE


def test_a_phone_whose_job_timed_out_too_often_has_failed_with_its_code() -> None:
    last = PhoneRow("p", 1, PhoneState.SENT, tries=MAX_TRIES, code="CPS.0054")
    change = judged(last, NOT_YET)[0]
    assert (change.state, change.code) == (PhoneState.FAILED, "CPS.0054")


@pytest.mark.parametrize(("job_id", "end"), [("", PhoneState.REJECTED), ("j", PhoneState.FAILED)])
def test_a_bad_end_in_doubt_is_told_once_the_route_has_not_come(
    job_id: str, end: PhoneState
) -> None:
    doubted = row(
        PhoneState.ACCEPTED, job_ended=True, job_id=job_id, code="CPS.0004", since=LAG_OVER
    )
    assert judged(doubted, THERE) == [Change("p", PhoneState.SUCCEEDED)]
    assert judged(doubted, NOT_YET) == [Change("p", end, code="CPS.0004")]
    early = replace(doubted, since=NOW)
    assert judged(early, NOT_YET) == []


def test_a_phone_that_is_gone_is_not_sent_again() -> None:
    assert judged(row(PhoneState.SENT), {})[0].state is PhoneState.UNCLEAR


def test_a_route_may_come_behind_its_job_until_the_lag_is_over() -> None:
    ended = row(PhoneState.ACCEPTED, job_ended=True, since=NOW)
    assert judged(ended, NOT_YET) == []
    late = row(PhoneState.ACCEPTED, job_ended=True, since=LAG_OVER)
    assert judged(late, NOT_YET)[0].state is PhoneState.UNCLEAR


@pytest.mark.parametrize(
    ("late", "message"),
    [(Late.STALLED, WORDS.job_stalled()), (Late.TOO_LONG, WORDS.jobs_too_long())],
)
def test_a_job_out_of_time_is_unclear_and_says_which_limit_it_passed(
    late: Late, message: str
) -> None:
    change = judged(row(PhoneState.ACCEPTED, server="s"), NOT_YET, late)[0]
    assert (change.state, change.message) == (PhoneState.UNCLEAR, message)


def test_a_job_out_of_time_whose_phone_is_there_has_succeeded() -> None:
    assert judged(row(PhoneState.ACCEPTED, server="s"), THERE) == [
        Change("p", PhoneState.SUCCEEDED)
    ]


def test_a_phone_whose_job_was_forgotten_is_unclear_for_that_reason() -> None:
    forgotten = row(
        PhoneState.ACCEPTED, job_ended=True, since=LAG_OVER, message=WORDS.job_forgotten()
    )
    assert judged(forgotten, NOT_YET)[0].message == WORDS.job_forgotten()
    assert judged(forgotten, THERE) == [Change("p", PhoneState.SUCCEEDED)]
