"""A stage whose bot is a process, so that nobody can look into it: only people and the cloud."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

from sandbox.cloud.driver import CloudDriver
from sandbox.cloud.kinds import Kind
from sandbox.cloud.record import RecordedCall
from sandbox.server import Sandbox
from sandbox.slack.driver import SlackDriver
from tests.walk.stage import Json, Stage, request_id

PATIENCE = 45.0  # seconds; on PostgreSQL a dead process is held for alive for 15 of them
_LOOK = 0.01  # seconds


class Scene(Stage):
    """`unused` are phones that no other scene takes, in the one sandbox of this test or file."""

    def __init__(
        self,
        sandbox: Sandbox,
        slack: SlackDriver,
        cloud: CloudDriver,
        channel: str = "C0OPS",
        unused: Iterator[str] | None = None,
    ) -> None:
        self.sandbox, self.slack, self.cloud, self.channel = sandbox, slack, cloud, channel
        people = ("U0ALICE", "U0BOB", "U0CAROL", "U0DAVE")
        self.alice, self.bob, self.carol, self.dave = map(slack.person, people)
        self._unused = unused or iter(list(sandbox.cloud.main.fleet.phones))

    def __repr__(self) -> str:
        return f"Scene({self.channel})"

    async def asks_by_file(self, ids: list[str]) -> Json:
        """Ask by the form with a file; the card that goes up."""
        await self.gives_file("phones.csv", "\n".join(["phone_id", *ids]).encode())
        heard = await self.hears("I am reading")
        return await self.card(request_id(heard), "waiting for approval")

    async def ends(self, card: Json, state: str = "done") -> Json:
        at = {"channel": self.channel, "ts": card["ts"], "text": f", {state}"}
        ended = await self.slack.wait_for("message", PATIENCE, **at)
        await self.posted(card, "*Proven:*")
        return ended

    @asynccontextmanager
    async def slow_lookups(self, seconds: float) -> AsyncIterator[None]:
        """Slack takes this long to say who somebody is, so the bot is caught before it knows."""
        await self.slack.fault("latency", method="users.info", seconds_late=seconds, seconds=60)
        yield
        await self.slack.clear_faults()

    def sends(self) -> list[RecordedCall]:
        """Every ImportTraffic that arrived at the cloud and was answered or lost, oldest first."""
        return list(self.sandbox.cloud.record.found(Kind.IMPORT_TRAFFIC, 0, 0))

    async def sent(self, calls: int) -> None:
        """Wait until so many ImportTraffic calls were answered."""
        await until(lambda: len(self.sends()) >= calls)

    async def shown(self, card: Json) -> list[Json]:
        """What the card was edited to, oldest first."""
        calls = await self.slack.calls()
        edits = (one["args"] for one in calls if one["ok"] and one["method"] == "chat.update")
        return [edit for edit in edits if edit["ts"] == card["ts"]]


async def until(holds: Callable[[], bool | Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Look again and again: what is looked at is another process's, and sets no event here."""
    async with asyncio.timeout(seconds):
        while not await _truth(holds()):  # noqa: ASYNC110 - as said above
            await asyncio.sleep(_LOOK)


async def _truth(held: bool | Awaitable[bool]) -> bool:
    return held if isinstance(held, bool) else await held
