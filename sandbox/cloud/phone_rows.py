"""ListCloudPhones and ShowCloudPhoneDetail."""

import json
from functools import partial
from typing import Any

from sandbox.cloud.call import Call
from sandbox.cloud.chance import hex_id
from sandbox.cloud.endless import counted, filled_up
from sandbox.cloud.failures import Refused
from sandbox.cloud.fleet import FIRST_CREATED, Fleet
from sandbox.cloud.job_rows import moment
from sandbox.cloud.phone import Phone

ZONE = "cn-southwest-242b"
PHONE_MODEL = "rx1.cp.c60.d46e1v1"
IMAGE_ID = "7d1f6a40b2c94e35a8d0c1e2f3a4b5c6"
IMAGE_VERSION = "AOSP 11.0"
_METADATA = {"order_id": "CS1710111105S8IPB", "product_id": "00301-25217-0--0"}


def list_phones(call: Call) -> dict[str, Any]:
    """Answer a page, newest first, with the total of what the filters leave."""
    fleet = call.project.fleet
    page = call.page(call.switches.phones_default_limit, call.switches.phones_max_limit)
    found = _found(call, fleet)
    rows = [_row(call, phone) for phone in found[page]]
    count = counted(call, page, len(found))
    _shift(fleet, call.switches.list_shift)
    rows = filled_up(call, page, rows, partial(_made_up, call))
    return {"request_id": call.request_id, **count, "phones": rows}


def _made_up(call: Call, place: int) -> dict[str, Any]:
    """A phone that only the list knows, on the server asked for or on the first."""
    fleet = call.project.fleet
    phone_id = hex_id(call.cloud.seed, "endless phone", place)
    server_id = call.query.get("server_id") or next(iter(fleet.servers), "")
    return _row(call, Phone(phone_id, f"endless-{place}", server_id, "0" * 15, FIRST_CREATED))


def _found(call: Call, fleet: Fleet) -> list[Phone]:
    """Return the phones the filters leave; the whole list itself when there are none."""
    server_id = call.query.get("server_id")
    status = call.number_in_query("status", None, "CPS.0010")
    name = call.query.get("phone_name")
    if call.number_in_query("type", 0, "CPS.0116") != 0:
        return []
    return fleet.found(server_id, status, name)


def _shift(fleet: Fleet, count: int) -> None:
    if count > 0:
        fleet.add_newest(count)
    elif count < 0:
        fleet.remove_newest(-count)


def show_phone(call: Call) -> dict[str, Any]:
    phone = call.project.fleet.phones.get(call.path["phone_id"])
    if phone is None:
        raise Refused("CPS.0005")
    return {
        "request_id": call.request_id,
        **_row(call, phone),
        "access_infos": [_access(call.project.fleet, phone)],
        "property": json.dumps({"com.cph.mainkeys": 0, "ro.product.model": "sandbox"}),
        "custom_property": {},
        "phone_data_volume": None,
    }


def _access(fleet: Fleet, phone: Phone) -> dict[str, Any]:
    server = fleet.server_of(phone)
    number = server.number if server is not None else 0
    port = 10_000 + int(phone.imei[-4:])
    return {
        "type": "adb",
        "phone_ip": f"10.237.{number % 256}.{int(phone.imei[-6:]) % 250 + 2}",
        "listen_port": 5555,
        "public_ip": f"198.51.100.{number % 256}",
        "server_ip": f"192.168.{number % 256}.10",
        "access_port": port,
    }


def _row(call: Call, phone: Phone) -> dict[str, Any]:
    row: dict[str, Any] = {
        "phone_name": phone.name,
        "server_id": phone.server_id,
        "phone_id": phone.phone_id,
        "phone_model_name": PHONE_MODEL,
        "image_id": IMAGE_ID,
        "image_version": IMAGE_VERSION,
        "vnc_enable": "true",
        "status": phone.status,
        "type": 0,
        "imei": phone.imei,
        "traffic_type": phone.shown_route(call.now),
        "volume_mode": 0,
        "availability_zone": ZONE,
        "metadata": _METADATA,
        "has_encrypt": False,
        "create_time": moment(phone.created),
        "update_time": moment(phone.created),
    }
    return row | of_tomorrow(call)


def of_tomorrow(call: Call) -> dict[str, Any]:
    """Return what no page describes, where a switch asks for it."""
    if not call.switches.unknown_fields:
        return {}
    return {"a_field_of_tomorrow": {"nested": [1, None, "x"]}}
