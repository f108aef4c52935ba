"""Parts of the policy are told as people wrote them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.policy import Hours, Span
from bot.divert.policy.hours import read_span
from bot.divert.policy.written import written_duration, written_hours, written_span
from bot.policy_file import read_duration

spans = st.builds(
    Span,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 24 * 60 - 1),
    st.integers(0, 24 * 60),
)


@pytest.mark.parametrize(
    "text",
    [
        "08:00-18:00", "Mon-Fri 08:00-18:00", "Mon 00:00-24:00", "Sat-Sun 22:05-06:00",
        "Mon,Wed-Thu,Sun 01:00-02:00",
    ],
)  # fmt: skip
def test_a_span_is_written_as_it_was_read(text: str) -> None:
    assert written_span(read_span(text)) == text


@given(spans)
def test_a_span_that_is_written_is_read_again(span: Span) -> None:
    assert read_span(written_span(span)) == span


def test_hours_tell_their_zone() -> None:
    both = (read_span("Mon 08:00-09:00"), read_span("10:00-11:00"))
    assert written_hours(Hours(both, "Asia/Shanghai")) == (
        "Mon 08:00-09:00, 10:00-11:00 Asia/Shanghai"
    )


@pytest.mark.parametrize("text", ["200ms", "1.5s", "45s", "90m", "2h", "25h", "3d", "14d"])
def test_a_duration_is_written_shortly(text: str) -> None:
    written = written_duration(read_duration(text))
    assert read_duration(written) == read_duration(text)
    assert written == text.replace("200ms", "0.2s")


@given(st.timedeltas(timedelta(milliseconds=1), timedelta(days=400)))
def test_a_duration_that_is_written_is_about_the_same(duration: timedelta) -> None:
    again = read_duration(written_duration(duration))
    assert again.total_seconds() == pytest.approx(duration.total_seconds(), abs=0.0006)
