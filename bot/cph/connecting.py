"""How connections to the cloud are made."""

from collections.abc import Awaitable, Callable, Sequence

import httpx

from bot.cph.governor import Kind
from bot.cph.settings import Limits, ProjectAccess

ProxyFor = Callable[[str], str | None]
Pass = Callable[[str], None]


def _none(_url: str) -> None:
    """No proxy for any URL."""


def open_http(
    accesses: Sequence[ProjectAccess],
    limits: Limits,
    proxy_for: ProxyFor = _none,
    pass_: Pass | None = None,
) -> httpx.AsyncClient:
    """Open connections to these projects' clouds, each by the proxy that leads to it, if any.

    No call ever waits for a connection: that would spoil what the governor spaces out. The
    environment is not looked at. `pass_` is told of each call, before it goes and once it is
    answered.
    """
    most = (limits.concurrency * len(Kind) + 1) * max(len(accesses), 1)  # and one for IAM
    pool = httpx.Limits(max_connections=most, max_keepalive_connections=most)
    origins = {url for access in accesses for url in (access.endpoint, access.iam_endpoint)}
    ways = {_origin(url): proxy_for(url) for url in origins}
    return httpx.AsyncClient(
        trust_env=False,
        follow_redirects=False,
        mounts={
            origin: httpx.AsyncHTTPTransport(proxy=proxy, limits=pool, trust_env=False)
            for origin, proxy in ways.items()
            if proxy is not None
        },
        limits=pool,
        event_hooks=_points(pass_) if pass_ else {},
        timeout=httpx.Timeout(limits.deadline, connect=limits.connect_deadline),
    )


def _origin(url: str) -> str:
    """As httpx wants it for choosing a way: scheme and host, any port."""
    parts = httpx.URL(url)
    host = f"[{parts.host}]" if ":" in parts.host else parts.host
    return f"{parts.scheme}://{host}"


def _points(pass_: Pass) -> dict[str, list[Callable[..., Awaitable[None]]]]:
    """Name each call by the last word of its path, such as `cloud.phones-traffic.before`."""

    async def asked(request: httpx.Request) -> None:
        pass_(f"cloud.{_word(request.url.path)}.before")

    async def answered(response: httpx.Response) -> None:
        pass_(f"cloud.{_word(response.url.path)}.after")

    return {"request": [asked], "response": [answered]}


def _word(path: str) -> str:
    return next(part for part in reversed(path.split("/")) if not any(map(str.isdigit, part)))
