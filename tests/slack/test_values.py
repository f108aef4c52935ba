"""What a button carries is read back as what it was, and as nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.sentence import Button
from bot.slack.values import read_column, read_command_value, read_repeat, read_value, value_of

READERS = (read_value, read_column, read_command_value, read_repeat)
anything = st.text(min_size=1)


@given(anything)
def test_a_command_comes_back_as_it_was(command: str) -> None:
    value = value_of(Button("run", "Run it", command=command))
    assert read_command_value(value) == command
    assert read_value(value) is None
    assert read_column(value) is None


@given(anything)
def test_a_column_comes_back_with_its_request(column: str) -> None:
    value = value_of(Button("choose_column", column, "D-7K3M", column=column))
    assert read_column(value) == ("D-7K3M", column)
    assert read_value(value) is None
    assert read_command_value(value) is None


@given(anything)
def test_what_was_asked_back_comes_back_by_its_key(key: str) -> None:
    value = value_of(Button("ask_anyway", "Ask for it anyway", repeat=key))
    assert read_repeat(value) == key
    assert sum(read(value) is not None for read in READERS) == 1


@given(st.text("0123456789abcdef", max_size=64))
def test_a_decision_comes_back_with_its_plan(plan: str) -> None:
    value = value_of(Button("approve", "Approve", "D-7K3M", plan))
    assert read_value(value) == ("D-7K3M", plan)
    assert read_column(value) is None
    assert read_command_value(value) is None


@given(st.text() | st.from_regex(r"(D-7K3M|/cph|anyway)[:# ].*"))
def test_no_value_reads_as_two_kinds(value: str) -> None:
    assert sum(read(value) is not None for read in READERS) <= 1


@pytest.mark.parametrize(
    "value",
    ["", ":", "D-7K3M:XYZ", "D-7K3M:0a:1b", "7K3M:0a1b", "d-7k3m:0a1b", "D-7K3M:" + "a" * 65, "{}"],
)
def test_a_value_of_another_shape_is_read_as_none(value: str) -> None:
    assert read_value(value) is None


def test_a_value_without_a_plan_is_read_too() -> None:
    assert read_value("D-7K3M:") == ("D-7K3M", "")


@pytest.mark.parametrize("value", ["", "/cph", "/cph ", "divert routing x", "/cphx y", " /cph y"])
def test_only_what_stands_behind_the_command_is_one(value: str) -> None:
    assert read_command_value(value) is None


@pytest.mark.parametrize("value", ["", "#", "D-7K3M#", "d-7k3m#device", "#device", "D-7K3M:device"])
def test_a_column_of_no_request_is_none(value: str) -> None:
    assert read_column(value) is None


@pytest.mark.parametrize("value", ["", "anyway", "anyway ", "command:1.2", "D-7K3M:", "anyways x"])
def test_a_value_without_a_key_names_nothing_that_was_asked_back(value: str) -> None:
    assert read_repeat(value) is None


def test_a_button_of_no_request_carries_nothing() -> None:
    assert value_of(Button("open_form", "Open the form")) == ""
