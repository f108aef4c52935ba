"""Slack by signed HTTP: one address for commands, clicks and forms."""

import re
from typing import Final

from aiohttp import web as http
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

_TIMESTAMP: Final = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")
_FORMS: Final = ("application/json", "application/x-www-form-urlencoded")


class SignedHttp:
    """The `Transport` for an address of our own; `handle` is the route's handler (POST)."""

    def __init__(self, app: AsyncApp, signing_secret: str) -> None:
        self._app = app
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

        Bolt checks the signature too, but only after it has read the body as JSON.
        """
        if not self._open:
            return http.Response(status=503)
        if request.content_type not in _FORMS:
            return http.Response(status=415)
        if not self._signed(await request.read(), request):
            return http.Response(status=401)
        try:
            asked = await to_bolt_request(request)
        except (AttributeError, ValueError):  # JSON, but no object, or no JSON
            return http.Response(status=400)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    def _signed(self, body: bytes, request: http.Request) -> bool:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return False
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError:
            return False
