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
from sandbox.cloud.phone import Server
from sandbox.server import Sandbox
from sandbox.slack.driver import Human, SlackDriver

Json = dict[str, Any]
ACK_SECONDS = 15.0  # of this Slack; a test that needs its three seconds sets them


@dataclass(frozen=True)
class Home:
    """A server with its phones, newest first."""

    name: str
    id: str
    phones: list[str]


@dataclass
class Stage:
    bot: Bot
    sandbox: Sandbox
    slack: SlackDriver
    cloud: CloudDriver
    channel: str
    alice: Human
    bob: Human
    carol: Human
    dave: Human
    _unused: Iterator[str] = field(repr=False)
    _homes: Iterator[Server] = field(repr=False)

    _numbers: ClassVar[Iterator[int]] = count(1)
    _pools: ClassVar[dict[int, tuple[Iterator[str], Iterator[Server]]]] = {}

    @classmethod
    async def fresh(
        cls, bot: Bot, sandbox: Sandbox, slack: SlackDriver, cloud: CloudDriver
    ) -> Self:
        channel = f"C0WALK{next(cls._numbers)}"
        members = ["U0ALICE", "U0BOB", "U0CAROL", "U0DAVE", "U0GUEST"]
        room = {"id": channel, "name": channel.lower(), "members": members, "bot_in": True}
        await slack.put("channels", channels=[room])
        fleet = sandbox.cloud.main.fleet
        pools = iter(list(fleet.phones)), reversed(list(fleet.servers.values()))
        phones, homes = cls._pools.setdefault(id(sandbox), pools)
        alice, bob, carol, dave = (
            slack.person(name) for name in ("U0ALICE", "U0BOB", "U0CAROL", "U0DAVE")
        )
        return cls(bot, sandbox, slack, cloud, channel, alice, bob, carol, dave, phones, homes)

    async def phones(self, number: int, route: str = "direct") -> list[str]:
        """Phones of this test alone, on this route."""
        ids = list(islice(self._unused, number))
        assert len(ids) == number, "the sandbox's fleet is used up: give it more phones"
        await self.cloud.edit_phones(ids, route=route)
        return ids

    async def server(self, route: str = "direct") -> Home:
        """A server of this test alone, all its phones on this route."""
        server = next(self._homes)
        fleet = self.sandbox.cloud.main.fleet
        ids = [one.phone_id for one in fleet.found(server.server_id, None, None)]
        await self.cloud.edit_phones(ids, route=route)
        return Home(server.name, server.server_id, ids)

    async def says(self, text: str, person: Human | None = None) -> str:
        """Type a command; what its sender reads at once."""
        answer = await (person or self.alice).command(self.channel, text)
        assert answer["acked"], answer
        return str(answer["response"].get("text", ""))

    async def asks(self, route: str, ids: Sequence[str], more: str = "") -> Json:
        """Ask by command; the card that goes up."""
        heard = await self.says(f"/cph divert {route} {' '.join(ids)} {more}")
        return await self.card(request_id(heard), "waiting for approval")

    async def selects(self, route: str, terms: str) -> Json:
        """Ask for phones by terms; the card that goes up."""
        return await self.asks(route, [], terms)

    async def presses_run(self, answer: Json) -> None:
        """Press the button that runs the command as it was meant."""
        pressed = await self.alice.click("run", message=answer)
        assert pressed["acked"], pressed

    async def gives_file(self, name: str, content: bytes, route: str = "routing") -> Json:
        """Ask by the form with a file; the acknowledgement."""
        await self.says("/cph divert")
        file = await self.alice.upload(name, content)
        values = {"route": {"value": route}, "file": {"value": {"files": [file]}}}
        return await self.alice.submit(values)

    async def hears(self, text: str, person: Human | None = None) -> str:
        """The text of an ephemeral message that holds this."""
        return str((await self.answered(text, person))["text"])

    async def answered(self, text: str, person: Human | None = None) -> Json:
        """An ephemeral message that holds this text."""
        return await (person or self.alice).wait_for("ephemeral", channel=self.channel, text=text)

    async def card(self, request: str, state: str) -> Json:
        found = await self.slack.wait_for(
            "message", channel=self.channel, text=f"{request}:", user="U0BOB"
        )
        return await self.slack.wait_for(
            "message", channel=self.channel, ts=found["ts"], text=f", {state}"
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
            "message", channel=self.channel, thread_ts=card["ts"], text=text
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
