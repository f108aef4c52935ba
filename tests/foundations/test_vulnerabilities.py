"""Silence of the service that knows vulnerabilities is never taken for a clean bill."""

import json
import sys
from pathlib import Path

import pytest

from tests.foundations.vulnerabilities import CLEAN, UNKNOWN, VULNERABLE, ask

GOOD = {"name": "idna", "version": "3.11", "vulns": []}
BAD = {
    "name": "idna",
    "version": "3.6",
    "vulns": [{"id": "PYSEC-2024-60", "fix_versions": ["3.7"], "description": "slow"}],
}
SKIPPED = {"name": "idna", "skip_reason": "Dependency not found on PyPI"}


def answers(tmp_path: Path, out: str, code: int = 0, err: str = "") -> list[str]:
    """A program that answers so, whatever it is asked."""
    program = tmp_path / "answers.py"
    program.write_text(
        f"import sys\nsys.stdout.write({out!r})\nsys.stderr.write({err!r})\nsys.exit({code})\n"
    )
    return [sys.executable, str(program)]


def found(*packages: object) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("packages", "code"),
    [
        ([GOOD], CLEAN),
        ([GOOD, BAD], VULNERABLE),
        ([GOOD, SKIPPED], UNKNOWN),
        ([SKIPPED, BAD], VULNERABLE),
        ([], UNKNOWN),
    ],
)
def test_the_code_says_whether_all_is_well(
    tmp_path: Path, packages: list[object], code: int
) -> None:
    findings = ask(answers(tmp_path, found(*packages)), [tmp_path / "bot.txt"])
    assert findings.code == code


def test_a_vulnerability_is_told_with_its_file_name_and_remedy(tmp_path: Path) -> None:
    findings = ask(answers(tmp_path, found(BAD), 1), [tmp_path / "bot.txt"])
    assert findings.vulnerable == [f"{tmp_path}/bot.txt: idna 3.6: PYSEC-2024-60, mended in 3.7"]


@pytest.mark.parametrize("out", ["", "not json", "[]", "{}"])
def test_a_service_that_cannot_be_reached_is_said_so(tmp_path: Path, out: str) -> None:
    findings = ask(answers(tmp_path, out, 1, "trace\nConnectionError: no such host\n"), [tmp_path])
    assert findings.code == UNKNOWN
    assert findings.unknown == [
        f"{tmp_path}: the service could not be asked: ConnectionError: no such host"
    ]
