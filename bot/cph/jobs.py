"""The jobs of earlier calls, by the request ids those calls returned."""

import logging
from collections.abc import Iterable, Sequence
from typing import Final

from bot.cph.call import Call
from bot.cph.calls import Calls
from bot.cph.governor import Kind
from bot.cph.wire import JobRow, JobsBody
from bot.divert.failures import Rejected
from bot.divert.outcome import Job, JobEnd

_log = logging.getLogger(__name__)
_PAGE: Final = 100  # the most ListJobs gives
_IDS: Final = 20  # the most request ids in one ListJobs
_MOST_PAGES: Final = 100  # 20 calls make 2,000 jobs, which is 21 pages
_FORGOTTEN: Final = frozenset({"CPS.0011", "CPS.0050"})
_PAST_THE_END: Final = _FORGOTTEN | {"CPS.0002"}  # older versions refuse an offset of all rows
_ENDS: Final = {2: JobEnd.SUCCESS, -1: JobEnd.FAILURE}  # 1 is running, and so is any news


async def read_jobs(calls: Calls, request_ids: Sequence[str]) -> list[Job]:
    """Return each job once, as last seen; none of calls the cloud has forgotten.

    Raises:
        CloudFailure: the jobs cannot be read.
    """
    wanted = sorted(set(filter(None, request_ids)))
    found: dict[str, JobRow] = {}
    for start in range(0, len(wanted), _IDS):
        found |= await _of_some(calls, wanted[start : start + _IDS])
    return [_job(row) for row in found.values()]


async def _of_some(calls: Calls, request_ids: Sequence[str]) -> dict[str, JobRow]:
    """One forgotten call may spoil the answer for all, so each is then asked for alone."""
    try:
        return await _pages(calls, request_ids)
    except Rejected as refusal:
        if refusal.code not in _FORGOTTEN:
            raise
    found: dict[str, JobRow] = {}
    for request_id in request_ids if len(request_ids) > 1 else ():
        found |= await _of_some(calls, [request_id])
    return found


async def _pages(calls: Calls, request_ids: Iterable[str]) -> dict[str, JobRow]:
    """No total is given: a page that is not full is the last, and so is one without news."""
    found: dict[str, JobRow] = {}
    for page in range(_MOST_PAGES):
        rows, known = await _page(calls, request_ids, page * _PAGE), len(found)
        found |= {row.job_id: row for row in rows if row.job_id}
        if len(rows) < _PAGE or len(found) == known:
            return found
    _log.warning("the list of jobs did not end after %d pages", _MOST_PAGES)
    return found


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
