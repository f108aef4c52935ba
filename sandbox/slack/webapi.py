"""The front door of the Web API: faults, token, scope, rate limit, then the method."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from sandbox.slack.arguments import read_arguments, token_of
from sandbox.slack.calls import Call
from sandbox.slack.refusal import RateLimited, Refused
from sandbox.slack.shapes import Json
from sandbox.slack.workspace import Workspace

Handler = Callable[[Workspace, Json], Json]


@dataclass(frozen=True)
class Method:
    run: Handler
    scopes: tuple[str, ...] = ()
    """Any one of these is enough; none means none is needed."""
    app_token: bool = False


class WebApi:
    def __init__(self, workspace: Workspace, methods: dict[str, Method]) -> None:
        self._workspace, self._methods = workspace, methods

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        call = self._workspace.calls.call(name, {})
        started = time.monotonic()
        try:
            answer = await self._answer(request, call)
        finally:
            call.took_ms = round((time.monotonic() - started) * 1000, 1)
        call.status = answer.status
        self._workspace.changes.mark()
        return answer

    async def _answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        faults = self._workspace.faults
        if late := faults.take(call.method, "latency"):
            await asyncio.sleep(late.seconds_late)
        if faults.outage():
            return broken(call, 503)
        fault = faults.take(call.method, "status", "ratelimited", "error")
        if fault is not None and fault.kind == "status":
            return broken(call, fault.status)
        if fault is not None and fault.kind == "ratelimited":
            return slow_down(call, fault.retry_after)
        answer = await self._carry_out(request, call, fault.error if fault else None)
        return await self._lose(request, call, answer)

    async def _carry_out(
        self, request: web.Request, call: Call, error: str | None
    ) -> web.StreamResponse:
        try:
            args = await read_arguments(request)
            token = token_of(request, args)
            call.args = args
            method = self._admitted(call.method, token, args, error)
            answer = {"ok": True, **method.run(self._workspace, args)}
        except RateLimited as limit:
            return slow_down(call, limit.retry_after)
        except Refused as refusal:
            call.error = refusal.error
            answer = {"ok": False, "error": refusal.error, **refusal.details}
        call.ok = bool(answer["ok"])
        return web.json_response(answer, headers=self._headers())

    def _admitted(self, name: str, token: str | None, args: Json, error: str | None) -> Method:
        """The method, if this token may call it now and no fault's `error` forbids it."""
        if error is not None:
            raise Refused(error)
        method = self._methods.get(name)
        if method is None:
            raise Refused("unknown_method", req_method=name)
        self._check_token(method, token)
        self._check_scope(method)
        channel = args.get("channel")
        self._workspace.limits.check(name, str(channel) if channel else None)
        return method

    def _check_token(self, method: Method, token: str | None) -> None:
        settings = self._workspace.settings
        if token is None:
            raise Refused("not_authed")
        if token not in (settings.bot_token, settings.app_token):
            raise Refused("invalid_auth")
        if method.app_token != (token == settings.app_token):
            raise Refused("not_allowed_token_type")

    def _check_scope(self, method: Method) -> None:
        provided = self._workspace.settings.scopes
        if method.scopes and not provided.intersection(method.scopes):
            listed = ",".join(sorted(provided))
            raise Refused("missing_scope", needed=method.scopes[0], provided=listed)

    def _headers(self) -> dict[str, str]:
        return {"X-OAuth-Scopes": ",".join(sorted(self._workspace.settings.scopes))}

    async def _lose(
        self, request: web.Request, call: Call, answer: web.StreamResponse
    ) -> web.StreamResponse:
        """The call was carried out; a fault may keep its answer from arriving."""
        fault = self._workspace.faults.take(call.method, "lost_answer", "reset")
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
