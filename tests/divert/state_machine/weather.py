"""What the cloud and its phones can do to us, by name."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Orders, PhoneStatus, Route
from sandbox.cloud.switches import Override
from tests.divert.state_machine.gateway import Sky
from tests.divert.state_machine.stage import Stage

SWITCHES: Final[Mapping[str, Mapping[str, Any]]] = {
    "busy": {"refuse_call_code": "CPS.0042"},
    "in arrears": {"refuse_call_code": "CPS.0006"},
    "throttled": {"throttle": True, "retry_after_seconds": 7},
    "a bad key": {"unauthorized": "signature"},
    "broken": {"outage": "html_502"},
    "answers lost": {"outage": "gateway_timeout", "outage_after_accepting": True},
    "some phones busy": {"refuse_share": 0.4, "refuse_code": "CPS.0042"},
    "some phones refused": {"refuse_share": 0.4},
    "some jobs fail": {"job_failure_share": 0.4, "job_failure_code": "CPS.0141"},
    "some jobs fail for now": {"job_failure_share": 0.5, "job_failure_code": "CPS.0003"},
    "some jobs time out": {"job_hang_share": 0.4, "job_hang_seconds": 60.0},
    "some jobs hang": {"job_hang_share": 0.3},
    "some phones missing": {"missing_share": 0.4},
    "lies": {"lie_share": 0.4},
    "lag": {"readback_lag_seconds": 20.0},
    "slow jobs": {"job_seconds": 25.0, "job_seconds_max": 90.0},
    "one job after the other": {"serial_per_server": True, "job_seconds": 2.0},
    "jobs listed late": {"list_jobs_late_seconds": 20.0},
}
WEATHER: Final = ("unconnected", "slow", *SWITCHES)
# Where the phones themselves cannot be read, no plan is made at all; so that is rare.
KINDS: Final[Sequence[list[Kind]]] = (
    [Kind.IMPORT_TRAFFIC],
    [Kind.IMPORT_TRAFFIC],
    [Kind.LIST_JOBS],
    [],
)


def strike(sky: Sky, name: str, calls: int | None, kinds: list[Kind]) -> None:
    """For so many calls of these kinds, or for all until the cloud is well."""
    match name:
        case "unconnected":
            sky.unconnected = True
        case "slow":
            sky.slow = True
        case _:
            override = Override(switches=dict(SWITCHES[name]), kinds=kinds, calls=calls)
            sky.cloud.switches.overrides.append(override)


def _ordered(stage: Stage, number: int, **orders: Any) -> None:  # noqa: ANN401 - the cloud's own
    stage.phones[number].orders = Orders(**orders)


def _stopped(stage: Stage, number: int) -> None:
    stage.sky.cloud.main.fleet.set_status(stage.phones[number], PhoneStatus.STOPPED)


def _moved(stage: Stage, number: int, route: Route) -> None:
    stage.move_phone(number, route)


ORDERS: Final[Mapping[str, Callable[[Stage, int], None]]] = {
    "is refused": partial(_ordered, refuse_code="CPS.0004"),
    "is refused for now": partial(_ordered, refuse_code="CPS.0042"),
    "fails": partial(_ordered, job_failure_code="CPS.0141"),
    "hangs": partial(_ordered, hangs=True),
    "lies": partial(_ordered, lies=True),
    "is missing": partial(_ordered, missing=True),
    "is slow": partial(_ordered, job_seconds=120.0),
    "is stopped": _stopped,
    "is moved to routing": partial(_moved, route=Route.ROUTING),
    "is moved to direct": partial(_moved, route=Route.DIRECT),
}
