"""Faults at the doors: what happens to a call before it is carried out, and to its answer."""

import asyncio

from aiohttp import web

from sandbox.slack.calls import Call
from sandbox.slack.faults import Faults


async def before(faults: Faults, call: Call) -> web.Response | None:
    """The answer instead of the call's own, if a fault has one; a slow one is waited for."""
    channel = str(call.args.get("channel", ""))
    if late := faults.take(call.method, "latency", channel=channel):
        await asyncio.sleep(late.seconds_late)
    if faults.outage():
        return broken(call, 503)
    fault = faults.take(call.method, "status", "ratelimited", "error", channel=channel)
    if fault is None:
        return None
    if fault.kind == "status":
        return broken(call, fault.status)
    if fault.kind == "ratelimited":
        return slow_down(call, fault.retry_after)
    call.error = fault.error
    return web.json_response({"ok": False, "error": fault.error})


def after(
    faults: Faults, call: Call, request: web.Request, answer: web.StreamResponse
) -> web.StreamResponse:
    """The call was carried out; a fault may keep its answer from arriving."""
    channel = str(call.args.get("channel", ""))
    fault = faults.take(call.method, "lost_answer", "reset", channel=channel)
    if fault is None:
        return answer
    if fault.kind == "reset" and request.transport is not None:
        request.transport.abort()
    return broken(call, fault.status)


def broken(call: Call, status: int) -> web.Response:
    call.error = f"http_{status}"
    return web.Response(status=status, text="<html>Server Error</html>", content_type="text/html")


def slow_down(call: Call, seconds: int) -> web.Response:
    call.error = "ratelimited"
    answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(answer, status=429, headers={"Retry-After": str(seconds)})
