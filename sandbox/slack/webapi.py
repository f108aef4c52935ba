"""The front door of the Web API: faults, token, scope, rate limit, then the method."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from sandbox.slack import disturbance
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
    tokenless: bool = False


class WebApi:
    def __init__(self, workspace: Workspace, methods: dict[str, Method]) -> None:
        self._workspace, self._methods = workspace, methods

    async def handle(self, request: web.Request) -> web.StreamResponse:
        call = self._workspace.calls.call(request.match_info["method"])
        started = time.monotonic()
        answer = await self._answer(request, call)
        call.took_ms = round((time.monotonic() - started) * 1000, 1)
        call.status, call.finished = answer.status, True
        self._workspace.changes.mark()
        return answer

    async def _answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        faults = self._workspace.faults
        try:
            args = await read_arguments(request)
            token = token_of(request, args)
        except Refused as refusal:
            return self._say(call, refused(call, refusal))
        call.args = args
        instead = await disturbance.before(faults, call)
        if instead is not None:
            return instead
        return disturbance.after(faults, call, request, self._carry_out(call, token))

    def _carry_out(self, call: Call, token: str | None) -> web.StreamResponse:
        try:
            method = self._admitted(call.method, token, call.args)
            answer = {"ok": True, **method.run(self._workspace, call.args)}
        except RateLimited as limit:
            return disturbance.slow_down(call, limit.retry_after)
        except Refused as refusal:
            answer = refused(call, refusal)
        call.ok = bool(answer["ok"])
        return self._say(call, answer)

    def _admitted(self, name: str, token: str | None, args: Json) -> Method:
        """The method, if this token may call it now."""
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
        if method.tokenless:
            return
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

    def _say(self, call: Call, answer: Json) -> web.Response:
        scopes = ",".join(sorted(self._workspace.settings.scopes))
        return web.json_response(answer, headers={"X-OAuth-Scopes": scopes}, status=call.status)


def refused(call: Call, refusal: Refused) -> Json:
    call.error = refusal.error
    return {"ok": False, "error": refusal.error, **refusal.details}
