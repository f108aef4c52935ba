import codecs
import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.divert.failures import FileUnreadable
from bot.divert.id_file import read_file
from bot.divert.phones import Place, Unreadable

A = "631056bfb66b4f4ea02ba25f04830cb4"
B = "9b28fbe50ded4060b8149a47e55dba82"
LIMIT = 1000
ids = st.lists(st.text(string.hexdigits, min_size=16, max_size=32), min_size=1, unique=True)


def refusal(content: bytes, limit: int = LIMIT) -> tuple[str, str]:
    with pytest.raises(FileUnreadable) as refused:
        read_file(content, limit)
    return refused.value.why, refused.value.detail


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_of_ids_is_read_in_every_usual_encoding(encoding: str, end: str) -> None:
    text = end.join(["编号", A, B, ""])
    assert read_file(text.encode(encoding), LIMIT).ids == (A, B)


def test_big_endian_utf_16_is_read_by_its_mark() -> None:
    content = codecs.BOM_UTF16_BE + f"{A}\n{B}".encode("utf-16-be")
    assert read_file(content, LIMIT).ids == (A, B)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_column_with_the_ids_is_found_by_its_name(mark: str) -> None:
    rows = [["name", "Phone_ID", "server"], ["m-1", A, B], ["m-2", B, A]]
    content = "\n".join(mark.join(row) for row in rows).encode()
    assert read_file(content, LIMIT).ids == (A, B)


def test_the_chosen_column_is_the_one_that_is_read() -> None:
    content = f"device,home\n{A},{B}\n".encode()
    assert read_file(content, LIMIT, "device").ids == (A,)
    assert read_file(content, LIMIT, "home").ids == (B,)


def test_ids_are_found_in_a_sentence() -> None:
    reading = read_file(f"Please divert {A}, {B} and so on.\n".encode(), LIMIT)
    assert reading.ids == (A, B)
    assert [one.word for one in reading.unreadable] == ["Please", "divert", "and", "so", "on."]


def test_a_comma_in_quotes_parts_no_columns() -> None:
    content = f'name,phone_id\n"a, b",{A}\n"c",{B}\n'.encode()
    assert read_file(content, LIMIT).ids == (A, B)


def test_ids_in_quotes_with_space_around_are_read() -> None:
    assert read_file(f'"{A}" , "{B}"\n'.encode(), LIMIT).ids == (A, B)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_lines_are_counted_through_cells_of_several_lines(end: str) -> None:
    lines = ["name,phone_id", '"two', 'lines",' + A, "c,what"]
    reading = read_file(end.join(lines).encode(), LIMIT)
    assert reading.ids == (A,)
    assert reading.unreadable == (Unreadable(4, "what", Place.LINE),)


def test_a_cell_may_hold_a_list_of_its_own() -> None:
    content = f'server,phone_id\nedge-07,"{A}\n{B}"\n'.encode()
    assert read_file(content, LIMIT).ids == (A, B)


def test_a_short_row_and_an_empty_line_are_passed_over() -> None:
    content = f"name,phone_id\na,{A}\nb\n\nc,{B}\n".encode()
    reading = read_file(content, LIMIT)
    assert reading.ids == (A, B)
    assert reading.unreadable == ()


def test_a_line_that_is_no_id_is_one_unreadable_thing_with_its_line() -> None:
    reading = read_file(f"{A}\nnot an id\n{B} oops\n{A}\n".encode(), LIMIT)
    assert reading.ids == (A, B)
    assert reading.repeated == 1
    assert reading.unreadable == (
        Unreadable(2, "not an id", Place.LINE),
        Unreadable(3, "oops", Place.LINE),
    )


def test_a_file_that_is_not_text_is_refused() -> None:
    assert refusal(b"PK\x03\x04 a workbook") == ("not_text", "Excel")
    assert refusal(b"\x89PNG\r\n\x1a\n\x00\x00\x00") == ("not_text", "89 50 4e 47 0d 0a 1a 0a")
    assert refusal(b"\xff\xff\xff\xff")[0] == "not_text"
    assert refusal(codecs.BOM_UTF8 + b"\xff")[0] == "not_text"


@pytest.mark.parametrize("bad", [b"\x00", b"\x1b[0m", "\ud800".encode("utf-8", "surrogatepass")])
def test_text_with_bytes_that_no_text_has_is_none(bad: bytes) -> None:
    assert refusal(f"{A}\n".encode() + bad + b"\n")[0] == "not_text"


def test_half_a_character_of_utf_16_is_no_text() -> None:
    lone = "\ud800".encode("utf-16-le", "surrogatepass")
    assert refusal(codecs.BOM_UTF16_LE + lone)[0] == "not_text"
    assert refusal(codecs.BOM_UTF16_LE + b"a")[0] == "not_text"


def test_a_table_whose_quote_is_never_closed_is_refused_with_its_line() -> None:
    content = f'name,phone_id\na,{A}\n"b,{B}\nc,{B}\n'.encode()
    assert refusal(content) == ("broken", "3")


def test_a_table_whose_quote_is_closed_by_another_line_is_refused() -> None:
    content = f'name,phone_id\n"a,{A}\nb,{B}\n"c,{A}\n'.encode()
    assert refusal(content) == ("broken", "2")


def test_a_cell_longer_than_any_table_has_is_refused() -> None:
    content = f"name,phone_id\na,{A}\n{'x' * 200_000},{B}\n".encode()
    assert refusal(content) == ("broken", "3")


def test_a_hundred_thousand_ids_are_read() -> None:
    many = tuple(f"{number:032x}" for number in range(100_000))
    assert read_file("\n".join(many).encode(), len(many)).ids == many
    assert read_file(",".join(many).encode(), len(many)).ids == many


def test_ids_that_a_spreadsheet_made_numbers_are_explained_not_guessed() -> None:
    assert refusal(f"{A}\n6.31E+31\n".encode()) == ("spreadsheet", "6.31E+31")


def test_a_file_over_the_limit_of_ids_is_refused() -> None:
    assert refusal(f"{A}\n{B}\n".encode(), 1) == ("too_many", "1")
    assert read_file(f"{A}\n{B}\n".encode(), 2).ids == (A, B)


def test_a_file_without_any_id_is_refused_with_its_beginning() -> None:
    assert refusal(b"hello\n") == ("no_ids", "hello")
    assert refusal(b"") == ("no_ids", "")


@given(ids)
def test_what_is_written_line_by_line_is_read_back_in_order(given_ids: list[str]) -> None:
    content = "\n".join(["phone_id", *given_ids]).encode()
    assert read_file(content, LIMIT * LIMIT).ids == tuple(given_ids)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_reason(content: bytes) -> None:
    with suppress(FileUnreadable):
        assert read_file(content, LIMIT).ids
