"""One test's place: a channel, people, phones nobody else uses, and what they see."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any, ClassVar, Self

from bot.app import Bot
from sandbox.cloud.driver import CloudDriver
from sandbox.server import Sandbox
from sandbox.slack.driver import Human, SlackDriver

Json = dict[str, Any]
PATIENCE = 15.0  # seconds


@dataclass
class Stage:
    bot: Bot
    slack: SlackDriver
    cloud: CloudDriver
    channel: str
    alice: Human
    bob: Human
    carol: Human
    dave: Human
    _unused: Iterator[str] = field(repr=False)

    _numbers: ClassVar[Iterator[int]] = count(1)
    _pools: ClassVar[dict[int, Iterator[str]]] = {}

    @classmethod
    async def fresh(
        cls, bot: Bot, sandbox: Sandbox, slack: SlackDriver, cloud: CloudDriver
    ) -> Self:
        channel = f"C0WALK{next(cls._numbers)}"
        members = ["U0ALICE", "U0BOB", "U0CAROL", "U0DAVE", "U0GUEST"]
        room = {"id": channel, "name": channel.lower(), "members": members, "bot_in": True}
        await slack.put("channels", channels=[room])
        pool = cls._pools.setdefault(id(sandbox), iter(list(sandbox.cloud.main.fleet.phones)))
        alice, bob, carol, dave = (
            slack.person(name) for name in ("U0ALICE", "U0BOB", "U0CAROL", "U0DAVE")
        )
        return cls(bot, slack, cloud, channel, alice, bob, carol, dave, pool)

    async def phones(self, number: int, route: str = "direct") -> list[str]:
        """Phones of this test alone, on this route."""
        ids = list(islice(self._unused, number))
        assert len(ids) == number, "the sandbox's fleet is used up: give it more phones"
        await self.cloud.edit_phones(ids, route=route)
        return ids

    async def says(self, text: str, person: Human | None = None) -> str:
        """Type a command; what its sender reads at once."""
        answer = await (person or self.alice).command(self.channel, text)
        assert answer["acked"], answer
        return str(answer["response"].get("text", ""))

    async def asks(self, route: str, ids: Sequence[str], more: str = "") -> Json:
        """Ask by command; the card that goes up."""
        heard = await self.says(f"/cph divert {route} {' '.join(ids)} {more}")
        return await self.card(request_id(heard), "waiting for approval")

    async def gives_file(self, name: str, content: bytes, route: str = "routing") -> Json:
        """Ask by the form with a file; the acknowledgement."""
        await self.says("/cph divert")
        file = await self.alice.upload(name, content)
        values = {"route": {"value": route}, "file": {"value": {"files": [file]}}}
        return await self.alice.submit(values)

    async def hears(self, text: str, person: Human | None = None) -> str:
        """An ephemeral message with this text; all of it."""
        found = await (person or self.alice).wait_for(
            "ephemeral", PATIENCE, channel=self.channel, text=text
        )
        return str(found["text"])

    async def card(self, request: str, state: str) -> Json:
        found = await self.slack.wait_for(
            "message", PATIENCE, channel=self.channel, text=f"{request}:", user="U0BOB"
        )
        return await self.slack.wait_for(
            "message", PATIENCE, channel=self.channel, ts=found["ts"], text=f", {state}"
        ) | {"channel": self.channel}

    async def approve(self, card: Json, person: Human | None = None) -> None:
        answer = await (person or self.bob).click("approve", message=card)
        assert answer["acked"], answer

    async def ends(self, card: Json, state: str = "done") -> Json:
        """The card in its last state, and the thread's last word posted."""
        ended = await self.card(request_id(card["text"]), state)
        await self.posted(card, "*Proven:*")
        return ended

    async def runs(self, route: str, ids: Sequence[str], state: str = "done") -> Json:
        card = await self.asks(route, ids)
        await self.approve(card)
        return await self.ends(card, state)

    async def posted(self, card: Json, text: str) -> Json:
        return await self.slack.wait_for(
            "message", PATIENCE, channel=self.channel, thread_ts=card["ts"], text=text
        )

    async def thread(self, card: Json) -> list[Json]:
        seen = await self.bob.sees(self.channel)
        return [one for one in seen if one.get("thread_ts") == card["ts"] != one["ts"]]

    async def table(self, card: Json, name: str) -> list[dict[str, str]]:
        """A file of the thread, read as CSV."""
        for post in await self.thread(card):
            for file in post.get("files", []):
                if file["name"].endswith(f"{name}.csv"):
                    content = await self.slack.file(file["id"])
                    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        raise AssertionError(f"no {name} in the thread")

    async def buttons(self, card: Json) -> list[str]:
        seen = await self.bob.sees(self.channel)
        blocks = next(one["blocks"] for one in seen if one["ts"] == card["ts"])
        rows = (block["elements"] for block in blocks if block["type"] == "actions")
        return [element["action_id"] for row in rows for element in row]


def request_id(text: str) -> str:
    found = re.search(r"D-[0-9A-Z]+", text)
    assert found, text
    return found[0]
