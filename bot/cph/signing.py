"""SDK-HMAC-SHA256, the signature of a call made with an access key.

Source: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, unquote

from bot.cph.settings import AkSk

_ALGORITHM = "SDK-HMAC-SHA256"
_DATE_FORMAT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A call as it will go out: `path` percent-encoded, `query` not. Headers need `Host`."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


def sign(call: Unsigned, key: AkSk, at: datetime) -> dict[str, str]:
    """Return the call's headers with the date, the key and the signature.

    A signature is good for 15 minutes around `at` (UTC), so a call tried again is signed again.
    """
    headers = {**call.headers, "X-Sdk-Date": at.strftime(_DATE_FORMAT)}
    if key.security_token:
        headers["X-Security-Token"] = key.security_token
    signed = _signed_values(headers)
    names = ";".join(signed)
    signature = _signature(key.sk, headers["X-Sdk-Date"], _canonical(call, signed))
    headers["Authorization"] = (
        f"{_ALGORITHM} Access={key.ak}, SignedHeaders={names}, Signature={signature}"
    )
    return headers


def query_string(query: Iterable[tuple[str, str]]) -> str:
    """Return the query in the one spelling that is signed, which is also the one sent."""
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(query))


def _signed_values(headers: Mapping[str, str]) -> dict[str, str]:
    """Gateways drop names with an underscore, so those are left out."""
    kept = {name.lower(): value.strip() for name, value in headers.items() if "_" not in name}
    return dict(sorted(kept.items()))


def _canonical(call: Unsigned, signed: Mapping[str, str]) -> str:
    lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
    return "\n".join(
        (
            call.method.upper(),
            _canonical_path(call.path),
            query_string(call.query),
            lines,
            ";".join(signed),
            hashlib.sha256(call.body).hexdigest(),
        )
    )


def _canonical_path(path: str) -> str:
    """Only in the signature the path ends with a slash, whatever is sent."""
    encoded = "/".join(map(_encoded, unquote(path).split("/")))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _signature(secret: str, date: str, canonical: str) -> str:
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{date}\n{digest}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _encoded(text: str) -> str:
    return quote(text, safe="~")
