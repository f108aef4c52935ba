"""The cloud of all projects, as the use-cases need it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

import httpx

from bot.cph.call import Call
from bot.cph.calls import Calls
from bot.cph.clock import Clock, RealClock
from bot.cph.errors import Explanation, codes_of, explain
from bot.cph.exchange import Connection
from bot.cph.governor import Governor, Kind
from bot.cph.iam import TokenLogin
from bot.cph.inventory import read_containers, read_phone
from bot.cph.jobs import read_jobs
from bot.cph.login import KeyLogin, Login
from bot.cph.pages import read_phones
from bot.cph.settings import AkSk, Limits, ProjectAccess
from bot.cph.wire import JobsBody
from bot.divert.failures import TryLater
from bot.divert.outcome import Answer, Entry, Job
from bot.divert.phones import Phone, Route

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
        governors: dict[tuple[str, ...], Governor] = {}
        self._governors: dict[str, Governor] = {}
        self._calls: dict[str, Calls] = {}
        for project, access in accesses.items():
            governor = governors.setdefault(_caller(access), self._governor())
            self._governors[project] = governor
            self._calls[project] = Calls(access, self._login(access), governor, self._connection)

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

    async def divert(self, project: str, route: Route, ids: Sequence[str]) -> Answer:
        """Make the ImportTraffic call once; without a permission it waits for its turn.

        Raises:
            NotSent: nothing happened; `wait` says when the next call may start.
            TryLater: the cloud is busy.
            Stop: no call will work until a person mends something.
            Rejected: the cloud refused this call as a whole.
            Unclear: it may have happened or not.
        """
        turn = await self._governors[project].sends.use()
        body = {"traffic_type": str(route), "phone_ids": list(ids)}
        call = Call(Kind.SEND, _TRAFFIC, body=body)
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
        return await read_phone(self._calls[project], phone_id)

    def phone_pages(self, project: str) -> AsyncIterator[tuple[int, list[Phone]]]:
        """Yield the whole fleet in pages: (phones there are, phones not yielded before).

        Raises:
            CloudFailure: a page cannot be read.
        """
        return read_phones(self._calls[project], self._limits.concurrency)

    async def jobs(self, project: str, cloud_request_ids: Sequence[str]) -> list[Job]:
        """Return the jobs of earlier calls; none of those the cloud has forgotten.

        Raises:
            CloudFailure: they cannot be read.
        """
        return await read_jobs(self._calls[project], cloud_request_ids)

    async def containers(self, project: str) -> frozenset[str]:
        """Return the servers with a running encoding container.

        Raises:
            CloudFailure: they cannot be read.
        """
        return await read_containers(self._calls[project])

    def pace(self, project: str) -> Mapping[str, Any]:
        """Return what was learned of the project's limits, as JSON for `restore`."""
        return self._governors[project].keep()

    def restore(self, project: str, pace: Mapping[str, Any]) -> None:
        """Take over what was learned before; what cannot be read is left out."""
        self._governors[project].restore(pace)

    def explain(self, code: str) -> Explanation:
        """Say what a code means and what to do about it."""
        return explain(code)

    async def close(self) -> None:
        """Give back unused permissions and close the connections."""
        for governor in self._governors.values():
            governor.sends.drop_all()
        await self._connection.http.aclose()

    def _governor(self) -> Governor:
        return Governor(self._limits, self._connection.clock)

    def _login(self, access: ProjectAccess) -> Login:
        if isinstance(access.credentials, AkSk):
            return KeyLogin(access.credentials, self._connection.clock, self._limits.key_rest)
        return TokenLogin(access, access.credentials, self._connection)


def _caller(access: ProjectAccess) -> tuple[str, ...]:
    credentials = access.credentials
    if isinstance(credentials, AkSk):
        return access.endpoint, credentials.ak
    return access.endpoint, credentials.domain, credentials.user
