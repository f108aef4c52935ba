"""The jobs of earlier calls, by the request ids those calls returned."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.cph.call import Call
from bot.cph.calls import Calls
from bot.cph.governor import Kind
from bot.cph.lists import BAD_PAGE
from bot.cph.wire import JobRow, JobsBody
from bot.divert.failures import Rejected
from bot.divert.outcome import Job, JobEnd

_log = logging.getLogger(__name__)
_PAGE: Final = 100  # the most ListJobs gives
_IDS: Final = 20  # the most request ids in one ListJobs
_MORE_PAGES: Final = 10  # than twice those that 100 jobs a call make
_FORGOTTEN: Final = frozenset({"CPS.0011", "CPS.0050"})
_PAST_THE_END: Final = _FORGOTTEN | {BAD_PAGE}  # older versions refuse an offset of all rows
_ENDS: Final = {2: JobEnd.SUCCESS, -1: JobEnd.FAILURE}  # 1 is running, and so is any news

Asked = Mapping[str, Collection[str]]


async def read_jobs(calls: Calls, asked: Asked) -> list[Job]:
    """Return each job once, as last seen; none of calls the cloud has forgotten.

    `asked` are the job ids to look for, by request id; the reading ends when all were seen. Of
    a call without any, all jobs are read. Jobs that were not asked for come along.

    Raises:
        CloudFailure: the jobs cannot be read.
    """
    known = [request_id for request_id in asked if request_id]
    search = _Search(calls, asked)
    for start in range(0, len(known), _IDS):
        await search.run(known[start : start + _IDS])
    return [_job(row) for row in search.found.values()]


@dataclass(slots=True)
class _Search:
    """One forgotten call may spoil the answer for all that were asked for with it."""

    calls: Calls
    asked: Asked
    found: dict[str, JobRow] = field(default_factory=dict)

    async def run(self, request_ids: list[str]) -> None:
        """Ask for all at once; where that is spoilt for fewer, and then for more again.

        Of the first `spoilt` that are left one is known to be forgotten, so that asking for all
        of these together would be in vain.
        """
        left, size, spoilt = request_ids, len(request_ids), 0
        while left:
            group, rest = left[:size], left[size:]
            if await self._is_known(group):
                left, size, spoilt = rest, 2 * size, max(spoilt - len(group), 0)
            elif len(group) == 1:
                left, size, spoilt = rest, 1, 0
            else:
                spoilt = len(group)
            if spoilt:
                size = max(spoilt // 2, 1)

    async def _is_known(self, request_ids: list[str]) -> bool:
        try:
            self.found |= await self._pages(request_ids)
        except Rejected as refusal:
            if refusal.code not in _FORGOTTEN:
                raise
            return False
        return True

    async def _pages(self, request_ids: list[str]) -> dict[str, JobRow]:
        """No total is given: a page that is not full is the last, and so is one without news."""
        found: dict[str, JobRow] = {}
        wanted = self._wanted(request_ids)
        most = 2 * len(request_ids) + _MORE_PAGES
        for page in range(most):
            rows, known = await _page(self.calls, request_ids, page * _PAGE), len(found)
            found |= {row.job_id: row for row in rows if row.job_id}
            if len(rows) < _PAGE or len(found) == known:
                return found
            if wanted and wanted <= found.keys():
                return found
        _log.warning("the list of jobs did not end after %d pages", most)
        return found

    def _wanted(self, request_ids: list[str]) -> frozenset[str]:
        """The jobs after which no more page is needed; none if that cannot be told."""
        asked = [self.asked[request_id] for request_id in request_ids]
        return frozenset[str]().union(*asked) if all(asked) else frozenset()


async def _page(calls: Calls, request_ids: Iterable[str], offset: int) -> list[JobRow]:
    query = (
        ("request_ids", ",".join(request_ids)),
        ("limit", str(_PAGE)),
        ("offset", str(offset)),
    )
    try:
        return (await calls.read(Call(Kind.JOBS, "cloud-phone/jobs", query), JobsBody)).jobs
    except Rejected as refusal:
        if offset and refusal.code in _PAST_THE_END:
            return []
        raise


def _job(row: JobRow) -> Job:
    end = JobEnd.RUNNING if row.status is None else _ENDS.get(row.status, JobEnd.RUNNING)
    return Job(row.job_id, row.phone_id, end, row.error_code, row.error_msg or row.execute_msg)
