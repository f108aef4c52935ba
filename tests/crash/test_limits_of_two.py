"""Two bots on one PostgreSQL send for one caller of the cloud: its limit holds for both."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from sandbox.cloud.record import RecordedCall
from tests.crash.conftest import open_scene
from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.crash.truth import Truth
from tests.postgres import fresh_database, running_postgres
from tests.walk.stage import Json, request_id

REQUESTS, SERVERS = 10, 6  # and servers in each, of 100 phones: so many batches
LIMIT = 4  # calls a second, so few that a busy machine makes more too
UNDER_WAY = 0.5  # seconds in which calls that began before the first refusal arrive
TWIN = """
[projects.twin]
region = "cn-north-4"
project_id = {project_id}
endpoint = {cloud}
channel = "C0OPS"
"""


@dataclass
class Two:
    """A scene with two bots, and what their database says."""

    scene: Scene
    homes: Sequence[Home]
    truth: Truth

    async def asked(self) -> list[Json]:
        """By one person after the other, for one project after the other; the cards."""
        servers = iter(self.scene.sandbox.cloud.main.fleet.servers.values())
        people = [self.scene.alice, self.scene.alice, self.scene.dave, self.scene.dave]
        each = zip(cycle(people), cycle(["demo", "twin"]), strict=False)
        cards = []
        for person, project in islice(each, REQUESTS):
            names = ",".join(next(servers).name for _ in range(SERVERS))
            command = f"/cph divert routing server:{names} project:{project}"
            heard = await self.scene.says(command, person)
            cards.append(await self.scene.card(request_id(heard), "waiting for approval"))
        return cards

    async def senders(self) -> set[str]:
        return await self.truth.workers("send")


@asynccontextmanager
async def two_bots(folder: Path) -> AsyncIterator[Two]:
    with running_postgres() as server:
        database = fresh_database(server)
        async with open_scene(REQUESTS * SERVERS) as scene:
            homes = [_home(scene, folder / name, database) for name in ("one", "two")]
            truth = Truth(database)
            try:
                for home in homes:
                    await home.start()
                yield Two(scene, homes, truth)
            finally:
                await asyncio.gather(*(home.leave() for home in homes))
                await truth.close()


def _home(scene: Scene, folder: Path, database_url: str) -> Home:
    """With a second project of the same credential, and two people who may ask."""
    folder.mkdir()
    home = Home.of(scene.sandbox, folder, database_url)
    file = Path(home.environment["CPH_BOT_CONFIG"])
    sandbox = scene.sandbox
    twin = TWIN.format(
        project_id=json.dumps(sandbox.project_id), cloud=json.dumps(sandbox.cloud_url)
    )
    text = file.read_text(encoding="utf-8").replace('"S0OPS"', '"U0ALICE", "U0DAVE"')
    file.write_text(text + twin, encoding="utf-8")
    return home


def refused(sends: Sequence[RecordedCall]) -> list[RecordedCall]:
    return [call for call in sends if call.status == 429]


def once_known(sends: Sequence[RecordedCall]) -> list[RecordedCall]:
    """Calls that were refused though the limit had been stated."""
    over = refused(sends)
    return [call for call in over if call.at > over[0].at + UNDER_WAY]


async def test_a_stated_limit_holds_for_two_bots_and_two_projects_of_one_credential(
    tmp_path: Path,
) -> None:
    async with two_bots(tmp_path) as two:
        await two.scene.cloud.set(write_limit={"calls": LIMIT, "per": "second"})
        cards = await two.asked()
        await asyncio.gather(*map(two.scene.approve, cards))
        for card in cards:
            await two.scene.ends(card)
        sends = two.scene.sends()
        assert len(sends) - len(refused(sends)) == REQUESTS * SERVERS
        assert once_known(sends) == []
        assert await two.senders() == {home.executor_id for home in two.homes}
