"""A new policy is in force at once, and told as soon as the ledger can be written."""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.divert.failures import LedgerAway
from bot.divert.new_policy import Operators
from bot.divert.world import World
from bot.policy_watch import PolicyFile, PolicyWatch
from bot.store.database import Database, open_database
from bot.store.migrate import migrate
from bot.store.tables import audit, posts
from tests.config.setting import FILE, Setting
from tests.divert.state_machine.stage import Stage, make_database
from tests.store.making import Desk

MORE = FILE + '\n[[rules]]\nname = "more"\napprovals = []\n'


@dataclass
class Watched:
    """A watch with its file, and a database whose folder can be taken away."""

    watch: PolicyWatch
    file: PolicyFile
    database: Database
    folder: Path

    @property
    def elsewhere(self) -> Path:
        return self.folder.with_name("elsewhere")

    def take_away(self) -> None:
        self.database.writing.dispose()
        self.folder.rename(self.elsewhere)

    def give_back(self) -> None:
        self.elsewhere.rename(self.folder)

    def write(self, text: str) -> None:
        Path(self.file.path).write_text(text, encoding="utf-8")

    async def events(self) -> list[str]:
        """The policies of the audit, and how many posts there are."""
        entries = await self.database.read(lambda c: c.execute(select(audit)).all())
        told = await self.database.read(lambda c: c.execute(select(posts.c.id)).all())
        return [*(row.entry["policy"] for row in entries), f"{len(told)} posts"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    make_database(tmp_path / "other.sqlite")
    stage = Stage(tmp_path / "other.sqlite")
    yield stage.life.world
    stage.close()


@pytest.fixture
async def watched(setting: Setting, tmp_path: Path, world: World) -> AsyncIterator[Watched]:
    folder = tmp_path / "data"
    folder.mkdir()
    database = open_database(f"sqlite:///{folder}/ledger.sqlite")
    await migrate(database)
    world = replace(world, ledger=Desk(database).ledger, operators_channel="C0ALARM")
    file = PolicyFile(str(setting.path), setting.load().file)
    yield Watched(PolicyWatch(file, Operators(world, "host-7")), file, database, folder)
    await database.close()


async def test_the_policy_of_the_start_is_in_the_audit_once(watched: Watched) -> None:
    for _ in range(4):
        await watched.watch.look()
    assert await watched.events() == [watched.file.policy.version, "0 posts"]


async def test_a_new_policy_is_in_force_and_told_after_the_look(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.policy_watch")
    await watched.watch.look(at_once=True)
    before = watched.file.policy.version
    watched.write(MORE)
    await watched.watch.look(at_once=True)
    assert watched.file.policy.rule_named("more") is not None
    now = watched.file.policy.version
    assert await watched.events() == [before, now, "1 posts"]
    assert caplog.messages == [f"policy {now} is in force, in place of {before}"]


async def test_while_the_ledger_is_away_it_is_in_force_and_told_later(watched: Watched) -> None:
    await watched.watch.look(at_once=True)
    before = watched.file.policy.version
    watched.take_away()
    watched.write(MORE)
    with pytest.raises(LedgerAway):
        await watched.watch.look(at_once=True)
    now = watched.file.policy.version
    assert now != before
    with pytest.raises(LedgerAway):
        await watched.watch.look()
    watched.give_back()
    await watched.watch.look()
    await watched.watch.look()
    assert await watched.events() == [before, now, "1 posts"]


async def test_a_signal_while_the_ledger_is_away_is_no_failure(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    await watched.watch.look(at_once=True)
    watched.take_away()
    watched.write(MORE)
    watched.watch.hurry()
    assert watched.watch._hurried is not None
    await watched.watch._hurried
    assert watched.file.policy.rule_named("more") is not None
    assert caplog.messages[-1] == "what is new in the policy is told once the database is back"
    watched.give_back()
    await watched.watch.look()
    assert (await watched.events())[1:] == [watched.file.policy.version, "1 posts"]


async def test_a_bad_file_is_logged_line_by_line_and_its_end_is_no_news_of_the_policy(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    await watched.watch.look(at_once=True)
    version = watched.file.policy.version
    watched.write(FILE.replace('"requesters"]', '"a", "b"]'))
    await watched.watch.look(at_once=True)
    begin = f"policy {version} stays in force: {watched.file.path}: rules.0.who: "
    assert [one.startswith(begin) for one in caplog.messages] == [True, True]
    assert len(watched.file.mistakes) == 2
    watched.write(FILE)
    await watched.watch.look(at_once=True)
    assert watched.file.policy.version == version
    assert not watched.file.mistakes
    assert await watched.events() == [version, "2 posts"]


async def test_what_needs_a_restart_is_logged(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.write(FILE + '\n[times]\npoll = "1s"\n')
    await watched.watch.look(at_once=True)
    assert caplog.messages == ["this counts once the bot is started again: times.poll"]
    assert (await watched.events())[-1] == "1 posts"
