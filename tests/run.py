"""Every test and check in turn; the last lines say what failed and what did not run."""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

BIN: Final = Path(sys.executable).parent
CHECKS: Final = {
    "format": [str(BIN / "ruff"), "format", "--check", "-q", "."],
    "lint": [str(BIN / "ruff"), "check", "-q", "."],
    "types": [str(BIN / "mypy"), "--no-error-summary"],
    "imports": [str(BIN / "lint-imports")],
    "tests": [sys.executable, "-m", "coverage", "run", "-m", "pytest"],
    "coverage": [sys.executable, "-m", "coverage", "report", "--skip-covered", "--skip-empty"],
    "coverage of bot/divert, all of it": [
        sys.executable, "-m", "coverage", "report", "--include=bot/divert/*",
        "--fail-under=100", "--skip-covered",
    ],
}  # fmt: skip


def main() -> int:
    """Run all; the exit code is 1 if anything failed."""
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    for name in not_run():
        print(f"not run: {name}")
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    print(f"── {name}", flush=True)
    code = subprocess.run(command, check=False).returncode
    print(f"── {name}: {'passed' if code == 0 else 'FAILED'}, {time.monotonic() - begun:.0f} s")
    return code == 0


def not_run() -> list[str]:
    """What `make test` leaves out, and how to run it."""
    browser = "the page in a browser (make test-browser)"
    return [browser if shutil.which("chromium") else f"{browser}; needs Debian's chromium"]


if __name__ == "__main__":
    sys.exit(main())
