"""Deliveries over signed HTTP, to the bot's one URL."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.shapes import Json
from sandbox.slack.signing import STALE_SECONDS, signed_headers

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Posted:
    """One request as it was sent: kept so that it can be replayed byte for byte."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Answered:
    body: Json | None
    """The acknowledgement; None where the answer was none."""
    error: str | None = None
    """http_timeout, http_error or connection_failed, as in X-Slack-Retry-Reason."""
    no_retry: bool = False
    status: int = 0


def encode(kind: str, payload: Json) -> tuple[bytes, str]:
    """Body and content type: commands are forms, interactions a form with JSON, events JSON."""
    if kind == "slash_commands":
        return urlencode({k: str(v) for k, v in payload.items()}).encode(), FORM
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), FORM
    return json.dumps(payload).encode(), "application/json"


@dataclass(frozen=True)
class Seal:
    """How a request is signed: with which secret, and whether ten minutes ago."""

    secret: str
    stale: bool = False


def signed_post(url: str, kind: str, payload: Json, seal: Seal, retry: tuple[int, str]) -> Posted:
    """`retry` is the attempt's number, from 0, and why the one before failed."""
    body, content_type = encode(kind, payload)
    headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (sandbox)"}
    headers |= signed_headers(body, seal.secret, age=STALE_SECONDS if seal.stale else 0)
    number, reason = retry
    if number:
        headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
    return Posted(url, body, headers)


async def post(posted: Posted, seconds: float) -> Answered:
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(posted.url, data=posted.body, headers=posted.headers) as answer,
        ):
            return await _read(answer)
    except TimeoutError:
        return Answered(None, "http_timeout")
    except aiohttp.ClientError:
        return Answered(None, "connection_failed")


async def _read(answer: aiohttp.ClientResponse) -> Answered:
    text = await answer.text()
    no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
    if answer.status != 200:
        return Answered(None, "http_error", no_retry, answer.status)
    return Answered(body_of(text, answer.content_type), None, no_retry, answer.status)


def body_of(text: str, content_type: str) -> Json:
    if not text.strip():
        return {}
    if content_type == "application/json":
        found = json.loads(text)
        return found if isinstance(found, dict) else {}
    return {"text": text}
