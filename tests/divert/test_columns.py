"""Which column of a table holds the phone ids, and when a person must say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.columns import Row, id_cells
from bot.divert.failures import FileUnreadable


def phone(number: int) -> str:
    return f"{number:032x}"


def server(number: int) -> str:
    return f"{number:031x}f"


def table(*rows: tuple[str, ...]) -> list[Row]:
    return [Row(line, cells) for line, cells in enumerate(rows, 1)]


def read(rows: list[Row], column: str = "") -> list[str]:
    return [cell for _, cell in id_cells(rows, column)]


def asked(rows: list[Row], column: str = "") -> tuple[str, ...]:
    with pytest.raises(FileUnreadable) as refused:
        list(id_cells(rows, column))
    assert refused.value.why == "columns"
    return refused.value.columns


PAIRS = [(phone(n), server(n)) for n in range(5)]


@pytest.mark.parametrize(
    "header", ["phone_id", "Phone ID", "PhoneId", "cloud_phone_id", "云手机ID", "phone", "id"]
)
def test_a_header_that_says_it_decides(header: str) -> None:
    rows = table(("server_id", header), *((b, a) for a, b in PAIRS))
    assert read(rows) == [a for a, _ in PAIRS]


def test_the_plainest_of_several_headers_decides() -> None:
    rows = table(("id", "phone_id"), *((b, a) for a, b in PAIRS))
    assert read(rows) == [a for a, _ in PAIRS]


def test_a_header_above_something_else_decides_nothing() -> None:
    rows = table(("phone", "id"), *((f"m-{n}", a) for n, (a, _) in enumerate(PAIRS)))
    assert read(rows) == [a for a, _ in PAIRS]


def test_a_title_may_stand_above_the_header() -> None:
    rows = table(("Phones of November",), (), ("name", "phone_id"), ("m-1", phone(1)))
    assert list(id_cells(rows)) == [(4, phone(1))]


def test_a_header_may_look_like_an_id() -> None:
    rows = table(("phone_id", "traffic-destination"), *PAIRS)
    assert read(rows) == [a for a, _ in PAIRS]


def test_a_header_beside_one_that_is_empty_decides() -> None:
    rows = table(("phone_id", ""), *PAIRS)
    assert read(rows) == [a for a, _ in PAIRS]


def test_two_columns_of_one_name_are_asked_for_by_their_numbers() -> None:
    rows = table(("id", "id"), *PAIRS)
    assert asked(rows) == ("1", "2")
    assert read(rows, "2") == [b for _, b in PAIRS]


def test_the_only_column_with_ids_needs_no_name() -> None:
    rows = table(("m-1", phone(1)), ("m-2", phone(2)))
    assert read(rows) == [phone(1), phone(2)]


def test_columns_that_may_all_be_meant_are_asked_for_by_their_headers() -> None:
    rows = table(("name", "device", "home"), *((f"m-{a[-1]}", a, b) for a, b in PAIRS))
    assert asked(rows) == ("device", "home")
    assert read(rows, "device") == [a for a, _ in PAIRS]
    assert read(rows, "home") == [b for _, b in PAIRS]


def test_columns_without_a_header_are_asked_for_by_their_numbers() -> None:
    assert asked(table(*PAIRS)) == ("1", "2")
    assert read(table(*PAIRS), "1") == [a for a, _ in PAIRS]


@pytest.mark.parametrize("header", ["7", "x" * 41, ""])
def test_a_header_that_makes_no_good_label_is_a_number(header: str) -> None:
    assert asked(table(("home", header), *PAIRS))[1] == "2"


def test_a_first_row_of_ids_gone_wrong_is_no_header() -> None:
    rows = table((phone(1)[:13] + "7", phone(2)[:13] + "7"), *PAIRS)
    assert asked(rows) == ("1", "2")
    assert len(read(rows, "1")) == len(rows)


def test_a_choice_that_is_no_column_is_asked_for_again() -> None:
    assert asked(table(*PAIRS), "device") == ("1", "2")


def test_a_choice_goes_above_a_header_that_says_it() -> None:
    rows = table(("server_id", "phone_id"), *((b, a) for a, b in PAIRS))
    assert read(rows, "server_id") == [b for _, b in PAIRS]


def test_a_row_that_is_too_short_has_nothing_in_the_column() -> None:
    rows = table(("name", "phone_id"), ("m-1",), ("m-2", phone(2)))
    assert read(rows) == ["", phone(2)]


def test_what_many_phones_have_in_common_is_not_the_phone() -> None:
    rows = table(*((server(n // 60), phone(n)) for n in range(240)))
    assert read(rows) == [phone(n) for n in range(240)]


def test_a_phone_that_is_listed_twice_changes_nothing() -> None:
    numbers = [*range(20), 7]
    assert read(table(*((server(1), phone(n)) for n in numbers))) == [phone(n) for n in numbers]


@pytest.mark.parametrize("share", [1, 2, 5])
def test_two_columns_of_much_the_same_variety_are_asked_for(share: int) -> None:
    rows = table(*((phone(n // share), server(n // share)) for n in range(20)))
    assert asked(rows) == ("1", "2")


def test_a_few_rows_show_nothing_of_what_is_common() -> None:
    rows = table(*((server(1), phone(n)) for n in range(3)))
    assert asked(rows) == ("1", "2")


def test_a_line_of_ids_is_a_list() -> None:
    assert read(table((phone(1), phone(2), phone(3)))) == [phone(1), phone(2), phone(3)]


def test_ids_written_side_by_side_are_a_list_in_few_rows_or_many_columns() -> None:
    few = [(phone(2 * n), phone(2 * n + 1)) for n in range(3)]
    wide = [tuple(phone(5 * n + m) for m in range(5)) for n in range(30)]
    assert read(table(*few)) == [one for row in few for one in row]
    assert read(table(*wide, (phone(999), "", "", "", ""))) == [
        *(one for row in wide for one in row), phone(999), "", "", "", "",
    ]  # fmt: skip


def test_a_list_is_one_under_a_title_as_well() -> None:
    assert read(table(("to divert",), (phone(1), phone(2)))) == ["to divert", phone(1), phone(2)]


def test_ids_beside_something_else_are_no_list() -> None:
    assert asked(table(("m-1", phone(1), server(1)))) == ("2", "3")


def test_a_file_without_ids_is_read_whole() -> None:
    assert read(table(("a", "b"), ("c", "d"))) == ["a", "b", "c", "d"]
    assert read([]) == []


def test_numbers_that_a_spreadsheet_made_of_ids_are_not_passed_over() -> None:
    rows = table(("phone_id", "server_id"), ("6.31E+31", server(1)), ("9.2E+30", server(2)))
    assert read(rows) == ["6.31E+31", "9.2E+30"]


def test_ids_that_a_quote_has_swallowed_are_not_lost_in_silence() -> None:
    rows = table(("name", "phone_id"), (f"a,{phone(1)}\nb,{phone(2)}\nc", phone(3)))
    with pytest.raises(FileUnreadable, match="broken 2"):
        read(rows)


def test_a_note_of_several_lines_is_no_swallowed_id() -> None:
    rows = table(("note", "phone_id"), ("two\nlines", phone(1)))
    assert read(rows) == [phone(1)]


def choices(rows: list[Row]) -> tuple[str, ...]:
    try:
        list(id_cells(rows))
    except FileUnreadable as failure:
        return failure.columns
    return ("",)


@given(st.lists(st.lists(st.sampled_from([phone(1), phone(2), "6E+31", "id", "1", "", "x\ny"]))))
def test_any_table_can_be_read_at_once_or_with_one_choice(cells: list[list[str]]) -> None:
    rows = [Row(line, row) for line, row in enumerate(cells, 1)]
    found = choices(rows)
    assert len(found) != 0
    assert all(isinstance(read(rows, column), list) for column in found)
