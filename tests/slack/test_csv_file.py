"""Tables open in a spreadsheet without harm and come back as they were."""

import csv
from collections.abc import AsyncIterator, Sequence

from bot.divert.id_file import read_file
from bot.slack.csv_file import csv_file


async def rows_of(rows: Sequence[Sequence[str]]) -> AsyncIterator[Sequence[str]]:
    for row in rows:
        yield row


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True)))


async def test_a_cell_that_would_be_run_as_a_formula_is_made_text() -> None:
    assert read(await csv_file(rows_of([["=1+1", "a=1"]]))) == [["'=1+1", "a=1"]]


async def test_cells_come_back_whatever_they_hold() -> None:
    rows = [["phone_id", "message"], ["a" * 16, 'says "no", twice'], ["b" * 16, "云手机 🙂"]]
    assert read(await csv_file(rows_of(rows))) == rows


async def test_a_table_of_many_portions_is_whole() -> None:
    rows = [[f"{number:032x}", "x" * 50] for number in range(5_000)]
    assert read(await csv_file(rows_of(rows))) == rows


async def test_the_file_says_that_it_is_utf8_and_the_form_takes_it_back() -> None:
    ids = [f"{number:032x}" for number in range(3)]
    content = await csv_file(rows_of([["phone_id"], *([one] for one in ids)]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_file(content, 10).ids == tuple(ids)
