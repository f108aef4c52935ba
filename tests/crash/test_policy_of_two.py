"""Several bots, each with a policy file of its own: each takes up what it reads, and one tells."""

import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.store.database import Database, open_database
from bot.store.tables import audit
from tests.crash.home import Home
from tests.crash.replicas import replica
from tests.crash.scene import Scene, until
from tests.postgres import fresh_database, running_postgres

BAD = '\n[[rules]]\nname = "bad"\nwho = ["nobody at all"]\napprovals = []\n'
NEW = '\n[[rules]]\nname = "new"\nwho = ["approvers"]\napprovals = []\n'
COUNTED = "count = 1"


@pytest.fixture
def database_url() -> Iterator[str]:
    with running_postgres() as server:
        yield fresh_database(server)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


def write(home: Home, text: str, *, hurry: bool = False) -> None:
    Path(home.environment["CPH_BOT_CONFIG"]).write_text(text, encoding="utf-8")
    if hurry:
        home.process.send_signal(signal.SIGHUP)


def text_of(home: Home) -> str:
    return Path(home.environment["CPH_BOT_CONFIG"]).read_text(encoding="utf-8")


async def logged(home: Home, text: str, times: int = 1) -> None:
    await until(lambda: home.log.read_text(encoding="utf-8").count(text) >= times)


async def told(scene: Scene) -> list[str]:
    seen = await scene.bob.sees(scene.channel)
    return [one["text"] for one in seen if one["text"].startswith("*The ")]


async def entries(database: Database) -> list[dict[str, str]]:
    def read(connection: Connection) -> list[dict[str, str]]:
        return [row.entry for row in connection.execute(select(audit).order_by(audit.c.number))]

    return [one for one in await database.read(read) if one["event"] == "policy"]


async def test_both_take_it_up_and_one_tells(
    scene: Scene, database_url: str, database: Database, tmp_path: Path
) -> None:
    async with (
        replica(scene, tmp_path / "one", database_url) as one,
        replica(scene, tmp_path / "two", database_url) as two,
    ):
        both = (one, two)
        good = text_of(one)
        for home in both:
            write(home, good + BAD)
        for home in both:
            await logged(home, "'nobody at all' is not defined")
        for home in both:
            write(home, good + NEW, hurry=True)
        for home in both:
            await logged(home, "is in force, in place of")
        await scene.slack.wait_for("message", channel=scene.channel, text="New rules: `new`")
        heard = await told(scene)
        for part in ("has 1 mistake", "is in order again", "New rules: `new`"):
            assert sum(part in line for line in heard) == 1
        first, second = await entries(database)
        assert (first["before"], second["before"]) == ("", first["policy"])
        assert second["changed"] == "rules added: new"


async def test_a_policy_that_changed_between_two_lives_is_told_and_voids_approvals(
    scene: Scene, home: Home
) -> None:
    write(home, text_of(home).replace(COUNTED, "count = 2"))
    await home.start()
    card = await scene.asks("routing", await scene.phones(1))
    await scene.approve(card)
    await scene.hears("One more is needed", scene.bob)
    await home.kill()
    write(home, text_of(home) + NEW)
    await home.start()
    await scene.posted(card, "The policy has changed, so approvals are void")
    await scene.slack.wait_for("message", channel=scene.channel, text="The policy has changed.")
    (line,) = await told(scene)
    assert "1 waiting request had approvals" in line
    await home.terminate()  # a kill might have had it say twice what it was just saying
    await home.start()
    later = await scene.asks("routing", await scene.phones(1))
    await scene.approve(later)
    await scene.approve(later, scene.carol)
    await scene.ends(later)
    assert len(await told(scene)) == 1, "nothing has changed since"
