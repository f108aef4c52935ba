"""What the use-cases need of the world beside the ledger (`transaction.py`).

What it may fail to do stands in `failures.py`.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from bot.divert.outcome import Answer, Job
from bot.divert.phones import Phone, Route
from bot.divert.policy import Person
from bot.divert.selection import Filter, Server
from bot.divert.sentence import Card
from bot.divert.transaction import Learned, Said

T = TypeVar("T")
ALL: Final = Filter()


class Cloud(Protocol):
    """One project's cloud. Every call waits for its turn under the rate limit."""

    passing: frozenset[str]

    async def send_turn(self, project: str, within: float) -> bool:
        """Wait at most so many seconds until one more ImportTraffic call is allowed."""

    def drop_turn(self, project: str) -> None:
        """Give a turn back that no call was made in."""

    def send_rate(self, project: str) -> float:
        """ImportTraffic calls a second that are allowed now."""

    async def divert(
        self, project: str, route: Route, ids: Sequence[str], until: datetime | None = None
    ) -> Answer:
        """ImportTraffic, once; from `until` on it is no longer made.

        Raises:
            CloudFailure: one of its subclasses.
        """

    async def phone(self, project: str, phone_id: str) -> Phone | None: ...
    def phone_pages(
        self, project: str, only: Filter = ALL
    ) -> AsyncIterator[tuple[int, list[Phone]]]:
        """Pages of the fleet, or of what the cloud leaves of it: (phones there are, the page)."""

    async def phones_at(self, project: str, places: Mapping[str, int]) -> dict[str, Phone]:
        """Phones read from the pages where the list had them last; not those that have moved."""

    async def servers(self, project: str) -> list[Server]:
        """All servers of the project."""

    async def tagged(self, project: str, key: str) -> dict[str, str]:
        """The servers that carry a tag: server id to its value."""

    async def tags(self, project: str) -> dict[str, tuple[str, ...]]:
        """All tags of the project's servers: key to its values."""

    async def jobs(self, project: str, asked: Mapping[str, Collection[str]]) -> list[Job]:
        """The jobs of at most 20 calls, each once, without those that the cloud has forgotten.

        `asked` are job ids to look for, by cloud request id.
        """

    async def containers(self, project: str, servers: Collection[str]) -> frozenset[str]:
        """Which of these servers have a running encoding container."""

    def limit(self, project: str) -> tuple[int, float] | None:
        """What the cloud said it takes of ImportTraffic: (calls, seconds), while it holds."""

    async def check(self, project: str) -> None:
        """Make the cheapest call there is.

        Raises:
            CloudFailure: it does not work.
        """

    def caller(self, project: str) -> str:
        """The first of the projects that the cloud counts as one caller with this one."""

    def learned(self, project: str) -> Learned | None:
        """What is new of the caller's pace since this was asked last; None where nothing is."""

    def restore(self, project: str, pace: Mapping[str, Any], at: float) -> None:
        """Take over what was kept; `at` is when it was read, by the database's clock."""

    def explain(self, code: str) -> tuple[str, str]:
        """What a code means and what to do about it, in plain words."""


class Directory(Protocol):
    """Who people are, by Slack's user id alone."""

    async def person(self, user: str, groups: frozenset[str], *, fresh: bool) -> Person:
        """The person and which of these groups they are in; `fresh` passes every cache.

        Raises:
            LookupFailed: Slack did not answer, so nothing may be decided.
        """

    async def members(self, groups: frozenset[str]) -> Mapping[str, frozenset[str]]:
        """The user ids in each of these user groups, as of the last minute.

        Raises:
            LookupFailed: Slack did not answer.
        """

    def locale(self, user: str) -> str:
        """The person's language as last heard, without asking; empty where it never was."""


class Files(Protocol):
    """Files people gave to the form."""

    async def content(self, file_id: str, limit: int) -> bytes:
        """At most `limit` bytes.

        Raises:
            FileUnreadable: it is gone or too large.
            FileAway: it could not be fetched just now.
        """


class Channel(Protocol):
    """Where people read."""

    async def show(self, card: Card, channel: str, ts: str) -> tuple[str, str]:
        """Post the card, or edit it where it is; the channel and time stamp it has now.

        Raises:
            Away: to be tried again.
            Undeliverable: never there.
        """

    async def say(self, said: Said, rows: AsyncIterator[Sequence[str]] | None) -> str:
        """Post into the thread or to the person; the message's time stamp.

        Raises:
            Away: to be tried again.
            CardGone: there is no such thread any more; nothing was posted.
            Undeliverable: never there.
        """

    async def reaches(self, channel: str) -> bool:
        """Whether the bot can post there."""


class Clock(Protocol):
    def now(self) -> datetime: ...
    async def sleep(self, seconds: float) -> None: ...
