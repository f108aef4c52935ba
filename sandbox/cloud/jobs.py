"""The cloud's jobs. Nothing runs: a job's state is worked out from the clock when asked."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum


class JobStatus(IntEnum):
    """All there are: no queued, no cancelled."""

    FAILED = -1
    RUNNING = 1
    SUCCEEDED = 2


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was decided when it was accepted. Times are epoch seconds.

    `ends` None: it never does. `error_code` is what it ends with, None for success.
    """

    job_id: str
    phone_id: str
    server_id: str
    accepted: float
    begins: float
    ends: float | None
    error_code: str | None = None
    detail: str | None = None

    def status(self, now: float) -> JobStatus:
        if self.ends is None or now < self.ends:
            return JobStatus.RUNNING
        return JobStatus.SUCCEEDED if self.error_code is None else JobStatus.FAILED

    def kept(self, now: float, retention: float | None) -> bool:
        return retention is None or self.ends is None or now < self.ends + retention


@dataclass
class JobBook:
    """All jobs of one project, by id and by the request they came with."""

    by_id: dict[str, Job] = field(default_factory=dict)
    by_request: dict[str, list[Job]] = field(default_factory=dict)
    _oldest: deque[str] = field(default_factory=deque)

    def add(self, request_id: str, jobs: list[Job]) -> None:
        if not jobs:
            return
        self.by_request[request_id] = jobs
        self._oldest.append(request_id)
        self.by_id.update((job.job_id, job) for job in jobs)

    def find(self, job_id: str, now: float, retention: float | None) -> Job | None:
        job = self.by_id.get(job_id)
        return job if job is not None and job.kept(now, retention) else None

    def of_requests(
        self, request_ids: Iterable[str], now: float, retention: float | None
    ) -> Iterator[Job]:
        for request_id in request_ids:
            for job in self.by_request.get(request_id, ()):
                if job.kept(now, retention):
                    yield job

    def forget_old(self, now: float, retention: float | None) -> None:
        """Drop the oldest requests whose jobs are all past their retention."""
        while self._oldest and not any(
            job.kept(now, retention) for job in self.by_request[self._oldest[0]]
        ):
            for job in self.by_request.pop(self._oldest.popleft()):
                del self.by_id[job.job_id]
