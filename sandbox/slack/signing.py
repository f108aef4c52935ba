"""Signed requests, as Slack sends them to an app's URL."""

import hashlib
import hmac
import time

STALE_SECONDS = 600


def signed_headers(body: bytes, secret: str, *, age: float = 0.0) -> dict[str, str]:
    """The v0 signature headers of `body`, made `age` seconds ago."""
    timestamp = str(int(time.time() - age))
    text = b"v0:" + timestamp.encode() + b":" + body
    digest = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
