"""How Slack is reached: one session, one client, one rule for which addresses are Slack's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

SLACK_API: Final = "https://slack.com/api/"
SHORT_WAIT: Final = 3.0  # seconds; a longer Retry-After is the caller's to plan with
TIMEOUT: Final = aiohttp.ClientTimeout(total=60, connect=5, sock_connect=5, sock_read=15)
_CONNECTIONS: Final = 32
_SLACK_DOMAINS: Final = ("slack.com", "slack-edge.com", "slack-files.com", "slack-gov.com")


@dataclass(frozen=True, slots=True)
class Origins:
    """Which addresses are Slack's: its own domains, or the one origin of another API URL."""

    api: URL

    def allows(self, address: str) -> bool:
        """Whether a file or answer may be fetched from, or sent to, this address."""
        try:
            url = URL(address)
            origin = url.origin()
        except ValueError:
            return False
        if url.user is not None or url.password is not None:
            return False
        if not is_slack(self.api):
            return origin == self.api.origin()
        return is_slack(url)


def is_slack(url: URL) -> bool:
    """Whether this is https on the usual port of one of Slack's own domains."""
    host = (url.host or "").lower()
    own = any(host == domain or host.endswith(f".{domain}") for domain in _SLACK_DOMAINS)
    return own and url.scheme == "https" and url.port == url.with_port(None).port


class ShortWaits(AsyncRateLimitErrorRetryHandler):
    """Wait and ask again when Slack asks for a short pause; a long one is left to the caller."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = await super()._can_retry_async(
            state=state, request=request, response=response, error=error
        )
        return limited and response is not None and 0 <= _retry_after(response) <= SHORT_WAIT


def _retry_after(response: HttpResponse) -> float:
    """Seconds; -1 where Slack names none that can be read."""
    headers = {name.lower(): values[0] for name, values in response.headers.items()}
    value = headers.get("retry-after", "")
    return float(value) if value.isdecimal() else -1.0


@dataclass(frozen=True, slots=True)
class Web:
    """What the pieces of this package share. `proxy` None means none, whatever is set outside."""

    client: AsyncWebClient
    session: aiohttp.ClientSession
    origins: Origins
    proxy: str | None = field(repr=False)  # may hold a password
    token: str = field(repr=False)

    async def close(self) -> None:
        await self.session.close()


def open_web(
    token: str,
    api_url: str = SLACK_API,
    proxy: str | None = None,
    pass_: Callable[[str], None] | None = None,
) -> Web:
    """Build the session and the client; call it in the running loop.

    `pass_` is told of each call before it goes and once it is answered.
    """
    session = aiohttp.ClientSession(
        timeout=TIMEOUT,
        connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
        trust_env=False,
        trace_configs=[_points(pass_)] if pass_ else None,
    )
    client = build_client(token, api_url, proxy, session)
    return Web(client, session, Origins(URL(client.base_url)), proxy, token)


def build_client(
    token: str | None, api_url: str, proxy: str | None, session: aiohttp.ClientSession
) -> AsyncWebClient:
    """A Web API client; the SDK reads proxy variables itself, so `proxy` is set again after it."""
    client = AsyncWebClient(
        token=token, base_url=api_url, session=session, proxy=proxy, retry_handlers=_handlers()
    )
    client.proxy = proxy
    return client


def _handlers() -> list[AsyncRetryHandler]:
    """5xx is not tried again here: the call may have been carried out, and the outbox repeats."""
    broken: list[type[Exception]] = [aiohttp.ServerDisconnectedError, aiohttp.ClientOSError]
    return [
        AsyncConnectionErrorRetryHandler(max_retry_count=1, error_types=broken),
        ShortWaits(max_retry_count=2),
    ]


def _points(pass_: Callable[[str], None]) -> aiohttp.TraceConfig:
    """Name each call, such as `slack.chat.postMessage.before`."""

    async def asked(_: object, __: object, call: aiohttp.TraceRequestStartParams) -> None:
        pass_(f"slack.{_word(call.url)}.before")

    async def answered(_: object, __: object, call: aiohttp.TraceRequestEndParams) -> None:
        pass_(f"slack.{_word(call.url)}.after")

    points = aiohttp.TraceConfig()
    points.on_request_start.append(asked)
    points.on_request_end.append(answered)
    return points


def _word(url: URL) -> str:
    """The method of an API call; else what kind of address it is, such as of files or answers."""
    return url.name if url.path.startswith("/api/") else url.parts[1]
