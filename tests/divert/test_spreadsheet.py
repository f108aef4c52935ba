"""No cell of ours is run by a spreadsheet."""

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.divert.spreadsheet import defused

SIGNS = tuple("=+-@＝＋－＠")
PASSED_OVER = ' \t\r\n\v\f\0\u00a0\u3000\ufeff\u200b\u202e"'
TEXT = st.text("=+-@;\t, \"'\u200b\nab1＝|") | st.text()
ROWS = st.lists(st.lists(TEXT, min_size=2, max_size=3), min_size=1, max_size=3)


def runs(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for a formula, were it as careless as can be."""
    return cell.lstrip(PASSED_OVER).startswith(SIGNS)


@settings(deadline=None)
@given(TEXT | st.builds("{}{}1+1".format, st.text(PASSED_OVER), st.sampled_from(SIGNS)))
def test_no_cell_begins_as_a_formula_does(cell: str) -> None:
    assert not runs(defused(cell))
    assert not defused(cell).startswith(("\t", "\r", "\n"))


@settings(deadline=None)
@given(TEXT)
def test_nothing_is_lost_of_a_cell_and_only_quotes_are_added(cell: str) -> None:
    rest = iter(defused(cell))
    added = [next(rest) for _ in range(len(defused(cell)) - len(cell))] if not cell else []
    for character in cell:
        while (found := next(rest)) != character:
            added.append(found)
    assert set(added) | set(rest) <= {"'"}


@settings(deadline=None)
@given(ROWS, st.sampled_from(";\t"))
def test_no_cell_begins_so_where_another_mark_than_ours_parts_them(
    rows: list[list[str]], mark: str
) -> None:
    """A spreadsheet parts cells as the country does, not as the file means it."""
    file = StringIO(newline="")
    csv.writer(file).writerows([defused(cell) for cell in row] for row in rows)
    for row in csv.reader(StringIO(file.getvalue(), newline=""), delimiter=mark):
        assert [cell for cell in row if runs(cell)] == []


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        (' "=1+1', "' \"=1+1"),
        ("'=1+1", "''=1+1"),
        ("\ufeff@SUM(A1)", "'\ufeff@SUM(A1)"),
        ("edge-07; -1", "edge-07; '-1"),
        ('ok;"=1+1', "ok;\"'=1+1"),
        ("-" * 32, "'" + "-" * 32),
        ("a=b, c-d + e@f", "a=b, c-d + e@f"),
        ("", ""),
    ],
)
def test_what_a_cell_becomes(cell: str, safe: str) -> None:
    assert defused(cell) == safe
