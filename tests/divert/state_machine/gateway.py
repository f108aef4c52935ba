"""The sandbox's cloud behind the bot's own client, without a socket between them."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from aiohttp import StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from sandbox.cloud.app import cloud_app
from sandbox.cloud.cloud import Cloud
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.jobs import Job
from sandbox.cloud.phone import PhoneStatus
from tests.cph.virtual import START, VirtualLoop
from tests.divert.state_machine.fuse import Fuse

SLOW: Final = 40.0  # seconds; the client waits for 30
_WAY: Final = 0.01  # seconds to the cloud, so that others have their turn meanwhile


@dataclass(frozen=True, slots=True)
class Sent:
    """One ImportTraffic call that the cloud took; `said` is its code of each phone, or nothing."""

    request_id: str  # the bot's
    cloud_request_id: str
    said: dict[str, str]  # of the phones that the answer mentioned, if it was readable
    jobs: dict[str, Job]  # that there really are, by phone id


@dataclass(slots=True)
class Sky:
    """The cloud and what it was asked; outlives every process of the bot."""

    cloud: Cloud
    unconnected: bool = False
    slow: bool = False
    sent: list[Sent] = field(default_factory=list)
    seen: dict[tuple[str, str], list[float]] = field(default_factory=dict)  # phone, route: moments

    @classmethod
    def over(cls, fleet: Fleet, loop: VirtualLoop) -> "Sky":
        """By the loop's clock, in a loop that runs and in one that does not."""
        return cls(Cloud(fleet, clock=lambda: START.timestamp() + loop.time()))

    def clear(self) -> None:
        """All is well again; what has happened to phones stays."""
        self.unconnected = self.slow = False
        self.cloud.switches = type(self.cloud.switches)()
        self.cloud.accounts.key_lockout.forget()
        for phone in self.cloud.main.fleet.phones.values():
            phone.orders = None
            phone.status = PhoneStatus.RUNNING
        self.cloud.main.fleet.edition += 1

    def note_shown(self, answer: Any) -> None:  # noqa: ANN401 - the cloud's JSON
        for row in answer.get("phones", [answer]):
            if "traffic_type" in row:
                shown = row["phone_id"], str(row["traffic_type"])
                self.seen.setdefault(shown, []).append(self.cloud.now())

    def note_sent(self, request_id: str, answer: Any) -> None:  # noqa: ANN401 - as above
        call = self.cloud.record.calls[-1]
        made = self.cloud.main.jobs.by_request.get(call.request_id, [])
        rows = {row["phone_id"]: row.get("error_code", "") for row in answer.get("jobs", ())}
        jobs = {job.phone_id: job for job in made}
        if rows or jobs:
            self.sent.append(Sent(request_id, call.request_id, rows, jobs))


OnSend = Callable[[str, Sequence[str]], str]  # route and phones: the request they are sent for


class Gateway(httpx.AsyncBaseTransport):
    """One process's way to the cloud; `on_send` sees each call that may change a route before."""

    def __init__(self, sky: Sky, fuse: Fuse, on_send: OnSend) -> None:
        self._sky, self._fuse, self._on_send = sky, fuse, on_send
        self._app = cloud_app(sky.cloud)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(_WAY)
        self._fuse.pass_()
        if self._sky.unconnected:
            raise httpx.ConnectError("refused", request=request)
        response = await self._ask(request)
        self._fuse.pass_()
        if self._sky.slow:
            await asyncio.sleep(SLOW)
        headers = {
            name: value for name, value in response.headers.items() if name != "Content-Type"
        }
        return httpx.Response(response.status, headers=headers, content=_body(response))

    async def _ask(self, request: httpx.Request) -> web.Response:
        """Ask the sandbox's cloud and keep what it did and what it showed."""
        asked = json.loads(request.content) if request.content else {}
        sends = "traffic_type" in asked
        of = self._on_send(asked["traffic_type"], asked["phone_ids"]) if sends else ""
        response = await self._handle(request)
        answer = json.loads(_body(response)) if response.content_type.endswith("json") else {}
        if sends:
            self._sky.note_sent(of, answer)
        else:
            self._sky.note_shown(answer)
        return response

    async def _handle(self, request: httpx.Request) -> web.Response:
        asked = _as_aiohttp(request)
        found = await self._app.router.resolve(asked)
        asked._match_info = found
        response = await found.handler(asked)
        assert isinstance(response, web.Response)
        return response


def _body(response: web.Response) -> bytes:
    assert isinstance(response.body, bytes)
    return response.body


def _as_aiohttp(request: httpx.Request) -> web.Request:
    loop = asyncio.get_running_loop()
    body = StreamReader(BaseProtocol(loop), 2**16, loop=loop)
    body.feed_data(request.content)
    body.feed_eof()
    return make_mocked_request(
        request.method,
        request.url.raw_path.decode(),
        CIMultiDict((name.decode(), value.decode()) for name, value in request.headers.raw),
        payload=body,
    )
