"""One cloud phone and one server, as they really are (what the API says of them is elsewhere)."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Route(StrEnum):
    DIRECT = "direct"
    ROUTING = "routing"


class PhoneStatus(IntEnum):
    """The documented numbers. A phone may hold others: clients must bear new ones."""

    CREATING = 1
    RUNNING = 2
    RESETTING = 3
    RESTARTING = 4
    FROZEN = 6
    STOPPING = 7
    STOPPED = 8
    RESET_FAILED = -5
    RESTART_FAILED = -6
    ABNORMAL = -7
    CREATION_FAILED = -8
    STOP_FAILED = -9


class Container(StrEnum):
    """The state of a server's encoding container."""

    NONE = "none"
    CREATING = "creating"
    RUNNING = "running"
    ABNORMAL = "abnormal"
    RESTARTING = "restarting"
    FROZEN = "frozen"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class RouteChange:
    """A job's effect. `at`: when it becomes so; `shown_at`: when lists say so. Epoch seconds."""

    at: float
    shown_at: float
    route: Route


@dataclass(slots=True)
class Orders:
    """What a test wants of one phone, over and above the switches. None: as the switches say."""

    refuse_code: str | None = None
    job_failure_code: str | None = None
    job_seconds: float | None = None
    readback_lag_seconds: float | None = None
    missing: bool | None = None
    hangs: bool | None = None
    lies: bool | None = None


@dataclass(slots=True)
class Phone:
    phone_id: str
    name: str
    server_id: str
    imei: str
    created: float
    status: int = PhoneStatus.RUNNING
    settled: Route = Route.DIRECT
    changes: tuple[RouteChange, ...] = ()
    attempts: int = 0
    busy_until: float = 0.0
    orders: Orders | None = None

    def route(self, now: float) -> Route:
        """Return the route the phone really has."""
        reached = [c for c in self.changes if c.at <= now]
        return max(reached, key=lambda c: c.at).route if reached else self.settled

    def shown_route(self, now: float) -> Route:
        """Return the route the API shows."""
        if not self.changes:
            return self.settled
        shown = [c for c in self.changes if c.shown_at <= now]
        if not shown:
            return self.settled
        latest = max(shown, key=lambda c: c.at)
        self._settle(latest)
        return latest.route

    def _settle(self, latest: RouteChange) -> None:
        """Forget what is over, so that a phone never holds more than its open changes."""
        self.settled = latest.route
        self.changes = tuple(c for c in self.changes if c.at > latest.at)

    def will_change(self, change: RouteChange) -> None:
        self.changes = (*self.changes, change)

    def put_on(self, route: Route) -> None:
        """Set the route at once, whatever jobs are under way."""
        self.settled = route
        self.changes = ()


@dataclass(slots=True)
class Server:
    server_id: str
    name: str
    created: float
    number: int
    status: int = 5  # normal
    container: Container = Container.RUNNING
    tags: dict[str, str] = field(default_factory=dict)
    busy_until: float = 0.0
