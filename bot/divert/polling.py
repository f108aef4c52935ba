"""Jobs are asked for by the calls that started them; of a call mostly over, less often."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from bot.divert.deadline import LAG_ROUNDS, next_poll
from bot.divert.doubting import believed
from bot.divert.outcome import Change, Job, PhoneState, read_jobs, read_unasked
from bot.divert.request import Request
from bot.divert.together import together
from bot.divert.transaction import Transaction
from bot.divert.world import World

IDS_A_CALL: Final = 20  # request ids in one ListJobs call, by the API's own page
_log = logging.getLogger(__name__)

Due = Mapping[str, Mapping[str, str]]  # by cloud request id: job id to phone id


async def poll(world: World, request: Request) -> bool:
    """Ask once for every job that is due; whether all were, before the slice was over.

    Raises:
        CloudFailure: jobs could not be read.
    """
    until = world.clock.now() + world.times.slice
    asked: set[str] = set()
    while world.clock.now() < until and not world.stopping():
        due = await world.ledger.read(lambda tx: _due(world, tx, request.id))
        fresh = {call: jobs for call, jobs in due.items() if call not in asked}
        if not fresh:
            return True
        asked |= fresh.keys()
        await together(_ask(world, request, dict(group)) for group in _grouped(fresh))
    return False


def _due(world: World, tx: Transaction, request_id: str) -> Due:
    """While there is something to send, jobs are asked for by one call at a time."""
    calls = 1 if tx.next_due(request_id) else world.concurrency
    return tx.polls(request_id, IDS_A_CALL * calls)


def _grouped(due: Due) -> Iterator[list[tuple[str, Mapping[str, str]]]]:
    items = list(due.items())
    for start in range(0, len(items), IDS_A_CALL):
        yield items[start : start + IDS_A_CALL]


async def _ask(world: World, request: Request, due: Due) -> None:
    """Read the jobs of some calls and write those that have ended."""
    open_calls = await world.ledger.read(partial(_open, request_id=request.id, due=due))
    asked = {call: list(due[call]) for call in open_calls}
    jobs = await world.cloud.jobs(request.project, asked) if asked else []
    lost = await world.ledger.write(lambda tx: _write(world, tx, request, due, jobs))
    if lost:
        _log.info("%s: the cloud no longer lists %d jobs, their phones are read", request.id, lost)


def _open(tx: Transaction, request_id: str, due: Due) -> list[str]:
    """The calls with a job to look for, or with phones that their answer did not mention."""
    return [call for call, jobs in due.items() if jobs or tx.silent(request_id, [call])]


def _write(world: World, tx: Transaction, request: Request, due: Due, jobs: Sequence[Job]) -> int:
    """Keep what the jobs say and when to ask again; how many phones have lost theirs."""
    asked = {job: phone for jobs_of_call in due.values() for job, phone in jobs_of_call.items()}
    ended = read_jobs(jobs, asked, world.cloud.passing)
    lost = _lost(world, tx, request, due, jobs)
    unasked = read_unasked(jobs, tx.silent(request.id, list(due)))
    tx.change_phones(request.id, [*believed(tx, request.id, ended), *lost, *unasked])
    over = {change.phone_id for change in (*ended, *lost)}
    tx.polled(request.id, _asked_again(world, tx, request.id, due, over))
    if over:
        tx.touch(request.id)
    return len(lost)


def _asked_again(
    world: World, tx: Transaction, request_id: str, due: Due, over: set[str]
) -> dict[str, datetime]:
    started = tx.jobs_by_call(request_id, list(due))
    running = {call: sum(one not in over for one in jobs.values()) for call, jobs in due.items()}
    return {
        call: tx.now() + next_poll(started.get(call, 0), left, world.times.poll)
        for call, left in running.items()
    }


def _lost(
    world: World, tx: Transaction, request: Request, due: Due, jobs: Sequence[Job]
) -> Sequence[Change]:
    """Phones whose jobs the cloud no longer lists; the routes must tell what became of them.

    Asked for several calls it may say nothing of one it has forgotten. A list that comes late
    looks the same, so only what was accepted a while ago counts.
    """
    listed = {job.id for job in jobs}
    asked = {job: phone for jobs_of_call in due.values() for job, phone in jobs_of_call.items()}
    phones = {phone for job, phone in asked.items() if job not in listed}
    if not phones:
        return ()
    before = tx.now() - LAG_ROUNDS * world.times.poll
    servers = [work.server for work in tx.servers_at_work(request.id) if work.accepted_at <= before]
    message = world.project_words(request.project).job_forgotten()
    return [
        Change(row.id, PhoneState.ACCEPTED, job_ended=True, message=message)
        for row in (tx.running_on(request.id, servers) if servers else ())
        if row.id in phones and row.since is not None and row.since <= before
    ]
