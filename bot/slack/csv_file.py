"""A table as a CSV file that a spreadsheet opens without harm."""

import csv
from collections.abc import AsyncIterator, Sequence
from io import StringIO
from typing import Final

from bot.divert.spreadsheet import BOM, defused

_PORTION: Final = 64 * 1024  # characters written before they become bytes


async def csv_file(rows: AsyncIterator[Sequence[str]]) -> bytes:
    """The whole file, UTF-8 with a byte order mark, lines ended by CR LF (RFC 4180)."""
    content = bytearray(BOM.encode())
    text = StringIO(newline="")
    writer = csv.writer(text)
    async for row in rows:
        writer.writerow([defused(cell) for cell in row])
        if text.tell() > _PORTION:
            content += _taken(text)
    content += _taken(text)
    return bytes(content)


def _taken(text: StringIO) -> bytes:
    content = text.getvalue().encode(errors="replace")
    text.seek(0)
    text.truncate()
    return content
