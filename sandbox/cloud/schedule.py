"""What becomes of an accepted phone: when its job runs, how it ends, what it changes."""

from sandbox.cloud.call import Call
from sandbox.cloud.chance import chance, happens
from sandbox.cloud.jobs import Job
from sandbox.cloud.phone import Orders, Phone, Route, RouteChange

_NO_ORDERS = Orders()


def schedule(call: Call, phone: Phone, route: Route, late_code: str | None) -> Job:
    """Decide the whole life of the phone's job now, and note its effect on the phone."""
    orders = phone.orders or _NO_ORDERS
    begins, usual_end = _times(call, phone, route, orders)
    code = orders.job_failure_code or late_code or _chance_failure(call, phone)
    ends: float | None = usual_end
    if _by_chance(call, phone, "hang", orders.hangs, call.switches.job_hang_share):
        limit = call.switches.job_hang_seconds
        ends, code = (None, None) if limit is None else (begins + limit, "CPS.0054")
    _hold_server(call, phone, ends if ends is not None else usual_end)
    if ends is not None and code is None:
        _change_route(call, phone, route, ends)
    phone.busy_until = max(phone.busy_until, ends if ends is not None else float("inf"))
    return Job(
        job_id=call.cloud.new_id(),
        phone_id=phone.phone_id,
        server_id=phone.server_id,
        accepted=call.now,
        begins=begins,
        ends=ends,
        error_code=code,
        detail=call.switches.job_failure_detail if code is not None else None,
    )


def _times(call: Call, phone: Phone, route: Route, orders: Orders) -> tuple[float, float]:
    """Return when the job begins and, if it does not hang, ends."""
    server = call.project.fleet.server_of(phone)
    begins = call.now
    if call.switches.serial_per_server and server is not None:
        begins = max(begins, server.busy_until)
    if call.switches.already_there == "instant" and _is_there(phone, route, call.now):
        return begins, begins
    seconds = orders.job_seconds if orders.job_seconds is not None else _seconds(call, phone)
    return begins, begins + seconds


def _is_there(phone: Phone, route: Route, now: float) -> bool:
    """Tell whether the phone is on the route and no open job will take it off."""
    return phone.route(now) is route and not any(change.at > now for change in phone.changes)


def _seconds(call: Call, phone: Phone) -> float:
    least, most = call.switches.job_seconds, call.switches.job_seconds_max
    if most is None:
        return least
    part = chance(call.cloud.seed, "seconds", phone.phone_id, phone.attempts)
    return least + part * max(0.0, most - least)


def _by_chance(call: Call, phone: Phone, what: str, order: bool | None, share: float) -> bool:
    if order is not None:
        return order
    return happens(share, call.cloud.seed, what, phone.phone_id, phone.attempts)


def _chance_failure(call: Call, phone: Phone) -> str | None:
    switches = call.switches
    fails = _by_chance(call, phone, "failure", None, switches.job_failure_share)
    return switches.job_failure_code if fails else None


def _hold_server(call: Call, phone: Phone, until: float) -> None:
    server = call.project.fleet.server_of(phone)
    if call.switches.serial_per_server and server is not None:
        server.busy_until = max(server.busy_until, until)


def _change_route(call: Call, phone: Phone, route: Route, ends: float) -> None:
    orders = phone.orders or _NO_ORDERS
    if _by_chance(call, phone, "lie", orders.lies, call.switches.lie_share):
        return
    lag = orders.readback_lag_seconds
    lag = call.switches.readback_lag_seconds if lag is None else lag
    phone.will_change(RouteChange(ends, ends + lag, route))
