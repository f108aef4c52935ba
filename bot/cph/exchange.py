"""One HTTP call, bounded in time and size: its answer, or a failure that tells how far it got."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import httpx

from bot.cph.clock import Clock
from bot.cph.kept import LONGEST_SILENCE
from bot.cph.settings import Limits
from bot.divert.failures import NotSent, Stop, Unclear

# A page of 200 phones is about 200 kB.
_LARGEST_BODY = 8 * 1024 * 1024
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# What these say may repeat a header, and a header may hold a secret.
_NOT_A_CALL = (
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
    UnicodeError,
)


@dataclass(frozen=True, slots=True)
class Request:
    """A call ready to go; `url` is percent-encoded as it was signed."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)  # a signature or a token is among them
    body: bytes = field(default=b"", repr=False)  # at the log-in a password


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in lower case; one may be a token
    body: bytes = field(repr=False)
    heard_at: float  # when the status line was read, by the monotonic clock

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - any 2xx

    def retry_after(self, clock: Clock) -> float | None:
        """Seconds, from either form of the header; None where it is absent or unreadable."""
        value = self.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdecimal():
            return min(float(value), LONGEST_SILENCE)
        try:
            until = parsedate_to_datetime(value)
            seconds = (until - clock.now()).total_seconds()
        except (ValueError, TypeError):  # TypeError: a date without its zone
            return None
        return min(max(seconds, 0.0), LONGEST_SILENCE)


class _TooLarge(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Connection:
    """The way to the cloud that all projects share."""

    http: httpx.AsyncClient
    clock: Clock
    limits: Limits

    async def exchange(self, request: Request) -> Reply:
        """Make the call once.

        Raises:
            NotSent: no connection came about.
            Stop: it is no call that could be made, which the configuration is to blame for.
            Unclear: it was sent, and the answer is missing or broken.
        """
        try:
            async with asyncio.timeout(self.limits.deadline):
                return await self._exchange(request)
        except _BEFORE_SENDING as error:
            raise NotSent(message=f"no connection: {type(error).__name__} {error}") from error
        except _NOT_A_CALL as error:
            raise Stop(message=f"the call cannot be made: {type(error).__name__}") from None
        except (httpx.RequestError, TimeoutError, _TooLarge) as error:
            raise Unclear(message=f"no answer: {type(error).__name__}") from error

    async def _exchange(self, request: Request) -> Reply:
        async with self.http.stream(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body or None,
        ) as response:
            heard_at = self.clock.monotonic()
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status_code, headers, await _body(response), heard_at)


async def _body(response: httpx.Response) -> bytes:
    """Read the body; of a refusal the status is enough, so a broken one counts as empty."""
    try:
        return await _bounded(response)
    except (httpx.RequestError, _TooLarge):
        if response.is_success:
            raise
        return b""


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > _LARGEST_BODY:
            raise _TooLarge
    return bytes(body)
