"""ImportTraffic: which phones are taken, which are refused, and what job each gets."""

import random
import re
from typing import Any

from sandbox.cloud.call import Call
from sandbox.cloud.chance import happens
from sandbox.cloud.failures import Refused, message_of
from sandbox.cloud.jobs import Job
from sandbox.cloud.phone import Container, Orders, Phone, PhoneStatus, Route
from sandbox.cloud.schedule import schedule

MOST_PHONES = 100
# Wide, since 31-digit and dashed ids occur beside the usual 32 hex digits.
_WELL_FORMED = re.compile(r"[0-9A-Za-z-]{16,64}")
_NO_ORDERS = Orders()


def import_traffic(call: Call) -> dict[str, Any]:
    """Answer the call: {request_id, jobs: [one entry per phone]}."""
    route, phone_ids = _read(call)
    call.route, call.phone_ids = route.value, phone_ids
    call.status = call.switches.success_status
    entries: list[dict[str, Any]] = []
    jobs: list[Job] = []
    taken = _distinct(call, _at_most_100(call, phone_ids))
    _refuse_whole(call, taken)
    for phone_id in taken:
        _take(call, phone_id, route, entries, jobs)
    book = call.project.jobs
    book.forget_old(call.now, call.switches.job_retention_seconds)
    book.add(call.request_id, jobs)
    if call.switches.shuffle:
        random.Random(call.request_id).shuffle(entries)  # noqa: S311 - repeatable by intent
    return {"request_id": call.request_id, "jobs": entries}


def _read(call: Call) -> tuple[Route, tuple[str, ...]]:
    body = call.json()
    if not isinstance(body, dict):
        raise Refused("CPS.0080")
    extra = body.keys() - {"traffic_type", "phone_ids"}
    if extra and call.switches.refuse_extra_fields:
        raise Refused("CPS.0080", message=f"Parameter: {min(extra)} is invalid.")
    phone_ids = body.get("phone_ids")
    if phone_ids is None:
        raise Refused("CPS.0081")
    if not isinstance(phone_ids, list) or not all(isinstance(i, str) for i in phone_ids):
        raise Refused("CPS.0080")
    if not phone_ids:
        raise Refused(call.switches.empty_list_code)
    return _route(call, body.get("traffic_type")), tuple(phone_ids)


def _route(call: Call, value: object) -> Route:
    if value not in ("direct", "routing"):
        raise Refused(
            call.switches.unknown_route_code, message="Parameter: traffic_type is invalid."
        )
    return Route(str(value))


def _at_most_100(call: Call, phone_ids: tuple[str, ...]) -> tuple[str, ...]:
    style = call.switches.over_100
    if len(phone_ids) > MOST_PHONES and style != "truncate":
        raise Refused(style)
    return phone_ids[:MOST_PHONES]


def _distinct(call: Call, phone_ids: tuple[str, ...]) -> tuple[str, ...]:
    distinct = tuple(dict.fromkeys(phone_ids))
    if len(distinct) == len(phone_ids) or call.switches.duplicates == "two_jobs":
        return phone_ids
    if call.switches.duplicates == "refuse":
        raise Refused("CPS.0080")
    return distinct


def _take(
    call: Call, phone_id: str, route: Route, entries: list[dict[str, Any]], jobs: list[Job]
) -> None:
    """Refuse one phone or give it a job, and say so in `entries` unless it is to be missing."""
    phone = call.project.fleet.phones.get(phone_id)
    code = _unknown_code(phone_id) if phone is None else _refusal(call, phone, route)
    if phone is None or code is not None:
        text = message_of(code or "", call.switches.wording)
        entries.append({"phone_id": phone_id, "error_code": code, "error_msg": text})
        return
    job = schedule(call, phone, route, late_refusal(call, phone, route))
    jobs.append(job)
    if not _is_missing(call, phone):
        entries.append({"phone_id": phone_id, "job_id": job.job_id})


def _refuse_whole(call: Call, phone_ids: tuple[str, ...]) -> None:
    """Refuse the call for one id, where the switches say so, before any phone is touched."""
    if call.switches.malformed_id == "call" and not all(map(_WELL_FORMED.fullmatch, phone_ids)):
        raise Refused("CPS.0004")
    whole = call.switches.unknown_id == "call" and len(phone_ids) == 1
    if whole and phone_ids[0] not in call.project.fleet.phones:
        raise Refused("CPS.0005")


def _unknown_code(phone_id: str) -> str:
    return "CPS.0005" if _WELL_FORMED.fullmatch(phone_id) else "CPS.0004"


def _refusal(call: Call, phone: Phone, route: Route) -> str | None:
    """Return the code a known phone is refused with at once, None when it is taken."""
    switches = call.switches
    phone.attempts += 1
    if phone.orders is not None and phone.orders.refuse_code is not None:
        return phone.orders.refuse_code
    seed, share = call.cloud.seed, switches.refuse_share
    if happens(share, seed, "refuse", phone.phone_id, phone.attempts):
        return switches.refuse_code
    if switches.overlap == "busy" and call.now < phone.busy_until:
        return "CPS.0042"
    if switches.not_running == "refuse" and (code := status_code(phone)):
        return code
    if switches.container_missing == "refuse":
        return container_code(call, phone, route)
    return None


def late_refusal(call: Call, phone: Phone, route: Route) -> str | None:
    """Return the code the phone's job fails with because of its or its container's state."""
    if call.switches.not_running == "fail_job" and (code := status_code(phone)):
        return code
    if call.switches.container_missing == "fail_job":
        return container_code(call, phone, route)
    return None


def status_code(phone: Phone) -> str | None:
    if phone.status == PhoneStatus.RUNNING:
        return None
    known = {int(PhoneStatus.FROZEN): "CPS.0053", int(PhoneStatus.STOPPED): "CPS.0141"}
    return known.get(phone.status, "CPS.0165")


def container_code(call: Call, phone: Phone, route: Route) -> str | None:
    """`routing` needs a running container on the phone's server; `direct` needs none."""
    server = call.project.fleet.server_of(phone)
    if route is Route.DIRECT or server is None or server.container is Container.RUNNING:
        return None
    if server.container is Container.FROZEN:
        return "CPS.0195"
    starting = (Container.CREATING, Container.RESTARTING)
    return "CPS.0124" if server.container in starting else "CPS.0123"


def _is_missing(call: Call, phone: Phone) -> bool:
    orders = phone.orders or _NO_ORDERS
    if orders.missing is not None:
        return orders.missing
    share = call.switches.missing_share
    return happens(share, call.cloud.seed, "missing", phone.phone_id, phone.attempts)
