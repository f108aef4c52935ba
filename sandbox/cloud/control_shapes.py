"""What goes over the control port, for both its ends."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sandbox.cloud.fleet import Recipe
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Container, Route

# The cloud's own bound for the names of phones; a name is one line.
Name = Annotated[str, Field(min_length=1, max_length=65, pattern=r"^[^\r\n]*$")]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FleetWish(Asked):
    phones: Annotated[int, Field(ge=0, le=1_000_000)] = 1500
    servers: Annotated[int, Field(ge=1, le=10_000)] = 25
    seed: int = 1
    routing_share: Annotated[float, Field(ge=0, le=1)] = 0.1
    odd_ids: bool = False
    lively: bool = False
    project_id: str | None = None  # the main project's, as everywhere below

    def recipe(self, project_id: str) -> Recipe:
        return Recipe(**self.model_dump() | {"project_id": project_id})


class PhoneEdit(Asked):
    """Fields left out stay as they are; the orders (from `refuse_code` on) are undone by null."""

    ids: list[str]
    project_id: str | None = None
    name: Name | None = None
    status: int | None = None
    route: Route | None = None
    refuse_code: str | None = None
    job_failure_code: str | None = None
    job_seconds: Annotated[float, Field(ge=0)] | None = None
    readback_lag_seconds: Annotated[float, Field(ge=0)] | None = None
    missing: bool | None = None
    hangs: bool | None = None
    lies: bool | None = None


class PhoneRemoval(Asked):
    ids: list[str]
    project_id: str | None = None


class ServerEdit(Asked):
    """Servers are named by name or id, and may come to share a name, as in the cloud.

    `tags` replaces all, `phone_status` is for all its phones, `recreate` gives them new ids.
    """

    servers: list[str]
    project_id: str | None = None
    name: Name | None = None
    status: int | None = None
    container: Container | None = None
    phone_status: int | None = None
    tags: dict[str, str] | None = None
    recreate: bool = False


class PhoneState(BaseModel):
    """A phone as it really is; `shown_route` is what the API says at this moment."""

    id: str
    name: str
    server: str
    server_id: str
    route: Route
    shown_route: Route
    status: int


class PhonePage(BaseModel):
    """`count` is of the whole fleet, or with `ids` of those found."""

    count: int
    phones: list[PhoneState]


class ServerState(BaseModel):
    id: str
    name: str
    status: int
    container: Container
    tags: dict[str, str]
    phones: int


class SeenCall(BaseModel):
    """See RecordedCall; `status` 0 means no whole answer was sent."""

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
    phone_ids: list[str]
    route: Route | None


class KindTally(BaseModel):
    """Calls of one kind. `times` are their arrivals, epoch seconds, in order.

    `fullest` is the most that arrived within any stretch of the seconds asked for.
    """

    calls: int
    by_status: dict[int, int]
    phones: int
    fullest: int
    times: list[float]


class Tally(BaseModel):
    """What ended after a mark. `mark` is where the record stands now, for the next tally."""

    mark: int
    in_flight: int
    seconds: float
    kinds: dict[Kind, KindTally]

    def calls(self, kind: Kind) -> int:
        return self.kinds[kind].calls if kind in self.kinds else 0

    def fullest(self, kind: Kind) -> int:
        return self.kinds[kind].fullest if kind in self.kinds else 0


class Summary(BaseModel):
    """Counts since the last reset; peaks are the most calls within any one second."""

    calls: int
    calls_by_kind: dict[str, dict[str, int]]
    error_codes: dict[str, int]
    max_phones_a_call: int
    max_in_flight: int
    peak_calls_per_second: int
    peak_by_kind: dict[str, int]
    phones: int
    phones_by_route: dict[Route, int]
    phones_by_status: dict[int, int]
