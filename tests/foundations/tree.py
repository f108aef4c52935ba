"""The files of this repository."""

import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
README: Final = ROOT / "README.md"


@cache
def files() -> tuple[Path, ...]:
    """All that is in git or would be added to it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def texts() -> dict[str, str]:
    """Every file that is text, by its path from the root."""
    found = {}
    for path in files():
        try:
            found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
    return found


def sources(*folders: str) -> dict[str, str]:
    """The Python files below these folders."""
    return {
        name: text
        for name, text in texts().items()
        if name.endswith(".py") and name.split("/")[0] in folders
    }


def section(title: str) -> str:
    """A section of the README, without its heading."""
    _, _, rest = README.read_text(encoding="utf-8").partition(f"\n## {title}\n")
    assert rest, f"the README has no section {title}"
    return rest.partition("\n## ")[0]


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
