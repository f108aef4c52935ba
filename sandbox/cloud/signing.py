"""The SDK-HMAC-SHA256 signature, recomputed from what came over the wire."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import quote, unquote

ALGORITHM = "SDK-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
DATE_FORMAT = "%Y%m%dT%H%M%SZ"
MUST_BE_SIGNED = frozenset({"host", "x-sdk-date"})

_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Access=(?P<access>[^,\s]+), ?"
    r"SignedHeaders=(?P<signed>[^,\s]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Wire:
    """A call as it arrived. `target` is the request line's: path, and query if there is one.

    Header names are lower case.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Claim:
    """What an Authorization header claims."""

    access: str
    signed: tuple[str, ...]
    signature: str

    @classmethod
    def read(cls, authorization: str) -> Self | None:
        match = _AUTHORIZATION.fullmatch(authorization.strip())
        if match is None:
            return None
        return cls(match["access"], tuple(match["signed"].split(";")), match["signature"])


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def _canonical_path(path: str) -> str:
    encoded = "/".join(_encoded(part) for part in unquote(path).split("/"))
    return encoded if encoded.endswith("/") else encoded + "/"


def _canonical_query(query: str) -> str:
    pairs = [part.partition("=") for part in query.split("&") if part]
    decoded = sorted((unquote(name), unquote(value)) for name, _, value in pairs)
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in decoded)


def _body_hash(wire: Wire) -> str:
    if wire.body and wire.headers.get("x-sdk-content-sha256") == UNSIGNED_PAYLOAD:
        return UNSIGNED_PAYLOAD
    return hashlib.sha256(wire.body).hexdigest()


def canonical_request(wire: Wire, signed: tuple[str, ...]) -> str:
    path, _, query = wire.target.partition("?")
    headers = "".join(f"{name}:{wire.headers.get(name, '').strip()}\n" for name in signed)
    return "\n".join(
        (
            wire.method.upper(),
            _canonical_path(path),
            _canonical_query(query),
            headers,
            ";".join(signed),
            _body_hash(wire),
        )
    )


def signature(secret: str, date: str, canonical: str) -> str:
    hashed = hashlib.sha256(canonical.encode(errors="surrogateescape")).hexdigest()
    text = f"{ALGORITHM}\n{date}\n{hashed}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_signed_by(secret: str, claim: Claim, wire: Wire) -> bool:
    """Tell whether the claim's signature is the one this secret gives for what arrived."""
    if not set(claim.signed) >= MUST_BE_SIGNED or list(claim.signed) != sorted(claim.signed):
        return False
    expected = signature(
        secret, wire.headers.get("x-sdk-date", ""), canonical_request(wire, claim.signed)
    )
    return hmac.compare_digest(expected, claim.signature)


def signed_at(wire: Wire) -> float | None:
    """Return the time in X-Sdk-Date in epoch seconds, None if there is none to be read."""
    try:
        date = datetime.strptime(wire.headers.get("x-sdk-date", ""), DATE_FORMAT)  # noqa: DTZ007 - the Z is UTC, set in the next line
    except ValueError:
        return None
    return date.replace(tzinfo=UTC).timestamp()
