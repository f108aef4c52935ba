"""Which column of a table holds the phone ids: by its header, by what is in it, or asked for."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from bot.divert.failures import FileUnreadable
from bot.divert.phones import PHONE_ID, SPREADSHEET_NUMBER, was_an_id
from bot.divert.typed import words

SAMPLE: Final = 200  # rows looked at
FEW: Final = 3  # rows that are rather a list written in lines than a table of two columns
ALL_DIFFERENT: Final = 0.9  # of the cells, for a column that names each thing once or nearly so
OFTEN_SAME: Final = 0.5  # of the cells, for one that names what many things have in common
ENOUGH: Final = 4  # rows to tell these two apart
LABEL_LIMIT: Final = 40  # characters of a header that names its column; a longer one is a text
_SHORTEST: Final = len("6E+3")  # of what was an id; a hostile row has millions of cells
_HEADERS: Final = ("phoneid", "cloudphoneid", "云手机id", "手机id", "phone", "cloudphone", "id")


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is where it begins in the file, from 1."""

    line: int
    cells: Sequence[str]

    def cell(self, place: int) -> str:
        return self.cells[place].strip() if place < len(self.cells) else ""


def id_cells(rows: Iterable[Row], column: str = "") -> Iterator[tuple[int, str]]:
    """The cells that hold ids, each with its line.

    `column` is what a person chose, of `FileUnreadable.columns`; one that is not there is passed
    over. Without it a known header decides, if ids stand below it; then that there is only one
    column with ids. Several without a header are read as one list where every cell is an id, none
    comes twice in its column, and they are few rows or more than two columns. Of several others
    one is taken unasked only if its cells are all different and the others' are the same again
    and again, as a server's id is.

    Raises:
        FileUnreadable: `columns` where a person must say which; `broken` with the line where a
            quote swallows other lines.
    """
    rows = iter(rows)
    sample = list(islice(rows, SAMPLE))
    place, first = _Table.of(sample).choice(column)
    if place is None:
        return ((row.line, cell) for row in chain(sample, rows) for cell in row.cells)
    return _of_column(chain(sample[first:], rows), place)


def _of_column(rows: Iterable[Row], place: int) -> Iterator[tuple[int, str]]:
    for row in rows:
        for number, cell in enumerate(row.cells):
            if number != place and "\n" in cell and _holds_id(cell):
                raise FileUnreadable("broken", str(row.line))
        yield row.line, row.cell(place)


def _holds_id(cell: str) -> bool:
    if len(cell) < _SHORTEST:
        return False
    if PHONE_ID.fullmatch(cell):
        return True
    return any(PHONE_ID.fullmatch(w) or SPREADSHEET_NUMBER.fullmatch(w) for w in words(cell))


@dataclass(frozen=True, slots=True)
class _Table:
    """The beginning of a table; `begin` is its first row with an id, `fits` the columns with ids.

    `head` is the row of the headers, None where there is none.
    """

    rows: Sequence[Row]
    begin: int
    fits: Sequence[int]
    head: int | None

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "_Table":
        holding = [[p for p, cell in enumerate(row.cells) if _holds_id(cell)] for row in rows]
        begin = next((number for number, places in enumerate(holding) if places), len(rows))
        fits = sorted({place for places in holding for place in places})
        heads = chain(
            (n for n, row in enumerate(rows[: begin + 1]) if _names_ids(row, fits)),
            (n for n, row in enumerate(rows[:begin]) if _is_head(row, fits)),
        )
        return cls(rows, begin, fits, next(heads, None))

    def choice(self, column: str) -> tuple[int | None, int]:
        """The column (None: all of them are one list), and the first row to read."""
        behind = 0 if self.head is None else self.head + 1
        chosen = self._labels().get(column) if column else None
        chosen = self._named() if chosen is None else chosen
        if chosen is not None:
            return chosen, behind
        if len(self.fits) > 1 and not self._is_list():
            return self._only_different(), 0
        return (self.fits[0] if len(self.fits) == 1 else None), 0

    def _labels(self) -> dict[str, int]:
        """Each column with ids by its number, and by its header where no other is called so."""
        times = Counter(cell.strip() for cell in self._head_cells())
        headers = {place: self._header(place) for place in self.fits}
        return {str(place + 1): place for place in self.fits} | {
            name: place
            for place, name in headers.items()
            if 0 < len(name) <= LABEL_LIMIT and times[name] == 1 and not name.isdigit()
        }

    def _head_cells(self) -> Sequence[str]:
        return () if self.head is None else self.rows[self.head].cells

    def _header(self, place: int) -> str:
        return "" if self.head is None else self.rows[self.head].cell(place)

    def _named(self) -> int | None:
        """The column whose header says what it holds, as long as it holds it."""
        headers = {place: _name(self._header(place)) for place in self.fits}
        for name in _HEADERS:
            named = [place for place, header in headers.items() if header == name]
            if len(named) == 1:
                return named[0]
        return None

    def _is_list(self) -> bool:
        columns = [self._column(place) for place in self.fits]
        rows = self.rows[self.begin :]
        return (
            self.head is None
            and (len(rows) <= FEW or len(columns) > len(("phone", "server")))
            and all(_holds_id(cell) for row in rows for cell in row.cells if cell.strip())
            and all(len(set(column)) == len(column) for column in columns)
        )

    def _only_different(self) -> int:
        different = [place for place in self.fits if self._share(place) >= ALL_DIFFERENT]
        same = [place for place in self.fits if self._share(place) <= OFTEN_SAME]
        enough = len(self.rows) - self.begin >= ENOUGH
        if enough and len(different) == 1 and len(same) == len(self.fits) - 1:
            return different[0]
        labels = {place: label for label, place in self._labels().items()}
        raise FileUnreadable("columns", columns=tuple(labels[place] for place in self.fits))

    def _share(self, place: int) -> float:
        """How many of a column's cells are different."""
        column = self._column(place)
        return len(set(column)) / len(column)

    def _column(self, place: int) -> list[str]:
        return [cell for row in self.rows[self.begin :] if (cell := row.cell(place))]


def _name(header: str) -> str:
    return re.sub(r"[\W_]+", "", header).casefold()


def _names_ids(row: Row, places: Iterable[int]) -> bool:
    return any(_name(row.cell(place)) in _HEADERS for place in places)


def _is_head(row: Row, places: Iterable[int]) -> bool:
    """Whether it has a text above each of the columns, and none that may be an id gone wrong."""
    return all((cell := row.cell(place)) and not was_an_id(cell) for place in places)
