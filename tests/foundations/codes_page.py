"""The page of the cloud's codes: `python -m tests.foundations.codes_page` writes docs/codes.md
anew from the table that the bot goes by.
"""

import tomllib
from collections.abc import Mapping
from typing import Final

from bot.divert.outcome import MAX_TRIES
from tests.foundations.tree import ROOT

PAGE: Final = ROOT / "docs" / "codes.md"
CODES: Final = ROOT / "bot" / "cph" / "codes.toml"
HEAD: Final = """\
# Codes of the cloud

What Huawei Cloud may answer when the bot changes a route, and what to do about it. The bot goes by
the code, whatever HTTP status or text comes with it; `CPS0005` is read as `CPS.0005`, and
`APIG.0308` as `APIGW.0308`. An answer without a code is named by its status, such as `HTTP.503`.
A code that is not here is judged by its status in the same way; Huawei Cloud's own list is at
https://support.huaweicloud.com/intl/en-us/api-cph/ErrorCode.html.

This page is made from `bot/cph/codes.toml`. Change it there, then make the page anew:

    .venv/bin/python -m tests.foundations.codes_page

"""
DEEDS: Final[Mapping[str, str]] = {
    "not_sent": "Waits, sends more slowly and sends again; nothing has happened yet.",
    "try_later": f"Tries again, a phone up to {MAX_TRIES} times.",
    "stop": "Halts until someone has mended it and resumes.",
    "rejected": "Goes on with the other phones.",
    "unclear": "Gives up this reading; whoever asked is told.",
    "by_status": "Below 500 goes on with the other phones; from 500 reads the routes back, "
    "then goes on or tries again.",
}


def rows() -> dict[str, dict[str, str]]:
    """The table: class, meaning and advice by code."""
    found: dict[str, dict[str, str]] = tomllib.loads(CODES.read_text(encoding="utf-8"))
    return found


def page() -> str:
    """Every code of the table in one line, as GitHub shows it."""
    lines = ["| code | what it means | what to do | what the bot does |", "|---|---|---|---|"]
    for code, row in rows().items():
        cells = f"`{code}`", row["meaning"], row["advice"], DEEDS[row["class"]]
        lines.append(f"| {' | '.join(cells)} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
