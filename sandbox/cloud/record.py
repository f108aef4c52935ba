"""The record of all calls, and what it adds up to."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.cloud.kinds import Kind

# Enough for fleets of 100,000 phones followed for an hour; older calls stay in the counts.
KEPT_CALLS = 200_000


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call. `at` is when it arrived, epoch seconds; `took` seconds.

    `status` 0: no whole answer was sent. `phone_ids` and `route` are an ImportTraffic's.
    """

    number: int
    at: float
    took: float
    kind: Kind
    method: str
    path: str
    project_id: str | None
    status: int
    error_code: str | None
    user: str | None
    access: str | None
    request_id: str
    phone_ids: tuple[str, ...] = ()
    route: str | None = None


@dataclass
class Peak:
    """The most calls seen within any one second."""

    most: int = 0
    _last_second: deque[float] = field(default_factory=deque)

    def count(self, at: float) -> None:
        self._last_second.append(at)
        while self._last_second[0] <= at - 1.0:
            self._last_second.popleft()
        self.most = max(self.most, len(self._last_second))


@dataclass
class Record:
    calls: deque[RecordedCall] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    counts: Counter[tuple[Kind, int]] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    most_phones: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    arrived: int = 0
    peaks: dict[Kind, Peak] = field(default_factory=dict)
    peak: Peak = field(default_factory=Peak)

    def arrives(self, kind: Kind, at: float) -> int:
        """Count a call in; return its number, from 1."""
        self.arrived += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.peak.count(at)
        self.peaks.setdefault(kind, Peak()).count(at)
        return self.arrived

    def leaves(self, call: RecordedCall) -> None:
        self.in_flight -= 1
        self.calls.append(call)
        self.counts[call.kind, call.status] += 1
        if call.error_code is not None:
            self.codes[call.error_code] += 1
        self.most_phones = max(self.most_phones, len(call.phone_ids))

    def found(self, kind: Kind | None, since: float, after: int) -> Iterator[RecordedCall]:
        """Yield calls of a kind (None: all), at or after a time, numbered above `after`."""
        for call in self.calls:
            if call.at >= since and call.number > after and kind in (None, call.kind):
                yield call

    def by_kind_and_status(self) -> dict[str, dict[str, int]]:
        table: dict[str, dict[str, int]] = {}
        for (kind, status), count in sorted(self.counts.items()):
            table.setdefault(kind.value, {})[str(status)] = count
        return table
