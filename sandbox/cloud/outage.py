"""Answers that are no answers: pages of the load balancer, resets, half a body."""

import socket
import struct

from aiohttp import web

from sandbox.cloud.failures import Refused
from sandbox.cloud.switches import Switches

_HTML = {
    "html_502": (502, "Bad Gateway"),
    "html_503": (503, "Service Unavailable"),
    "html_504": (504, "Gateway Time-out"),
}
_NO_LINGER = struct.pack("ii", 1, 0)  # close with RST instead of FIN


def page(outage: str) -> web.Response:
    """Return the load balancer's page, which is no JSON."""
    status, title = _HTML[outage]
    text = f"<html><head><title>{status} {title}</title></head><body>{title}</body></html>"
    return web.Response(status=status, text=text, content_type="text/html")


def gateway_failure(switches: Switches) -> Refused:
    code = f"{switches.gateway_prefix}.0201"
    if switches.outage == "gateway_502":
        return Refused(code, 502, "Backend unavailable")
    return Refused(code, 504, "Backend timeout")


def reset(request: web.Request) -> None:
    """Cut the connection with a reset; what is sent afterwards reaches nobody."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


async def send_half(request: web.Request, body: bytes) -> web.StreamResponse:
    """Promise the whole body, send half of it, and cut the connection."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    reset(request)
    return response
