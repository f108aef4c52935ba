"""Phone ids from a file as people have them: CSV or text, in several encodings."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from bot.divert.failures import FileUnreadable
from bot.divert.phones import PHONE_ID, Place, Reader, Reading, as_meant, words

BYTES_LIMIT: Final = 10 * 1024 * 1024  # Slack's own limit for a file given to a form
_HEADERS: Final = ("phone_id", "phoneid", "phone id", "phone", "id", "云手机id")
_NUMBER: Final = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)  # Excel's 6.31E+31
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SAMPLE: Final = 200  # lines looked at to find the separator and the column
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_file(content: bytes, limit: int) -> Reading:
    """Read ids line by line.

    Raises:
        FileUnreadable: no text, no id, ids turned into numbers, or more than `limit` ids.
    """
    lines = decode(content).splitlines()
    separator = _separator(lines)
    rows = list(csv.reader(lines, delimiter=separator)) if separator else [[line] for line in lines]
    column, first = _column(rows)
    reader = Reader()
    for number, cell in _cells(rows, column, first):
        _take(reader, number, cell)
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


def _separator(lines: Sequence[str]) -> str | None:
    """The one of , ; tab | that stands most often in the same number on most lines, or None."""
    sample = [line for line in islice(lines, _SAMPLE) if line.strip()]
    for mark in "\t;,|":
        numbers = Counter(line.count(mark) for line in sample)
        (most, times), *_ = numbers.most_common(1) or [(0, 0)]
        if most and times * 2 > len(sample):
            return mark
    return None


def _column(rows: Sequence[Sequence[str]]) -> tuple[int | None, int]:
    """Which column holds the ids (None: all of them do), and the first row with data."""
    head = [as_meant(cell).strip().casefold() for cell in rows[0]] if rows else []
    named = next((head.index(name) for name in _HEADERS if name in head), None)
    if named is not None:
        return named, 1
    fits = Counter(
        place
        for row in islice(rows, _SAMPLE)
        for place, cell in enumerate(row)
        if PHONE_ID.fullmatch(as_meant(cell).strip())
    )
    return (next(iter(fits)), 0) if len(fits) == 1 else (None, 0)


def _cells(
    rows: Iterable[Sequence[str]], column: int | None, first: int
) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(rows, 1):
        if number <= first:
            continue
        if column is None:
            yield from ((number, cell) for cell in row)
        elif column < len(row):
            yield number, row[column]


def _take(reader: Reader, number: int, cell: str) -> None:
    """One cell: several ids, or one thing that is none."""
    found = words(cell)
    number_like = next((word for word in found if _NUMBER.fullmatch(word)), None)
    if number_like:
        raise FileUnreadable("spreadsheet", number_like)
    if len(found) > 1 and not any(PHONE_ID.fullmatch(word) for word in found):
        found = [" ".join(found)]
    for word in found:
        reader.take(number, word, Place.LINE)


def _checked(reading: Reading, limit: int, lines: Sequence[str]) -> Reading:
    if len(reading.ids) > limit:
        raise FileUnreadable("too_many", str(limit))
    if not reading.ids:
        raise FileUnreadable("no_ids", (lines[0] if lines else "")[:40])
    return reading
