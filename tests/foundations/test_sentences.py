"""Sentences whose form depends on what is counted."""

import pytest

from bot.divert.outcome import Counts, PhoneState
from bot.divert.phones import Route
from bot.divert.sentence import Button, InThread, Post
from bot.divert.wording import words_in
from bot.slack.cards import post_blocks
from bot.slack.mrkdwn import joined, mrkdwn

WORDS = words_in("en")


def test_each_job_has_its_line() -> None:
    jobs = WORDS.job_ids([("a1", "j1"), ("b2", "j2")])
    assert joined(jobs) == "Jobs are under way:\n`a1 job j1`\n`b2 job j2`"
    assert joined(WORDS.job_ids([("a1", "j1")])) == "One job is under way:\n`a1 job j1`"


def test_the_phones_of_an_error_begin_a_line_of_their_own() -> None:
    told = mrkdwn(WORDS.error_group("CPS.0053", 2, "It is off.", "Start it.", ("a1", "b2")))
    assert told == "`CPS.0053` · 2 phones: It is off. Start it.\n`a1`, `b2`"


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({PhoneState.FAILED: 1}, " *Failed:* 1."),
        ({PhoneState.REJECTED: 1, PhoneState.FAILED: 1}, " *Failed:* 2."),
        ({PhoneState.UNCLEAR: 1500}, " *Unclear:* 1,500."),
        ({PhoneState.CANCELLED: 3}, " *Cancelled:* 3."),
        (
            {PhoneState.FAILED: 1, PhoneState.UNCLEAR: 2, PhoneState.CANCELLED: 3},
            " *Failed:* 1. *Unclear:* 2. *Cancelled:* 3.",
        ),
    ],
)
def test_a_result_tells_only_what_there_is(counts: dict[PhoneState, int], told: str) -> None:
    made = Counts({PhoneState.SUCCEEDED: 7, **counts})
    total = f"{7 + sum(counts.values()):,}"
    begin = f"*Proven:* 7 of {total} phones, as read back from the cloud."
    assert mrkdwn(WORDS.result(made)) == begin + told


@pytest.mark.parametrize(
    ("number", "told"), [(1, "1 phone has the route"), (4, "all 4 phones have the route")]
)
def test_a_whole_result_has_no_other_part(number: int, told: str) -> None:
    result = mrkdwn(WORDS.result(Counts({PhoneState.SUCCEEDED: number})))
    assert result == f"*Proven:* {told}, as read back from the cloud."


@pytest.mark.parametrize(
    ("unchanged", "unknown", "excluded", "told"),
    [
        (1, 0, 0, "1 is on routing already"),
        (2, 0, 0, "2 are on routing already"),
        (0, 1, 0, "1 is unknown to the cloud in this project"),
        (2, 1, 0, "2 are on routing already, 1 is unknown to the cloud in this project"),
        (1, 2, 0, "1 is on routing already, 2 are unknown to the cloud in this project"),
        (0, 0, 2, "2 are left out"),
    ],
)
def test_nothing_to_change_tells_why(
    unchanged: int, unknown: int, excluded: int, told: str
) -> None:
    sentence = mrkdwn(WORDS.nothing_to_change(unchanged, unknown, excluded, Route.ROUTING))
    assert sentence == f"There is nothing to change: {told}. Nothing was asked for."


def test_a_dialog_is_left_by_the_button_s_own_word() -> None:
    confirm = WORDS.confirm_cancel()
    button = Button("cancel", "Cancel", "D-7K3M", confirm=confirm, back="Zurück")
    blocks, _ = post_blocks(Post(InThread("D-7K3M"), (confirm,), (button,)))
    assert blocks[-1]["elements"][0]["confirm"]["deny"]["text"] == "Zurück"


@pytest.mark.parametrize(
    ("rate", "told"),
    [(10, "10 calls a second"), (1.25, "1.2 calls a second"), (1 / 30, "2 calls a minute")],
)
def test_a_slow_pace_is_told_by_the_minute(rate: float, told: str) -> None:
    assert mrkdwn(WORDS.time_left(90, rate)) == f"About 2 minutes left to send, at {told}"
