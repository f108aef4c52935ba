"""What an API call looks like on its way out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.cph.exchange import Request
from bot.cph.governor import Kind
from bot.cph.settings import ProjectAccess
from bot.cph.signing import Unsigned, query_string

_USER_AGENT = "cph-divert-bot"


@dataclass(frozen=True, slots=True)
class Call:
    """One API call. `path` is what follows `/v1/{project_id}/`, percent-encoded; `body` is JSON.

    From `until` on it is no longer made.
    """

    kind: Kind
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = None
    until: datetime | None = None

    def unsigned(self, access: ProjectAccess) -> Unsigned:
        headers = {
            "Host": httpx.URL(access.endpoint).netloc.decode(),
            "Content-Type": "application/json",
            "User-Agent": _USER_AGENT,
            "X-Project-Id": access.project_id,
        }
        prefix = urlsplit(access.endpoint).path.rstrip("/")
        path = f"{prefix}/v1/{access.project_id}/{self.path}"
        if self.body is None:
            return Unsigned("GET", path, self.query, headers)
        return Unsigned("POST", path, self.query, headers, json.dumps(self.body).encode())


def request(unsigned: Unsigned, access: ProjectAccess, headers: Mapping[str, str]) -> Request:
    """Return the call with these headers, at the address that was signed."""
    origin = urlsplit(access.endpoint)
    query = f"?{query_string(unsigned.query)}" if unsigned.query else ""
    url = f"{origin.scheme}://{origin.netloc}{unsigned.path}{query}"
    return Request(unsigned.method, url, headers, unsigned.body)
