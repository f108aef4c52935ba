"""Every test and check; the last lines say what failed and what did not run.

The tests run in a few processes side by side, since most of them wait for something real.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from tests.leaks import KEPT_IN, leaks_in, leaks_of

Groups = dict[str, list[str]]  # arguments or a command, by the name that is shown

LIMIT: Final = 1500.0  # seconds any part may take; none takes half of it, even on a busy machine
GOODBYE: Final = 10.0
NO_LEAK: Final = "no secret is written down"
BIN: Final = Path(sys.executable).parent
COVERAGE: Final = [sys.executable, "-m", "coverage"]
PYTEST: Final = ["-m", "pytest"]
CHECKS: Final = {
    "format": [str(BIN / "ruff"), "format", "--check", "-q", "."],
    "lint": [str(BIN / "ruff"), "check", "-q", "."],
    "types": [str(BIN / "mypy"), "--no-error-summary"],
    "imports": [str(BIN / "lint-imports")],
}


def _walk(*names: str) -> list[str]:
    return [f"tests/walk/test_{name}.py" for name in names]


def _without(*files: str) -> list[str]:
    return [f"--ignore={file}" for file in files]


# What these show does not depend on the database, so they run on one.
EDGES: Final = _walk(
    "edge_cases", "form_selection", "looking", "looking_trouble", "preflight", "pressing",
    "selection",
)  # fmt: skip
CORNERS: Final = _walk(
    "corners", "decisions", "following", "holdup", "input", "late", "reaching", "slack_trouble"
)
ON_ONE: Final = [*EDGES, *CORNERS]
CHANGED_MINDS: Final = _walk("editing", "injection", "kept_ids", "pause")
APART: Final = [*ON_ONE, *CHANGED_MINDS]
MATRIX: Final = "tests/crash/test_matrix.py"
REPLICAS: Final = ["tests/crash/test_replicas.py", "tests/crash/test_limits_of_two.py"]
ADAPTERS: Final = ["tests/cph", "tests/slack", "tests/store", "tests/engine"]
POLICY: Final = ["tests/situations", "tests/walk_policy"]
ON_SQLITE: Final = {
    "the walk on SQLite": ["tests/walk", *_without(*APART), "-k", "sqlite"],
    "edits, pauses and hostile words": [*CHANGED_MINDS, "-k", "sqlite"],
    "the adapters": ADAPTERS,
    "the sandbox": ["tests/sandbox"],
    "the policy's situations": [*POLICY, "-k", "sqlite"],
    "all other tests": _without(
        "tests/walk",
        "tests/crash",
        "tests/transport",
        "tests/browser",
        "tests/sandbox",
        *ADAPTERS,
        *POLICY,
    ),
}
CORNERS_ON_SQLITE: Final = {
    "the walk's corners": [*CORNERS, "-k", "sqlite"],
    "the cloud's edge cases and selections": [*EDGES, "-k", "sqlite"],
}
MEASURED: Final = {**ON_SQLITE, **CORNERS_ON_SQLITE}
TESTS: Final = {**ON_SQLITE, "killed at each kind of fault point": [MATRIX]}
WALK: Final = {
    **CORNERS_ON_SQLITE,
    "the walk on PostgreSQL": ["tests/walk", *_without(*APART), "-k", "postgresql"],
    "edits, pauses and hostile words on PostgreSQL": [*CHANGED_MINDS, "-k", "postgresql"],
    "the policy's situations on PostgreSQL": [*POLICY, "-k", "postgresql"],
}
PROCESSES: Final = {
    "replicas": REPLICAS,
    "trouble and signed HTTP": ["tests/crash", "tests/transport", *_without(MATRIX, *REPLICAS)],
}
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
    kept_in: str = ""  # what it writes beside its own folder

    def __post_init__(self) -> None:
        environment = {**os.environ, "PYTHONFAULTHANDLER": "1", KEPT_IN: self.kept_in}
        self.process = subprocess.Popen(
            self.command, stdout=self.output, stderr=self.output, env=environment
        )
        self._end = threading.Timer(LIMIT, self._give_up)
        self._end.start()

    def passes(self) -> bool:
        """Wait for the end and show the output; whether it exited with 0."""
        _, status, used = os.wait4(self.process.pid, 0)
        self._end.cancel()
        code = self.process.returncode = os.waitstatus_to_exitcode(status)
        self.output.seek(0)
        print(f"── {self.name}", self.output.read().decode(errors="replace"), sep="\n")
        seconds, work = time.monotonic() - self.begun, used.ru_utime + used.ru_stime
        came = "FAILED" if code else "passed"
        print(f"── {self.name}: {came}, {seconds:.0f} s, {work:.0f} s of a processor", flush=True)
        return code == 0

    def leaks(self) -> list[str]:
        """The secrets in what it printed."""
        self.output.seek(0)
        found = leaks_of(self.output.read())
        return [f"{name} in what {self.name} prints" for name in sorted(found)]

    def _give_up(self) -> None:
        """End what hangs; on SIGABRT it says where all its threads are."""
        self.process.send_signal(signal.SIGABRT)
        time.sleep(GOODBYE)
        self.process.send_signal(signal.SIGKILL)


def main() -> int:
    """Run all, or only what an option names; the exit code is 1 if anything failed."""
    if "--coverage" in sys.argv:
        failed = coverage()
    elif "--walk" in sys.argv:
        failed = failing(WALK)
    elif "--processes" in sys.argv:
        failed = failing(PROCESSES)
    else:
        failed = failing(TESTS, CHECKS)
        for name in not_run():
            print(f"not run: {name}")
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def failing(groups: Groups, checks: Groups | None = None) -> list[str]:
    """The groups side by side, and the checks meanwhile; the names of those that failed."""
    with tempfile.TemporaryDirectory(prefix="cph-tests-", ignore_cleanup_errors=True) as place:
        command = [sys.executable, *PYTEST, "--basetemp"]
        running = [
            Running(name, [*command, f"{place}/{number}", *what], kept_in=place)
            for number, (name, what) in enumerate(groups.items())
        ]
        failed = failures(checks or {}) + [one.name for one in running if not one.passes()]
        return failed + leaked(running, place)


def leaked(running: Iterable[Running], place: str) -> list[str]:
    """Look for secrets in all that was printed and written; the name of this if there are any."""
    leaks = [leak for one in running for leak in one.leaks()] + leaks_in(Path(place))
    print(f"── {NO_LEAK}: {'FAILED' if leaks else 'passed'}", *leaks, sep="\n", flush=True)
    return [NO_LEAK] if leaks else []


def coverage() -> list[str]:
    """What the tests reach. Measuring takes them two thirds longer, so it is done apart."""
    subprocess.run([*COVERAGE, "erase"], check=True)
    measured = [*COVERAGE, "run", "-p", *PYTEST]
    running = [Running(name, [*measured, *what]) for name, what in MEASURED.items()]
    failed = [one.name for one in running if not one.passes()]
    subprocess.run([*COVERAGE, "combine", "-q"], check=True)
    return failed + failures(FIGURES)


def failures(commands: Groups) -> list[str]:
    """Run one after the other; the names of those that failed."""
    return [name for name, command in commands.items() if not Running(name, command).passes()]


def not_run() -> list[str]:
    """What `make test` leaves out, and how to run it."""
    browser = "the page in a browser; run it with: make test-browser"
    walk = "the walk's corners, and all of it on PostgreSQL; run it with: make test-walk"
    processes = "bots in processes of their own; run it with: make test-processes"
    reached = "what the tests reach, measured; run it with: make coverage"
    guided = "fuzzing, guided by what the code reaches; run it with: make fuzz"
    known = "known vulnerabilities of what is pinned; ask with: make audit-dependencies"
    points = "kills at all other fault points; run it with: make crash"
    on_one = f"pytest {' '.join(ON_ONE)} -k postgresql"
    return [
        browser if shutil.which("chromium") else f"{browser}, after installing chromium",
        walk,
        processes,
        reached,
        points,
        guided,
        known,
        f"on PostgreSQL, what is the same on both; run it with: {on_one}",
    ]


if __name__ == "__main__":
    sys.exit(main())
