"""What the threat model says stands where it says."""

import re

from tests.foundations.tree import ROOT, texts

PAGE = "docs/threats.md"
ROW = re.compile(r"^\|(?P<threat>[^|]+)\|(?P<answer>[^|]+)\|(?P<where>[^|]+)\|$", re.MULTILINE)
SCREEN = 60  # lines


def rows() -> list[re.Match[str]]:
    return [row for row in ROW.finditer(texts()[PAGE]) if "---" not in row[0]][1:]


def test_every_threat_has_an_answer_and_the_files_that_give_it() -> None:
    assert len(rows()) >= 12
    for row in rows():
        assert row["answer"].strip(), row["threat"]
        assert re.findall(r"`([\w/.-]+)`", row["where"]), row["threat"]


def test_every_file_it_names_exists() -> None:
    named = re.findall(r"`([\w.-]+/[\w/.-]+\.\w+)`", texts()[PAGE])
    assert len(set(named)) > 20
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_it_is_one_screen_and_says_what_it_does_not_cover() -> None:
    page = texts()[PAGE]
    assert len(page.splitlines()) <= SCREEN
    assert "**Not covered.**" in page


def test_the_readme_leads_to_it() -> None:
    assert "](docs/threats.md)" in texts()["README.md"]
