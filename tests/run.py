"""Every test and check; the last lines say what failed and what did not run.

The tests run in a few processes side by side, since most of them wait for something real.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

BIN: Final = Path(sys.executable).parent
COVERAGE: Final = [sys.executable, "-m", "coverage"]
PYTEST: Final = [*COVERAGE, "run", "-p", "-m", "pytest"]
CHECKS: Final = {
    "format": [str(BIN / "ruff"), "format", "--check", "-q", "."],
    "lint": [str(BIN / "ruff"), "check", "-q", "."],
    "types": [str(BIN / "mypy"), "--no-error-summary"],
    "imports": [str(BIN / "lint-imports")],
}
EDGES: Final = "tests/walk/test_edge_cases.py"
TESTS: Final = {
    "the walk on SQLite": [*PYTEST, "tests/walk", f"--ignore={EDGES}", "-k", "sqlite"],
    "the walk on PostgreSQL": [*PYTEST, "tests/walk", f"--ignore={EDGES}", "-k", "postgresql"],
    "the cloud's edge cases and Slack's faults": [*PYTEST, EDGES, "-k", "sqlite"],
    "processes killed and signed HTTP": [*PYTEST, "tests/crash", "tests/transport"],
    "all other tests": [
        *PYTEST, "--ignore=tests/walk", "--ignore=tests/crash", "--ignore=tests/transport",
        "--ignore=tests/browser",
    ],
}  # fmt: skip
FIGURES: Final = {
    "coverage": [*COVERAGE, "report", "--skip-covered", "--skip-empty"],
    "coverage of what we do, all of it": [
        *COVERAGE, "report", "--include=bot/divert/*", "--fail-under=100", "--skip-covered",
    ],
}  # fmt: skip


@dataclass
class Running:
    """One command, its output kept until it has ended."""

    name: str
    command: list[str]
    begun: float = field(default_factory=time.monotonic)
    output: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=self.output, stderr=self.output)

    def passes(self) -> bool:
        """Wait for the end and show the output; whether it exited with 0."""
        code = self.process.wait()
        self.output.seek(0)
        print(f"── {self.name}", self.output.read().decode(errors="replace"), sep="\n")
        seconds = time.monotonic() - self.begun
        print(f"── {self.name}: {'FAILED' if code else 'passed'}, {seconds:.0f} s", flush=True)
        return code == 0


def main() -> int:
    """Run all; the exit code is 1 if anything failed."""
    subprocess.run([*COVERAGE, "erase"], check=True)
    tests = [Running(name, command) for name, command in TESTS.items()]
    failed = failures(CHECKS)
    failed += [test.name for test in tests if not test.passes()]
    subprocess.run([*COVERAGE, "combine", "-q"], check=True)
    failed += failures(FIGURES)
    for name in not_run():
        print(f"not run: {name}")
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def failures(commands: dict[str, list[str]]) -> list[str]:
    """Run one after the other; the names of those that failed."""
    return [name for name, command in commands.items() if not Running(name, command).passes()]


def not_run() -> list[str]:
    """What `make test` leaves out, and how to run it."""
    browser = "the page in a browser; run it with: make test-browser"
    return [
        browser if shutil.which("chromium") else f"{browser}, after installing chromium",
        f"the edge cases on PostgreSQL; run them with: pytest {EDGES} -k postgresql",
    ]


if __name__ == "__main__":
    sys.exit(main())
