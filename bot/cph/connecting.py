"""How connections to the cloud are made."""

from collections.abc import Sequence
from ipaddress import ip_address

import httpx

from bot.cph.governor import Kind
from bot.cph.settings import Limits, ProjectAccess


def open_http(
    accesses: Sequence[ProjectAccess], limits: Limits, proxy: str = ""
) -> httpx.AsyncClient:
    """Open connections to these projects' clouds, by a proxy if its URL is given.

    No call ever waits for a connection: that would spoil what the governor spaces out. The
    environment is not looked at, and what runs on this machine is never reached by a proxy.
    """
    most = (limits.concurrency * len(Kind) + 1) * max(len(accesses), 1)  # and one for IAM
    origins = {url for access in accesses for url in (access.endpoint, access.iam_endpoint)}
    return httpx.AsyncClient(
        trust_env=False,
        follow_redirects=False,
        proxy=proxy or None,
        mounts={_origin(url): None for url in origins if _is_loopback(url)} if proxy else None,
        limits=httpx.Limits(max_connections=most, max_keepalive_connections=most),
        timeout=httpx.Timeout(limits.deadline, connect=limits.connect_deadline),
    )


def _origin(url: str) -> str:
    """As httpx wants it for choosing a way: scheme and host, any port."""
    host = httpx.URL(url).host
    return f"all://[{host}]" if ":" in host else f"all://{host}"


def _is_loopback(url: str) -> bool:
    host = httpx.URL(url).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
