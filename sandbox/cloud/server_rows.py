"""ListCloudPhoneServers and ListEncodeServers."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.cloud.call import Call
from sandbox.cloud.chance import hex_id
from sandbox.cloud.endless import counted, filled_up
from sandbox.cloud.failures import Refused
from sandbox.cloud.fleet import FIRST_CREATED
from sandbox.cloud.job_rows import moment
from sandbox.cloud.phone import Container, Server
from sandbox.cloud.phone_rows import PHONE_MODEL, ZONE, of_tomorrow

SERVER_MODEL = "physical.rx1.xlarge"
NETWORK_VERSION = "v1"
# The number in the answer's field; the page gives 4 and 5 two meanings. A switch has the other.
CONTAINER_STATUS = {
    Container.CREATING: 0,
    Container.RUNNING: 1,
    Container.ABNORMAL: 2,
    Container.RESTARTING: 3,
    Container.FROZEN: 4,
    Container.STOPPED: 5,
}
MOST_ROWS = 100


def list_servers(call: Call) -> dict[str, Any]:
    page = call.page(default=MOST_ROWS, most=MOST_ROWS)
    fits = _server_filter(call)
    found = [server for server in call.project.fleet.servers.values() if fits(server)]
    found.reverse()
    rows = [_server_row(call, server) for server in found[page]]
    rows = filled_up(call, page, rows, partial(_made_up, call))
    return {"request_id": call.request_id, **counted(call, page, len(found)), "servers": rows}


def _made_up(call: Call, place: int) -> dict[str, Any]:
    """A server that only the list knows."""
    server_id = hex_id(call.cloud.seed, "endless server", place)
    return _server_row(call, Server(server_id, f"endless-{place}", FIRST_CREATED, place))


def _server_filter(call: Call) -> Callable[[Server], bool]:
    query = call.query
    status = call.number_in_query("status", None, "CPS.0010")
    since = call.number_in_query("create_since", None, "CPS.0002")
    until = call.number_in_query("create_until", None, "CPS.0002")
    wanted_model = query.get("phone_model_name", PHONE_MODEL) == PHONE_MODEL
    wanted_network = _network(query.get("network_version", NETWORK_VERSION)) == NETWORK_VERSION
    return lambda server: (
        wanted_model
        and wanted_network
        and query.get("server_name", "") in server.name
        and query.get("server_id", server.server_id) == server.server_id
        and status in (None, server.status)
        and (since is None or server.created * 1000 >= since)
        and (until is None or server.created * 1000 <= until)
    )


def _network(version: str) -> str:
    if version not in ("v1", "v2"):
        raise Refused("CPS.0240")
    return version


def _server_row(call: Call, server: Server) -> dict[str, Any]:
    project_id = call.path["project_id"]
    return {
        "server_name": server.name,
        "server_id": server.server_id,
        "server_model_name": SERVER_MODEL,
        "phone_model_name": PHONE_MODEL,
        "keypair_name": "sandbox-key",
        "status": server.status,
        "vpc_id": hex_id(0, project_id, "vpc"),
        "cidr": "192.168.0.0/16",
        "vpc_cidr": "192.168.0.0/16",
        "subnet_id": hex_id(0, project_id, "subnet"),
        "subnet_cidr": f"192.168.{server.number % 256}.0/24",
        "addresses": [_address(server)],
        "resource_project_id": project_id,
        "metadata": {"order_id": "CS1710111105S8IPB", "product_id": "00301-25217-0--0"},
        "network_version": NETWORK_VERSION,
        "enterprise_project_id": "0",
        "availability_zone": ZONE,
        "create_time": moment(server.created),
        "update_time": moment(server.created),
    } | of_tomorrow(call)


def _address(server: Server) -> dict[str, Any]:
    return {
        "server_ip": f"192.168.{server.number % 256}.10",
        "public_ip": f"198.51.100.{server.number % 256}",
    }


def list_encode_servers(call: Call) -> dict[str, Any]:
    """Answer a page of containers; there is no total."""
    page = call.page(default=MOST_ROWS, most=MOST_ROWS)
    status = call.number_in_query("status", None, "CPS.0010")
    wanted_type = call.number_in_query("type", 1, "CPS.0116")
    if wanted_type not in (0, 1):
        raise Refused("CPS.0116")
    found = [
        server
        for server in call.project.fleet.servers.values()
        if wanted_type == 1
        and server.container is not Container.NONE
        and call.query.get("server_id", server.server_id) == server.server_id
        and (status is None or status in _filter_numbers(server.container))
    ]
    return {
        "request_id": call.request_id,
        "encode_servers": [_container_row(call, server) for server in found[page]],
    }


def _filter_numbers(container: Container) -> tuple[int, ...]:
    """Return the numbers by which a filter finds a container in this state."""
    return (0, 100, 1014) if container is Container.CREATING else (CONTAINER_STATUS[container],)


def _container_status(call: Call, container: Container) -> int:
    creating = container is Container.CREATING
    return call.switches.container_creating_as if creating else CONTAINER_STATUS[container]


def _container_row(call: Call, server: Server) -> dict[str, Any]:
    return {
        "encode_server_name": f"{server.name}-encode",
        "encode_server_id": hex_id(0, server.server_id, "container"),
        "encode_server_ip": f"10.237.{server.number % 256}.1",
        "encode_server_ipv6": None,
        "server_id": server.server_id,
        "keypair_name": "sandbox-key",
        "type": 1,
        "status": _container_status(call, server.container),
        "access_infos": [
            {"type": "cph_app_server", "listen_port": 8000, "access_port": 8000} | _address(server)
        ],
    } | of_tomorrow(call)
