"""The cloud's one port: every call's way from the wire to its answer."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.cloud import outage
from sandbox.cloud.call import Call
from sandbox.cloud.chance import chance
from sandbox.cloud.cloud import Cloud
from sandbox.cloud.failures import Refused, message_of, usual_status
from sandbox.cloud.gate import identify, permit
from sandbox.cloud.identity import create_temporary_key, create_token, list_projects
from sandbox.cloud.job_rows import list_jobs, show_job
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone_rows import list_phones, show_phone
from sandbox.cloud.record import Record, RecordedCall
from sandbox.cloud.server_rows import list_encode_servers, list_servers
from sandbox.cloud.signing import Wire
from sandbox.cloud.tags import list_project_tags, list_resource_instances
from sandbox.cloud.traffic import import_traffic

Answerer = Callable[[Call], dict[str, Any]]
MOST_BODY_BYTES = 12 * 1024 * 1024  # the gateway's limit

_PHONES = "/v1/{project_id}/cloud-phone"
CALLS: tuple[tuple[str, str, Kind, Answerer], ...] = (
    ("POST", f"{_PHONES}/phones-traffic", Kind.IMPORT_TRAFFIC, import_traffic),
    ("GET", f"{_PHONES}/jobs/{{job_id}}", Kind.SHOW_JOB, show_job),
    ("GET", f"{_PHONES}/jobs", Kind.LIST_JOBS, list_jobs),
    ("GET", f"{_PHONES}/phones", Kind.LIST_PHONES, list_phones),
    ("GET", f"{_PHONES}/phones/{{phone_id}}", Kind.SHOW_PHONE, show_phone),
    ("GET", f"{_PHONES}/servers", Kind.LIST_SERVERS, list_servers),
    ("GET", f"{_PHONES}/encode-servers", Kind.LIST_ENCODE_SERVERS, list_encode_servers),
    (
        "POST",
        "/v1/{project_id}/{resource_type}/resource_instances/action",
        Kind.LIST_RESOURCE_INSTANCES,
        list_resource_instances,
    ),
    (
        "GET",
        "/v1/{project_id}/{resource_type}/tags",
        Kind.LIST_PROJECT_TAGS,
        list_project_tags,
    ),
    ("POST", "/v3/auth/tokens", Kind.CREATE_TOKEN, create_token),
    (
        "POST",
        "/v3.0/OS-CREDENTIAL/securitytokens",
        Kind.CREATE_TEMPORARY_KEY,
        create_temporary_key,
    ),
    ("GET", "/v3/projects", Kind.LIST_PROJECTS, list_projects),
)


def cloud_app(cloud: Cloud) -> web.Application:
    """Return the application that speaks the phones' and the identity service's API."""
    app = web.Application(client_max_size=MOST_BODY_BYTES)
    for method, path, kind, answerer in CALLS:
        app.router.add_route(method, path, _handler(cloud, kind, answerer))
    app.router.add_route("*", "/{anything:.*}", _handler(cloud, Kind.UNKNOWN, _not_published))
    return app


def _not_published(call: Call) -> dict[str, Any]:
    raise Refused(
        f"{call.switches.gateway_prefix}.0101",
        404,
        "The API does not exist or has not been published in the environment",
    )


def _handler(
    cloud: Cloud, kind: Kind, answerer: Answerer
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        record = cloud.record  # a reset meanwhile puts a new one in its place
        call = _taken_up(cloud, kind, request)
        status = 0
        try:
            response = await _answer(call, answerer, request)
            status = 0 if call.cut else response.status
        finally:
            _put_down(record, call, status)
        return response

    return handle


def _taken_up(cloud: Cloud, kind: Kind, request: web.Request) -> Call:
    now = cloud.now()
    number = cloud.record.arrives(kind, now)
    headers = {name.lower(): ",".join(request.headers.getall(name)) for name in request.headers}
    return Call(
        cloud=cloud,
        kind=kind,
        wire=Wire(request.method, request.raw_path, headers, b""),
        path=request.match_info,
        query=request.query,
        switches=cloud.switches_for(kind, number),
        number=number,
        arrived=now,
        now=now,
        request_id=cloud.new_id(),
    )


def _put_down(record: Record, call: Call, status: int) -> None:
    record.leaves(
        RecordedCall(
            number=call.number,
            at=call.arrived,
            took=call.cloud.now() - call.arrived,
            kind=call.kind,
            method=call.wire.method,
            path=call.wire.target,
            project_id=call.path.get("project_id"),
            status=status,
            error_code=call.error_code,
            user=call.user.name if call.user is not None else None,
            access=call.access,
            request_id=call.request_id,
            phone_ids=call.phone_ids,
            route=call.route,
        )
    )


async def _answer(call: Call, answerer: Answerer, request: web.Request) -> web.StreamResponse:
    """Read all of it first: a call that has arrived is carried out though its caller dies."""
    switches = call.switches
    try:
        call.wire = await _with_body(call, request)
        await _wait(call)
        if switches.outage != "none" and not switches.outage_after_accepting:
            return await _lost(call, request, b'{"request_id":""}')
        call.now = call.cloud.now()
        body = _work(call, answerer)
    except Refused as refusal:
        return _refusal(call, refusal)
    if switches.answer_delay_seconds:
        await asyncio.sleep(switches.answer_delay_seconds)
    if switches.outage != "none":
        return await _lost(call, request, body)
    return _json(call, call.status, body)


async def _wait(call: Call) -> None:
    least, most = call.switches.latency_ms, call.switches.latency_ms_max
    part = chance(call.cloud.seed, "latency", call.number) if most is not None else 0.0
    seconds = (least + part * max(0.0, (most or least) - least)) / 1000
    if seconds:
        await asyncio.sleep(seconds)


async def _with_body(call: Call, request: web.Request) -> Wire:
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        code = f"{call.switches.gateway_prefix}.0201"
        raise Refused(code, 413, "Request entity too large") from None
    except ConnectionResetError:
        raise Refused(f"{call.switches.gateway_prefix}.0106", 400, "The call was cut off") from None
    return Wire(call.wire.method, call.wire.target, call.wire.headers, body)


def _work(call: Call, answerer: Answerer) -> bytes:
    """Let the call through the gate and do what it asks; return the answer's body."""
    if not call.kind.is_identity and call.kind is not Kind.UNKNOWN:
        identify(call)
        call.cloud.throttle.take(
            call.user.name if call.user else "", call.kind, call.switches, call.now
        )
        permit(call)
    if call.switches.refuse_call_code is not None:
        raise Refused(call.switches.refuse_call_code, call.switches.refuse_call_status)
    return json.dumps(answerer(call)).encode()


