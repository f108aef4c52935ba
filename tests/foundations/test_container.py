"""The Dockerfile and what a build of it would need."""

import json
import re
from fnmatch import fnmatch
from typing import NamedTuple

import pytest

from bot.__main__ import _arguments
from bot.app import PATIENCE
from tests.foundations.tree import ROOT, project


class Step(NamedTuple):
    word: str
    rest: str


def stages() -> list[list[Step]]:
    """Instructions by stage; lines that go on are joined."""
    text = (ROOT / "Dockerfile").read_text()
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    steps = [Step(*line.split(maxsplit=1)) for line in lines if line.strip()]
    found: list[list[Step]] = []
    for step in steps:
        if step.word == "FROM":
            found.append([])
        found[-1].append(step)
    return found


def last(word: str) -> str:
    """The last such instruction of the final stage."""
    return [step.rest for step in stages()[-1] if step.word == word][-1]


def copied() -> list[str]:
    """What is taken from this repository."""
    rests = [step.rest.split() for stage in stages() for step in stage if step.word == "COPY"]
    return [source for words in rests if "--from" not in words[0] for source in words[:-1]]


def test_it_is_built_in_one_stage_and_runs_in_another() -> None:
    first, second = (stage[0].rest for stage in stages())
    assert first == f"{second} AS build"
    assert "--from=build /opt/bot /opt/bot" in [s.rest for s in stages()[1] if s.word == "COPY"]


def test_its_python_is_one_the_project_takes() -> None:
    version = re.search(r"python:(\d+\.\d+)", stages()[-1][0].rest)
    assert version
    assert f">={version[1]}" in project()["project"]["requires-python"]
    assert f"python{version[1]}/" in " ".join(step.rest for step in stages()[0])


@pytest.mark.parametrize("source", copied())
def test_what_it_copies_is_there_and_not_ignored(source: str) -> None:
    assert (ROOT / source).exists()
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert not any(fnmatch(source, pattern) for pattern in ignored)


def test_all_that_the_wheel_is_made_of_is_copied() -> None:
    settings = project()
    packages = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    metadata = [settings["project"]["readme"], *settings["project"]["license-files"]]
    assert {*packages, *metadata, "pyproject.toml"} <= set(copied())


def test_what_a_developer_has_lying_about_is_not_sent_to_the_build() -> None:
    ignored = set((ROOT / ".dockerignore").read_text().split())
    assert {".git", ".venv", "data", "tests"} <= ignored


def test_everything_installed_is_checked_against_its_hash() -> None:
    commands = " ".join(step.rest for step in stages()[0] if step.word == "RUN").split("&&")
    installs = [one for one in commands if re.search(r"pip (install|wheel)", one)]
    assert installs
    assert all("--require-hashes" in one or "--no-deps" in one for one in installs)


def test_it_runs_as_a_user_without_rights() -> None:
    user = last("USER")
    assert user != "root"
    created = next(s.rest for s in stages()[-1] if s.word == "RUN" and "useradd" in s.rest)
    assert re.search(rf"useradd .*--uid [1-9]\d{{3,}}.* {user}\b", created)
    assert f"groupadd --system --gid 10001 {user}" in created
    assert re.search(r"useradd .*--uid 10001 --gid 10001 ", created)


def test_its_user_owns_the_folder_of_the_database() -> None:
    made = [s.rest for s in stages()[-1] if s.word == "RUN"]
    assert any(f"install -d -o {last('USER')} {last('VOLUME')}" in rest for rest in made)
    assert last("VOLUME") == f"{last('WORKDIR')}/data"


def test_the_final_stage_cannot_install_anything() -> None:
    commands = " ".join(step.rest for step in stages()[-1] if step.word == "RUN")
    assert "python -m pip uninstall -y pip setuptools wheel" in commands
    assert "rm -rf /usr/local/lib/python3.11/ensurepip" in commands
    assert "pip uninstall -y pip setuptools" in " ".join(step.rest for step in stages()[0])


def test_its_health_is_asked_where_it_listens() -> None:
    listen = re.search(r"CPH_BOT_LISTEN=0\.0\.0\.0:(\d+)", last("ENV"))
    assert listen
    assert last("EXPOSE") == listen[1]
    assert f"http://127.0.0.1:{listen[1]}/healthz" in last("HEALTHCHECK")


def test_a_bot_that_waits_for_slack_at_the_start_is_not_yet_unhealthy() -> None:
    period = re.search(r"--start-period=(\d+)s", last("HEALTHCHECK"))
    assert period
    assert float(period[1]) > PATIENCE


def test_it_starts_a_script_of_the_project_with_a_command_it_knows() -> None:
    (script,) = json.loads(last("ENTRYPOINT"))
    assert script in project()["project"]["scripts"]
    assert _arguments().parse_args(json.loads(last("CMD"))).command == "run"


def test_no_secret_is_set_in_the_image() -> None:
    names = re.findall(r"(\w+)=", " ".join(s.rest for s in stages()[-1] if s.word == "ENV"))
    assert set(names) == {"PATH", "HOME", "PYTHONUNBUFFERED", "CPH_BOT_LISTEN"}
