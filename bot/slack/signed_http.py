"""Slack by signed HTTP: one address for commands, clicks and forms."""

import asyncio
import logging
import re
import time
from http import HTTPStatus
from typing import Final

from aiohttp import web as http
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.slack.payload import Json, Malformed, checked, read_body

BODY_LIMIT: Final = 1024 * 1024  # bytes; Slack's own views are 250 kB at most
WINDOW: Final = 300  # seconds a signature is good for, back and forth
_TIMESTAMP: Final = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")
_FORMS: Final = ("application/json", "application/x-www-form-urlencoded")

log = logging.getLogger(__name__)


class SignedHttp:
    """The `Transport` for an address of our own; `handle` is the route's handler (POST).

    `patience` are the seconds a body has to come in; Slack itself waits three for the answer.
    """

    def __init__(self, app: AsyncApp, signing_secret: str, patience: float = 5.0) -> None:
        self._app = app
        self._patience = patience
        self._verifier = SignatureVerifier(signing_secret)
        self._open = True

    async def start(self) -> None:
        """Nothing: the composition root serves the route."""

    def healthy(self) -> bool:
        return self._open

    async def close(self) -> None:
        self._open = False

    async def handle(self, request: http.Request) -> http.Response:
        """Refuse what is not signed by Slack in the last five minutes; Bolt answers the rest.

        Whoever reaches the address costs as little as can be: what the headers show to be no
        request of Slack's is refused before its body is read, and no body is parsed unsigned.
        """
        refusal = self._refusal(request)
        if refusal is not None:
            return http.Response(status=refusal)
        try:
            async with asyncio.timeout(self._patience):
                body = await request.read()
        except TimeoutError:
            return http.Response(status=HTTPStatus.REQUEST_TIMEOUT)
        if not self._signed(body, request):
            return http.Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            payload = checked(read_body(body, request.content_type))
        except Malformed as malformed:
            log.warning("refused what Slack would not send: %s", malformed)
            return http.Response(status=HTTPStatus.BAD_REQUEST)
        return await self._dispatch(payload)

    def _refusal(self, request: http.Request) -> HTTPStatus | None:
        """What the headers alone are refused with, None where they are as Slack's."""
        if not self._open:
            return HTTPStatus.SERVICE_UNAVAILABLE
        if request.content_type not in _FORMS or "Content-Encoding" in request.headers:
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        if (request.content_length or 0) > BODY_LIMIT:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        timestamp, signature = _timestamp(request), _signature(request)
        fresh = timestamp and abs(time.time() - int(timestamp)) <= WINDOW
        return None if fresh and signature else HTTPStatus.UNAUTHORIZED

    def _signed(self, body: bytes, request: http.Request) -> bool:
        try:
            return self._verifier.is_valid(body, _timestamp(request), _signature(request))
        except UnicodeDecodeError:
            return False

    async def _dispatch(self, payload: Json) -> http.Response:
        """Bolt takes what is parsed and proven already only under the name of Socket Mode."""
        asked = AsyncBoltRequest(mode="socket_mode", body=payload)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))


def _timestamp(request: http.Request) -> str:
    return _only(request, "X-Slack-Request-Timestamp", _TIMESTAMP)


def _signature(request: http.Request) -> str:
    return _only(request, "X-Slack-Signature", _SIGNATURE)


def _only(request: http.Request, name: str, shape: re.Pattern[str]) -> str:
    """The header, empty where it is missing, comes twice or looks otherwise."""
    found = request.headers.getall(name, [])
    return found[0] if len(found) == 1 and shape.fullmatch(found[0]) else ""
