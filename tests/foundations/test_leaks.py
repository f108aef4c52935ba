"""What looks for secrets after the tests finds one wherever it stands."""

import json
import sqlite3
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from sandbox.cloud.accounts import Accounts
from tests.leaks import KEPT_IN, SECRETS, folder, leaks_in, leaks_of
from tests.postgres import fresh_database, running_postgres
from tests.run import NO_LEAK, Running, leaked


@pytest.fixture
def place() -> Iterator[Path]:
    """Gone before all that the tests wrote is looked at."""
    with tempfile.TemporaryDirectory(prefix="cph-planted-") as planted:
        yield Path(planted)


EVERY = pytest.mark.parametrize(("name", "secret"), SECRETS.items())


@EVERY
def test_a_planted_secret_is_found_in_a_log(place: Path, name: str, secret: str) -> None:
    log = place / "deep" / "er" / "bot.log"
    log.parent.mkdir(parents=True)
    log.write_text("nothing here\n" * 100_000)
    assert leaks_in(place) == []
    with log.open("a") as file:
        file.write(f"headers={{'Authorization': 'Bearer {secret}'}}\n")
    assert leaks_in(place) == [f"{name} in {log}"]


@EVERY
def test_a_planted_secret_is_found_in_a_database(place: Path, name: str, secret: str) -> None:
    with closing(sqlite3.connect(place / "bot.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE requests (draft TEXT)")
        connection.execute("INSERT INTO requests VALUES (?)", [json.dumps({"reason": secret})])
    assert leaks_in(place) == [f"{name} in {place / 'bot.sqlite'}"]


def test_a_planted_secret_is_found_in_postgresql_though_it_packs_long_rows(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEPT_IN, str(place))
    secret = SECRETS["the secret key"]
    with running_postgres() as server, psycopg.connect(fresh_database(server)) as connection:
        connection.execute("CREATE TABLE posts (post TEXT)")
        connection.execute("INSERT INTO posts VALUES (%s)", ["long " * 10_000 + secret])
    assert any("rows" in leak for leak in leaks_in(place))


@EVERY
@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_a_planted_secret_is_found_in_base64(name: str, secret: str, before: str) -> None:
    assert leaks_of(b64encode(f"{before}{secret}:x".encode())) == {name}


def test_an_issued_token_is_found_and_no_other_long_word() -> None:
    accounts = Accounts()
    user = next(iter(accounts.users.values()))
    token = accounts.issue_token(user, None, 0, 1).value
    assert leaks_of(f"X-Auth-Token: {token}".encode()) == {"an issued token"}
    assert leaks_of(b"MII" + b"a1" * 31 + b"MII" + b"b2" * 40) == set()


def test_a_planted_secret_is_found_in_what_a_group_prints() -> None:
    code = "print('x' * 70_000, 'xoxb-' + 'sandbox')"
    running = Running("a group", [sys.executable, "-c", code])
    with running.output:
        assert running.passes()
        assert running.leaks() == ["the bot token in what a group prints"]


def test_a_leak_is_told_and_fails_the_tests(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leaked([], str(place)) == []
    (place / "bot.log").write_text(SECRETS["the password"])
    assert leaked([], str(place)) == [NO_LEAK]
    assert f"the password in {place / 'bot.log'}" in capsys.readouterr().out


def test_a_folder_of_the_tests_goes_unless_it_is_kept(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEPT_IN, raising=False)
    with folder("cph-one-") as gone:
        assert gone.is_dir()
    assert not gone.exists()
    monkeypatch.setenv(KEPT_IN, str(place))
    with folder("cph-two-") as kept:
        (kept / "bot.log").touch()
    assert [one.name for one in kept.iterdir()] == ["bot.log"]
    assert kept.parent == place
