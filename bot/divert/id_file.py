"""Phone ids from a file as people have them: CSV or text, in several encodings."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import chain, islice
from typing import Final

from bot.divert.columns import Row, id_cells
from bot.divert.failures import FileUnreadable
from bot.divert.phones import PHONE_ID, SPREADSHEET_NUMBER, Place, Reader, Reading
from bot.divert.typed import words

BYTES_LIMIT: Final = 10 * 1024 * 1024  # Slack's own limit for a file given to a form
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_QUOTED: Final = re.compile(r'"[^"]*"')
_SAMPLE: Final = 200  # lines looked at to find the separator
MISREAD_LIMIT: Final = 10_000  # words that are no id; with more of them it is another file
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_file(content: bytes, limit: int, column: str = "") -> Reading:
    """Read ids line by line; `column` is one of those that a person was asked to choose from.

    Raises:
        FileUnreadable: `not_text`, `broken` (a quote that is not closed, with its line),
            `columns` (several may hold the ids), `spreadsheet` (ids turned into numbers),
            `no_ids`, `not_ids` (nearly nothing else), or `too_many` for `limit`.
    """
    text = decode(content)
    lines = text.splitlines()
    reader = Reader()
    for line, cell in id_cells(_rows(text, lines), column):
        if cell:
            _take(reader, line, cell)
        if reader.misread > MISREAD_LIMIT:
            raise FileUnreadable("not_ids", str(MISREAD_LIMIT))
    return _checked(reader.reading(), limit, lines)


def decode(content: bytes) -> str:
    """The text of a file: by its mark, as UTF-8, or as GBK, in this order."""
    if content[:2] == b"PK":
        raise FileUnreadable("not_text", "Excel")
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise FileUnreadable("not_text", content[:8].hex(" "))


def _encodings(content: bytes) -> Iterator[str]:
    marked = next((name for mark, name in _BOMS if content.startswith(mark)), None)
    yield from (marked,) if marked else ("utf-8", "gbk")


def _rows(text: str, lines: Sequence[str]) -> Iterator[Row]:
    separator = _separator(lines)
    if separator is None:
        return (Row(line, (cell,)) for line, cell in enumerate(lines, 1))
    return islice(_table(text, separator), _checked_rows(text, separator))


def _separator(lines: Sequence[str]) -> str | None:
    """The first of tab ; , | that stands in the same number on most lines, or None."""
    sample = [_QUOTED.sub("", line) for line in islice(lines, _SAMPLE) if line.strip()]
    for mark in "\t;,|":
        numbers = Counter(line.count(mark) for line in sample)
        (most, times), *_ = numbers.most_common(1) or [(0, 0)]
        if most and times * 2 > len(sample):
            return mark
    return None


def _checked_rows(text: str, separator: str) -> int:
    """How many rows there are, once all quotes are known to be closed."""
    number, end = 0, Row(1, ())
    for number, end in enumerate(_table(text, separator)):  # noqa: B007 - the last ones count
        pass
    if end.cells:
        raise FileUnreadable("broken", str(end.line))
    return number


def _table(text: str, separator: str) -> Iterator[Row]:
    """The rows one by one, since all of them might not fit into memory.

    A line of nothing is put behind the last, and is found there if no quote is open.
    """
    line = 1
    reader = csv.reader(chain(StringIO(text, newline=""), [""]), delimiter=separator)
    try:
        for cells in reader:
            yield Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:  # a cell of more than 131,072 characters
        raise FileUnreadable("broken", str(line)) from error


def _take(reader: Reader, line: int, cell: str) -> None:
    """One cell: several ids, or one thing that is none."""
    found = [cell] if PHONE_ID.fullmatch(cell) else words(cell)
    number_like = next((word for word in found if SPREADSHEET_NUMBER.fullmatch(word)), None)
    if number_like:
        raise FileUnreadable("spreadsheet", number_like)
    if len(found) > 1 and not any(PHONE_ID.fullmatch(word) for word in found):
        found = [" ".join(found)]
    for word in found:
        reader.take(line, word, Place.LINE)


def _checked(reading: Reading, limit: int, lines: Sequence[str]) -> Reading:
    if len(reading.ids) > limit:
        raise FileUnreadable("too_many", str(limit))
    if not reading.ids:
        raise FileUnreadable("no_ids", (lines[0] if lines else "")[:40])
    return reading
