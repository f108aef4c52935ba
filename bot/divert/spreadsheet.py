"""Cells of a CSV file that a spreadsheet opens without harm."""

import re
from typing import Final

# Excel reads a CSV as UTF-8 only with this mark; the bot's own form takes it either way.
BOM: Final = "\ufeff"
_SIGNS: Final = r"[=+\-@＝＋－＠]"  # the wide ones in East Asian spreadsheets
# What a spreadsheet, or who mends the file by hand, may take away before the sign.
_PASSED_OVER: Final = r"[\s\"'\0-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
_FORMULA: Final = re.compile(rf"[\t\r\n]|{_PASSED_OVER}{_SIGNS}")
# Where a semicolon parts cells, as in much of Europe, one of ours may become two.
_NEXT: Final = re.compile(rf"(?<=[;\t\r\n])({_PASSED_OVER})(?={_SIGNS})")


def defused(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula, made text (OWASP, CSV injection)."""
    inside = _NEXT.sub(r"\1'", cell)
    return f"'{inside}" if _FORMULA.match(cell) else inside
