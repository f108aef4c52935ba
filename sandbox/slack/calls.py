"""The record of what the bot called and what was delivered to it, tokens taken out."""

import time
from collections import deque
from dataclasses import asdict, dataclass, field

from sandbox.slack.shapes import Json

KEPT = 20_000


@dataclass
class Call:
    method: str
    args: Json = field(default_factory=dict)
    """Without the token, wherever it was given."""
    at: float = field(default_factory=time.time)
    status: int = 200
    ok: bool = False
    error: str | None = None
    took_ms: float = 0.0
    seq: int = 0
    finished: bool = False


@dataclass
class DeliveryRecord:
    kind: str
    transport: str
    attempt: int
    id: str
    at: float = field(default_factory=time.time)
    ack_ms: float | None = None
    error: str | None = None
    seq: int = 0


class CallLog:
    """The newest `KEPT` calls and deliveries, numbered in the order they began."""

    def __init__(self) -> None:
        self.calls: deque[Call] = deque(maxlen=KEPT)
        self.deliveries: deque[DeliveryRecord] = deque(maxlen=KEPT)
        self._seq = 0

    def call(self, method: str) -> Call:
        call = Call(method, seq=self._next())
        self.calls.append(call)
        return call

    def delivery(self, record: DeliveryRecord) -> DeliveryRecord:
        record.seq = self._next()
        self.deliveries.append(record)
        return record

    def since(self, seq: int, method: str | None) -> Json:
        """Calls (of one method, if named) and deliveries numbered above `seq`."""
        calls = [c for c in self.calls if c.seq > seq and method in (None, c.method)]
        deliveries = [d for d in self.deliveries if d.seq > seq]
        return {
            "seq": self._seq,
            "calls": [asdict(c) for c in calls],
            "deliveries": [asdict(d) for d in deliveries],
        }

    def _next(self) -> int:
        self._seq += 1
        return self._seq
