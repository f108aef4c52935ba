"""Slack at the edge: who people are, and a channel that keeps what was shown and said."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.divert.failures import Away, LookupFailed
from bot.divert.policy import Person
from bot.divert.sentence import Card
from bot.divert.transaction import Said
from tests.divert.state_machine.fuse import Fuse


@dataclass(slots=True)
class Workspace:
    """Outlives every process of the bot."""

    people: dict[str, Person]
    away: bool = False
    shown: list[tuple[str, Card]] = field(default_factory=list)  # where it hangs, and what it says
    said: list[str] = field(default_factory=list)  # ids of posts, as they came
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Channel:
    """Implements `bot.divert.ports.Channel`."""

    workspace: Workspace
    fuse: Fuse

    async def show(self, card: Card, channel: str, ts: str) -> tuple[str, str]:
        self._reach()
        self.workspace.messages += not ts
        ts = ts or str(self.workspace.messages)
        self.workspace.shown.append((ts, card))
        self.fuse.pass_()
        return channel, ts

    async def say(self, said: Said, rows: AsyncIterator[Sequence[str]] | None) -> str:
        if rows is not None:
            assert [row async for row in rows], "a file without its head"
        self._reach()
        self.workspace.messages += 1
        self.workspace.said.append(said.id)
        self.fuse.pass_()
        return str(self.workspace.messages)

    async def reaches(self, channel: str) -> bool:
        self._reach()
        return bool(channel)

    def _reach(self) -> None:
        self.fuse.pass_()
        if self.workspace.away:
            raise Away("down", wait=5.0)


@dataclass(frozen=True, slots=True)
class Directory:
    """Implements `bot.divert.ports.Directory`."""

    workspace: Workspace

    async def person(self, user: str, groups: frozenset[str], *, fresh: bool) -> Person:  # noqa: ARG002 - the port's signature
        if self.workspace.away:
            raise LookupFailed
        return self.workspace.people[user]

    async def members(self, groups: frozenset[str]) -> Mapping[str, frozenset[str]]:
        if self.workspace.away:
            raise LookupFailed
        return dict.fromkeys(groups, frozenset[str]())

    def locale(self, user: str) -> str:  # noqa: ARG002 - the port's signature
        return ""


class NoFiles:
    """Implements `bot.divert.ports.Files`; nobody gives any."""

    async def content(self, file_id: str, limit: int) -> bytes:
        raise AssertionError((file_id, limit))
