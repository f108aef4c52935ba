"""What the README says is so."""

import re
import tomllib

from packaging.requirements import Requirement

from bot.config_file import ConfigFile, SecretNames
from bot.divert.request import Event, State
from tests.foundations.diagram import DRAWN, diagram
from tests.foundations.tree import README, ROOT, project, section, sources

NAMED = re.compile(r"`([\w/.-]+)`")
VARIABLE = re.compile(r"(?:SLACK|CPH_BOT|HUAWEICLOUD_SDK|HW)_[A-Z_]+")


def rows(title: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_diagram_of_states_is_made_from_the_table_of_moves() -> None:
    found = DRAWN.search(section("States of a request"))
    assert found, "no diagram"
    assert found[0] == diagram(), "draw it anew: python -m tests.foundations.diagram"


def test_the_diagram_shows_every_state_and_every_event() -> None:
    words = set(re.findall(r"\w+", diagram()))
    assert set(State) <= words
    assert set(Event) <= words


def test_every_file_it_names_exists() -> None:
    names = {name for name in NAMED.findall(README.read_text()) if name.endswith((".py", ".toml"))}
    assert len(names) > 10
    code = {path.rpartition("/")[2] for path in sources("bot")}
    assert [name for name in names if not (ROOT / name).is_file() and name not in code] == []


def test_the_walk_has_a_file_for_each_step() -> None:
    steps = rows("How a phone id walks through it")
    assert [step[0] for step in steps] == [str(n) for n in range(1, 9)]
    assert all((ROOT / step[1].strip("`")).is_file() for step in steps)


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8"))
    ours = [link for link in links if "://" not in link]
    assert ours
    assert [link for link in ours if not (ROOT / link).is_file()] == []


def test_its_configuration_loads() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", section("Configuration"), re.DOTALL)
    (file,) = [ConfigFile.model_validate(tomllib.loads(block)) for block in blocks]
    assert list(file.projects) == ["demo"]


def test_its_configuration_and_the_policy_s_example_show_every_key() -> None:
    example = (ROOT / "docs" / "policy.example.toml").read_text(encoding="utf-8")
    shown = set(re.findall(r"\w+", section("Configuration") + example))
    schema = ConfigFile.model_json_schema()
    hidden = {"SecretNames"}  # named by an example
    keys = {
        key
        for name, one in schema["$defs"].items()
        if name not in hidden
        for key in one.get("properties", {})
    } | set(schema["properties"])
    assert keys - {"name"} <= shown


def test_its_table_has_every_variable_and_no_other() -> None:
    told = set(VARIABLE.findall(" ".join(row[0] for row in rows("Configuration"))))
    read = set(VARIABLE.findall(sources("bot")["bot/config.py"]))
    assert told == read | set(SecretNames().model_dump().values())


def test_its_dependencies_are_those_of_the_project_and_no_other() -> None:
    told = [name for row in rows("Dependencies, and why each") for name in row[0].split(", ")]
    settings = project()
    extras = settings["project"]["optional-dependencies"].values()
    listed = [
        *settings["project"]["dependencies"],
        *(line for extra in extras for line in extra),
        *settings["build-system"]["requires"],
    ]
    assert len(told) == len(set(told))
    assert set(told) == {Requirement(line).name for line in listed}


def test_every_dependency_has_its_reason() -> None:
    assert all(len(row) == 2 and row[1] for row in rows("Dependencies, and why each"))
