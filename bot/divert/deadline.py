"""How long the cloud is waited for: until a server's jobs are given up, and between two looks."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.divert.outcome import ServerWork

LAG_ROUNDS: Final = 12  # poll rounds in which a route may come behind its job, or a list of jobs
SLOWEST_POLL: Final = 6  # poll rounds between two questions about one call, at most
_FARTHER: Final = 1.5  # each look at routes that come late is so many times as old as the last

# No call ends a job, and a server runs its jobs one after another (the cloud's page on batch
# commands says that they block its other tasks), so how long one may take depends on how many
# phones it has. Allowed are 60 s a phone, twice the longest job in the cloud's own samples (6, 30
# and 32 s), and 10 min for what else the server has to do. That is 30 min for 20 phones, the
# deadline of the official Terraform provider for a call; another deadline scales both.
_PHONES_MEANT: Final = 20
_PHONES_OF_START: Final = 10
# A server that has ended nothing for half the deadline, 15 min, has stopped.
_STALL_SHARE: Final = 1 / 2
# After two of those 60 s without an end the jobs that are over are no longer kept waiting.
_QUIET_SHARE: Final = 2 / (_PHONES_MEANT + _PHONES_OF_START)


class Late(StrEnum):
    """Which limit a server's jobs have passed."""

    STALLED = "nothing has ended there for too long"
    TOO_LONG = "its jobs run for too long in all"


def longest(phones: int, job_deadline: timedelta) -> timedelta:
    """How long the jobs of so many phones of one server may run."""
    return job_deadline * ((phones + _PHONES_OF_START) / (_PHONES_MEANT + _PHONES_OF_START))


def out_of_time(work: ServerWork, now: datetime, job_deadline: timedelta) -> Late | None:
    """Which limit the jobs of a server have passed, if any."""
    if now - _moved(work) >= job_deadline * _STALL_SHARE:
        return Late.STALLED
    if now - work.accepted_at >= longest(work.phones, job_deadline):
        return Late.TOO_LONG
    return None


def is_quiet(work: ServerWork, now: datetime, job_deadline: timedelta) -> bool:
    """Whether nothing has ended on a server for so long that nothing will soon."""
    return now - _moved(work) >= job_deadline * _QUIET_SHARE


def _moved(work: ServerWork) -> datetime:
    """Jobs that were accepted after all others had ended have all their time before them."""
    return max(work.moved_at, work.accepted_at)


def next_poll(started: int, running: int, poll: timedelta) -> timedelta:
    """When to ask again for the jobs of a call.

    A question costs what the call once started, so it comes as much later as fewer still run:
    a round then costs about as many pages as the running jobs fill.
    """
    return poll * min(max(started / running if running else 1.0, 1.0), SLOWEST_POLL)


def next_look(age: timedelta, poll: timedelta) -> timedelta:
    """When to read routes again that did not show `age` after their jobs had ended.

    Farther and farther apart, and once more when the lag is over.
    """
    left = LAG_ROUNDS * poll - age
    return max(min(age * (_FARTHER - 1), left), poll)