async def _lost(call: Call, request: web.Request, body: bytes) -> web.StreamResponse:
    """Answer as something between the caller and the cloud does in place of the answer."""
    kind = call.switches.outage
    if kind.startswith("html"):
        return outage.page(kind)
    if kind.startswith("gateway"):
        return _refusal(call, outage.gateway_failure(call.switches))
    call.cut = True
    if kind == "truncated":
        return await outage.send_half(request, body)
    outage.reset(request)
    return web.Response()


def _refusal(call: Call, refusal: Refused) -> web.Response:
    status = refusal.status or usual_status(refusal.code, call.switches.status_table)
    if refusal.message is None:
        refusal.message = message_of(refusal.code, call.switches.wording)
    body = refusal.body(call.request_id)
    if status == 429 and call.switches.throttle_text == "error_message":
        body["error_message"] = body.pop("error_msg")
    call.headers.update(refusal.headers)
    call.error_code = refusal.code
    return _json(call, status, json.dumps(body).encode())


def _json(call: Call, status: int, body: bytes) -> web.Response:
    headers = {"X-Request-Id": call.request_id, **call.headers}
    return web.Response(status=status, body=body, content_type="application/json", headers=headers)


async def serve(cloud: Cloud, host: str = "127.0.0.1", port: int = 0) -> tuple[web.AppRunner, str]:
    """Serve the cloud alone. Returns the runner, to be cleaned up, and the URL."""
    runner = web.AppRunner(cloud_app(cloud), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    bound = runner.addresses[0][1]
    return runner, f"http://{host}:{bound}"
