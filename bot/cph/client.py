"""The cloud of all projects, as the use-cases need it."""

import secrets
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import httpx

from bot.cph.call import Call
from bot.cph.calls import Calls
from bot.cph.clock import Clock, RealClock
from bot.cph.errors import Explanation, codes_of, explain
from bot.cph.exchange import Connection
from bot.cph.governor import Governor, Kind
from bot.cph.iam import TokenLogin
from bot.cph.jobs import read_jobs
from bot.cph.kept import with_news
from bot.cph.login import KeyLogin, Login
from bot.cph.phone_list import PhoneList
from bot.cph.servers import read_containers, read_servers
from bot.cph.settings import AkSk, Limits, ProjectAccess
from bot.cph.tags import read_tagged, read_tags
from bot.cph.wire import JobsBody
from bot.divert.failures import TryLater
from bot.divert.outcome import Answer, Entry, Job
from bot.divert.phones import Phone, Route
from bot.divert.ports import ALL
from bot.divert.selection import Filter, Server
from bot.divert.transaction import Learned

_TRAFFIC: Final = "cloud-phone/phones-traffic"


class CphCloud:
    """Implements `bot.divert.ports.Cloud`; `project` is a key of `accesses`.

    Projects that use the same credential at the same endpoint share one rate, since the cloud
    counts calls by user.
    """

    passing: frozenset[str] = codes_of(TryLater)

    def __init__(
        self,
        accesses: Mapping[str, ProjectAccess],
        limits: Limits,
        http: httpx.AsyncClient,
        clock: Clock | None = None,
    ) -> None:
        self._limits = limits
        self._connection = Connection(http, clock or RealClock(), limits)
        self._me = secrets.token_hex(4)
        first: dict[tuple[str, ...], str] = {}
        self._callers: dict[str, str] = {}
        self._governors: dict[str, Governor] = {}
        self._calls: dict[str, Calls] = {}
        self._phones: dict[str, PhoneList] = {}
        for project, access in accesses.items():
            caller = self._callers[project] = first.setdefault(_caller(access), project)
            governor = self._governors[caller] if caller != project else self._governor()
            self._governors[project] = governor
            calls = Calls(access, self._login(access), governor, self._connection)
            self._calls[project] = calls
            self._phones[project] = PhoneList(calls, limits.concurrency)

    async def check(self, project: str) -> None:
        """Make the smallest call that needs a good endpoint, key, project and right to read.

        Raises:
            CloudFailure: it cannot be made; Stop if a person must mend something first.
        """
        await self._phones[project].check()

    async def send_turn(self, project: str, within: float) -> bool:
        """Wait at most so many seconds until one more `divert` may start.

        The permission is used by the next `divert`, and lapses after the deadline of a call.
        """
        return await self._governors[project].sends.give(within)

    def drop_turn(self, project: str) -> None:
        """Give back a permission that no call was made with."""
        self._governors[project].sends.drop()

    def send_rate(self, project: str) -> float:
        """Return the calls of `divert` a second that are allowed now."""
        return self._governors[project][Kind.SEND].rate

    def limit(self, project: str) -> tuple[int, float] | None:
        """Return what the cloud said it takes of `divert`: (calls, seconds), while it holds."""
        stated = self._governors[project][Kind.SEND].limit
        return (stated.calls, stated.seconds) if stated else None

    async def divert(
        self, project: str, route: Route, ids: Sequence[str], until: datetime | None = None
    ) -> Answer:
        """Make the ImportTraffic call once; without a permission it waits for its turn.

        From `until` on it is no longer made.

        Raises:
            NotSent: nothing happened; `wait` says when the next call may start.
            TryLater: the cloud is busy.
            Stop: no call will work until a person mends something.
            Rejected: the cloud refused this call as a whole.
            Unclear: it may have happened or not.
        """
        turn = await self._governors[project].sends.use()
        body = {"traffic_type": str(route), "phone_ids": list(ids)}
        call = Call(Kind.SEND, _TRAFFIC, body=body, until=until)
        found = await self._calls[project].once(call, turn, JobsBody)
        entries = (
            Entry(row.phone_id, row.job_id, row.error_code, row.error_msg) for row in found.jobs
        )
        return Answer(found.request_id, tuple(entries))

    async def phone(self, project: str, phone_id: str) -> Phone | None:
        """Return one phone, None if this project has none of this id.

        Raises:
            CloudFailure: it cannot be read.
        """
        return await self._phones[project].one(phone_id)

    def phone_pages(
        self, project: str, only: Filter = ALL
    ) -> AsyncIterator[tuple[int, list[Phone]]]:
        """Yield the fleet in pages: (phones there are, phones not yielded before).

        With a filter, what the cloud leaves of it, and then no phone has a place.

        Raises:
            CloudFailure: a page cannot be read; Unclear if the list does not end.
        """
        return self._phones[project].pages(only)

    async def phones_at(self, project: str, places: Mapping[str, int]) -> dict[str, Phone]:
        """Return phones by their places in the list as it was; those that are gone are not found.

        Raises:
            CloudFailure: a page cannot be read.
        """
        return await self._phones[project].at(places)

    async def servers(self, project: str) -> list[Server]:
        """Return all servers.

        Raises:
            CloudFailure: they cannot be read; Unclear if the list does not end.
        """
        return await read_servers(self._calls[project], self._limits.concurrency)

    async def containers(self, project: str, servers: Collection[str]) -> frozenset[str]:
        """Return which of these servers have a running encoding container.

        Raises:
            CloudFailure: they cannot be read; Unclear if the list does not end.
        """
        return await read_containers(self._calls[project], servers)

    async def tagged(self, project: str, key: str) -> dict[str, str]:
        """Return the servers that carry a tag: server id to its value.

        Raises:
            CloudFailure: they cannot be read; Unclear if the list does not end.
        """
        return await read_tagged(self._calls[project], key)

    async def tags(self, project: str) -> dict[str, tuple[str, ...]]:
        """Return all tags of the servers: key to its values.

        Raises:
            CloudFailure: they cannot be read.
        """
        return await read_tags(self._calls[project])

    async def jobs(self, project: str, asked: Mapping[str, Collection[str]]) -> list[Job]:
        """Return the jobs of earlier calls; none of those the cloud has forgotten.

        `asked` are the job ids to look for, by the request id of the call; once all were seen
        no more is read.

        Raises:
            CloudFailure: they cannot be read.
        """
        return await read_jobs(self._calls[project], asked)

    def caller(self, project: str) -> str:
        """Return the first of the projects that share this one's endpoint and credential."""
        return self._callers.get(project, project)

    def learned(self, project: str) -> Learned | None:
        """Return what the caller has learned and called since this was asked last, if anything.

        To be asked in the loop, and then written down wherever.
        """
        news = self._governors[project].news() if project in self._governors else {}
        return partial(with_news, news) if news else None

    def restore(self, project: str, pace: Mapping[str, Any], at: float) -> None:
        """Take over what was kept; what cannot be read is left out.

        `at` is the time by the database's clock when it was read.
        """
        if project in self._governors:  # old work may be of one that is no longer configured
            self._governors[project].restore(pace, at)

    def explain(self, code: str) -> Explanation:
        """Say what a code means and what to do about it."""
        return explain(code)

    async def close(self) -> None:
        """Give back unused permissions and close the connections."""
        for governor in self._governors.values():
            governor.sends.drop_all()
        await self._connection.http.aclose()

    def _governor(self) -> Governor:
        return Governor(self._limits, self._connection.clock, self._me)

    def _login(self, access: ProjectAccess) -> Login:
        if isinstance(access.credentials, AkSk):
            return KeyLogin(access.credentials, self._connection.clock, self._limits.key_rest)
        return TokenLogin(access, access.credentials, self._connection)


def _caller(access: ProjectAccess) -> tuple[str, ...]:
    credentials = access.credentials
    if isinstance(credentials, AkSk):
        return access.endpoint, credentials.ak
    return access.endpoint, credentials.domain, credentials.user
