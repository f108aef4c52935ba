"""The targets the README and continuous integration rely on."""

import re
import subprocess

from tests.foundations.tree import README, ROOT, texts

TEXT = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", TEXT, re.MULTILINE))


def test_plain_make_lists_every_target_with_what_it_does() -> None:
    made = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = [line.split(maxsplit=1) for line in made.stdout.splitlines()]
    assert {line[0] for line in lines} == TARGETS
    assert all(len(line) == 2 for line in lines)


def test_no_target_is_a_file_of_the_same_name() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", TEXT, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == TARGETS


def test_every_target_that_is_told_to_be_run_exists() -> None:
    told = README.read_text() + texts()[".ci/run"] + texts()["tests/run.py"]
    named = set(re.findall(r"(?m)(?:^\s+|[`(])make ([a-z-]+)", told))
    assert {"demo", "test"} <= named <= TARGETS
