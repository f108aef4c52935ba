"""Which proxy leads to a URL."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Proxies:
    """Proxies as the environment names them; a URL of one may hold a password."""

    http: str = field(default="", repr=False)
    https: str = field(default="", repr=False)
    all: str = field(default="", repr=False)
    exempt: tuple[str, ...] = ()  # hosts, domains, or "*"

    def for_url(self, url: str) -> str | None:
        """The proxy to use; never one for this machine itself."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if _is_loopback(host) or self._is_exempt(host):
            return None
        return {"http": self.http, "https": self.https}.get(parts.scheme) or self.all or None

    def _is_exempt(self, host: str) -> bool:
        """Whether the host, or a domain above it, is named."""
        return any(name in {"*", host} or host.endswith(f".{name}") for name in self.exempt)


def read_exempt(names: str) -> tuple[str, ...]:
    """Read NO_PROXY: names between commas, of either case, with or without a dot before them."""
    read = (name.strip().lstrip(".").lower() for name in names.split(","))
    return tuple(name for name in read if name)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
