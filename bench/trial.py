"""A bot and its people in a trial: what is asked in which channel, and what came of it."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.ledger_view import LedgerView
from bench.truth import Shown, twice, wrong_card, wrong_phones, wrong_thread
from sandbox.cloud.driver import CloudDriver
from sandbox.cloud.kinds import Kind
from sandbox.demo import CONFIG, config_text
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.walk.stage import Json, request_id

USUAL, BIG, WAITING = "C0USUAL", "C0BIG", "C0WAITING"
KEPT, DELETED, EMPTIED, ARCHIVED = "C0KEPT", "C0DELETED", "C0EMPTIED", "C0ARCHIVED"
PATIENCE = 3600.0  # seconds
# Slack answers 20 questions for the members of a group in a minute: not enough for five approvals.
PEOPLE = {"S0OPS": "U0ALICE", "S0APPROVE": "U0BOB"}


@dataclass
class Asked:
    """A request, its card as it went up, and its phones."""

    scene: Scene
    card: Json
    ids: list[str]

    @property
    def id(self) -> str:
        return request_id(str(self.card["text"]))


@dataclass
class Trial:
    sandbox: Sandbox
    home: Home
    ledger: LedgerView
    shown: Shown
    scenes: dict[str, Scene]
    wiped: dict[str, int] = field(default_factory=dict)  # posts that people deleted, by request
    wrong: list[str] = field(default_factory=list)

    async def ask(self, channel: str, number: int) -> Asked:
        scene = self.scenes[channel]
        ids = await scene.phones(number)
        return Asked(scene, await scene.asks_by_file(ids), ids)

    async def run(self, asked: Asked) -> float:
        """Approve, and wait for the end in the ledger; seconds from the one to the other."""
        await self.approve(asked)
        return await self.ended(asked)

    def sending(self, since: float) -> float:
        """Seconds from the first send at the cloud after a moment to the last answer."""
        calls = list(self.sandbox.cloud.record.found(Kind.IMPORT_TRAFFIC, since, 0))
        return max(call.at + call.took for call in calls) - min(call.at for call in calls)

    async def approve(self, asked: Asked) -> None:
        await asked.scene.approve(asked.card)
        await self.until(lambda: self.ledger.standing[asked.id].state in ("sending", "done"))

    async def ended(self, asked: Asked) -> float:
        await self.until(lambda: self.ledger.standing[asked.id].closed)
        closed = self.ledger.standing[asked.id].closed_at
        approved = await asyncio.to_thread(self.ledger.approved_at)
        assert closed is not None
        return (closed - approved[asked.id]).total_seconds()

    async def all_told(self) -> float:
        """Wait until no post waits and no card is behind; the seconds it took."""
        begun = time.monotonic()
        await self.until(self._is_all_told)
        return time.monotonic() - begun

    def _is_all_told(self) -> bool:
        behind = any(one.behind for one in self.ledger.standing.values())
        return not behind and not sum(self.ledger.unsaid.values())

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():  # noqa: ASYNC110 - another process's
                await asyncio.sleep(0.1)

    async def look(self) -> None:
        while True:
            await asyncio.to_thread(self.ledger.refresh)
            self.shown.look()
            await asyncio.sleep(0.2)

    def check(self, *those: Asked) -> None:
        """Hold what is told of each against the cloud and the channel."""
        for asked in those:
            request, told = self.ledger.standing[asked.id], self.ledger.thread(asked.id)
            told = told[self.wiped.get(asked.id, 0) :]
            self.wrong += wrong_phones(
                self.sandbox.cloud, "routing", asked.ids, self.ledger.phones(asked.id)
            )
            self.wrong += wrong_card(self.shown, request)
            self.wrong += wrong_thread(self.shown, request, told)
            if again := twice(self.shown, told):
                self.wrong.append(f"{asked.id}: {again} posts are there twice")


@asynccontextmanager
async def running_trial(phones: int, calls: int) -> AsyncIterator[Trial]:
    sandbox = await serve_sandbox(Wishes(phones=phones, servers=phones // 60))
    limits = {"write_limit": {"calls": calls}, "read_limit": {"calls": 100}}
    sandbox.cloud.set(**limits)
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "outage.toml"
        file.write_text(config_text(sandbox, _settings()), encoding="utf-8")
        home = Home.of(sandbox, Path(name), "", {"CPH_BOT_CONFIG": str(file)})
        ledger = LedgerView.of(home.environment["CPH_BOT_DATABASE_URL"])
        async with (
            SlackDriver(sandbox.control_url) as slack,
            CloudDriver(sandbox.control_url) as cloud,
        ):
            scenes = await _scenes(sandbox, slack, cloud)
            try:
                await home.start()
                yield Trial(sandbox, home, ledger, Shown(sandbox.workspace), scenes)
            finally:
                await home.leave()
                ledger.close()
                await sandbox.close()


async def _scenes(sandbox: Sandbox, slack: SlackDriver, cloud: CloudDriver) -> dict[str, Scene]:
    """A channel for each request, so that what stands in it is that request's alone."""
    names = (USUAL, BIG, WAITING, KEPT, DELETED, EMPTIED, ARCHIVED)
    members = ["U0ALICE", "U0BOB", "U0CAROL"]
    rooms = [{"id": name, "members": members, "bot_in": True} for name in names]
    await slack.put("channels", channels=rooms)
    unused = iter(list(sandbox.cloud.main.fleet.phones))
    return {name: Scene(sandbox, slack, cloud, name, unused) for name in names}


def _settings() -> str:
    """A plan stays good for the outage, and people are named one by one."""
    settings = CONFIG.replace("5000", "1000000").replace('"1h"', '"8h"')
    for group, person in PEOPLE.items():
        settings = settings.replace(group, person)
    return settings
