from hypothesis import given
from hypothesis import strategies as st

from bot.divert.outcome import (
    MAX_TRIES,
    Answer,
    Batch,
    Change,
    Counts,
    Entry,
    Job,
    JobEnd,
    PhoneState,
    backoff,
    read_answer,
    read_jobs,
)

PASSING = {"CPS.0003", "CPS.0042", "CPS.0054"}


def changes(*entries: Entry, tries: int = 1, ids: tuple[str, ...] = ("a", "b")) -> list[Change]:
    batch = Batch(1, ids, tries)
    return list(read_answer(batch, Answer("r", entries), PASSING))


def test_an_entry_with_a_job_is_accepted_wherever_it_stands() -> None:
    assert changes(Entry("b", "job-b"), Entry("a", "job-a")) == [
        Change("a", PhoneState.ACCEPTED, job_id="job-a"),
        Change("b", PhoneState.ACCEPTED, job_id="job-b"),
    ]


def test_a_phone_that_the_answer_does_not_mention_stays_as_it_is() -> None:
    assert changes(Entry("a", "job-a")) == [Change("a", PhoneState.ACCEPTED, job_id="job-a")]


def test_an_entry_for_a_phone_nobody_asked_for_is_ignored() -> None:
    assert changes(Entry("c", "job-c")) == []


def test_an_entry_with_neither_job_nor_code_proves_nothing() -> None:
    assert changes(Entry("a")) == [Change("a", PhoneState.SENT)]


def test_a_refused_entry_is_rejected_with_its_code() -> None:
    entry = Entry("a", code="CPS.0005", message="Phone is not found.")
    assert changes(entry) == [
        Change(
            "a", PhoneState.REJECTED, code="CPS.0005", message="Phone is not found.", why="CPS.0005"
        )
    ]


def test_a_code_beside_a_job_id_is_a_refusal() -> None:
    assert changes(Entry("a", "job-a", "CPS.0005"))[0].state is PhoneState.REJECTED


def test_a_busy_phone_is_sent_again_a_bounded_number_of_times() -> None:
    busy = Entry("a", code="CPS.0042", message="System busy.")
    first = changes(busy, tries=MAX_TRIES - 1)[0]
    assert first.again
    assert first.why == "CPS.0042"
    last = changes(busy, tries=MAX_TRIES)[0]
    assert last.state is PhoneState.REJECTED
    assert not last.again


def test_jobs_become_changes_only_when_they_have_ended() -> None:
    jobs = [
        Job("1", "a", JobEnd.RUNNING),
        Job("2", "", JobEnd.SUCCESS),
        Job("3", "c", JobEnd.FAILURE, "CPS.0141", "not running"),
        Job("4", "d", JobEnd.FAILURE, "CPS.0054", "timeout"),
        Job("5", "e", JobEnd.SUCCESS),
    ]
    asked = {"1": "a", "2": "b", "3": "c", "4": "d"}
    assert read_jobs(jobs, asked, PASSING) == [
        Change("b", PhoneState.ACCEPTED, job_ended=True),
        Change("c", PhoneState.FAILED, code="CPS.0141", message="not running", why="job CPS.0141"),
        Change("d", PhoneState.SENT, code="CPS.0054", message="timeout", why="job CPS.0054"),
    ]


@given(st.integers(0, 50))
def test_waiting_grows_with_the_tries_and_stays_bounded(tries: int) -> None:
    assert backoff(0) == 0
    assert backoff(tries) <= backoff(tries + 1) <= 40


@given(st.dictionaries(st.sampled_from(list(PhoneState)), st.integers(0, 10**6)))
def test_counts_add_up_to_the_distinct_ids(by_state: dict[PhoneState, int]) -> None:
    counts = Counts(by_state)
    left_out = sum(
        counts[state] for state in (PhoneState.UNKNOWN, PhoneState.UNCHANGED, PhoneState.EXCLUDED)
    )
    under_way = counts[PhoneState.PLANNED] + counts[PhoneState.SENT] + counts[PhoneState.ACCEPTED]
    assert counts.distinct == sum(by_state.values())
    assert counts.planned_at_first == counts.distinct - left_out
    assert counts.ended == counts.planned_at_first - under_way
