"""Calls spent since a mark: how many of each kind, when they came, and how close together."""

from collections import Counter, deque
from collections.abc import Iterable

from sandbox.cloud.control_shapes import KindTally, Tally
from sandbox.cloud.kinds import Kind
from sandbox.cloud.record import Record, RecordedCall


def tally(record: Record, after: int, seconds: float) -> Tally:
    """Add up the calls numbered above `after` that have ended; see `Tally`."""
    by_kind: dict[Kind, list[RecordedCall]] = {}
    for call in record.found(None, 0.0, after):
        by_kind.setdefault(call.kind, []).append(call)
    return Tally(
        mark=record.arrived,
        in_flight=record.in_flight,
        seconds=seconds,
        kinds={kind: _of_kind(calls, seconds) for kind, calls in by_kind.items()},
    )


def _of_kind(calls: list[RecordedCall], seconds: float) -> KindTally:
    times = sorted(call.at for call in calls)
    return KindTally(
        calls=len(calls),
        by_status=dict(Counter(call.status for call in calls)),
        phones=sum(len(call.phone_ids) for call in calls),
        fullest=fullest(times, seconds),
        times=times,
    )


def fullest(times: Iterable[float], seconds: float) -> int:
    """Return the most of these times, in order, within any stretch of so many seconds.

    Two that are exactly so far apart are not in one stretch: as the gateway's limit counts.
    """
    most, recent = 0, deque[float]()
    for at in times:
        recent.append(at)
        while recent[0] <= at - seconds:
            recent.popleft()
        most = max(most, len(recent))
    return most
