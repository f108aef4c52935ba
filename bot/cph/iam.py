"""IAM tokens: fetched when needed, by one call for all who wait, and never written down.

Source: https://support.huaweicloud.com/api-iam/iam_30_0001.html
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.cph.clock import Clock
from bot.cph.errors import TOO_MANY
from bot.cph.exchange import Connection, Reply, Request
from bot.cph.settings import Password, ProjectAccess
from bot.cph.signing import Unsigned
from bot.cph.wire import Life, TokenBody, Unreadable, read_error, read_object
from bot.divert.failures import NotSent, Stop, Unclear

_RENEW_BEFORE = 600.0  # seconds before the end, or a tenth of its life if that is less
_UNSTATED_LIFE = 3600.0  # seconds; real ones last 24 hours


@dataclass(frozen=True, slots=True)
class _Token:
    value: str = field(repr=False)
    renew_at: float  # of the monotonic clock


class TokenLogin:
    """Signs in with a password. A refused password is not tried again for a while.

    Too many wrong passwords lock the account.
    """

    def __init__(self, access: ProjectAccess, password: Password, connection: Connection) -> None:
        self._access = access
        self._password = password
        self._connection = connection
        self._clock = connection.clock
        self._one = asyncio.Lock()
        self._token: _Token | None = None
        self._why: Stop | None = None
        self._until = 0.0

    async def headers(self, call: Unsigned) -> Mapping[str, str]:
        return {**call.headers, "X-Auth-Token": await self._value()}

    @asynccontextmanager
    async def gate(self) -> AsyncIterator[None]:
        yield

    def accepted(self) -> None:
        """Nothing to note: a token is fetched at the first call, and then known to be good."""

    def refused(self, headers: Mapping[str, str], why: Stop) -> bool:
        """Forget the token, unless another call has already replaced it."""
        del why
        if self._token is not None and self._token.value == headers.get("X-Auth-Token"):
            self._token = None
        return True

    def secrets(self) -> tuple[str, ...]:
        secret = self._password.password
        return (secret, self._token.value) if self._token else (secret,)

    async def _value(self) -> str:
        async with self._one:
            if self._token is None or self._clock.monotonic() >= self._token.renew_at:
                self._token = await self._sign_in()
            return self._token.value

    async def _sign_in(self) -> _Token:
        if self._why is not None and self._clock.monotonic() < self._until:
            raise Stop(self._why.code, self._why.message)
        try:
            return self._read(await self._connection.exchange(self._request()))
        except Unclear as error:  # asking for a token twice does no harm
            raise NotSent(error.code, f"no token: {error.message}") from error
        except Stop as error:
            self._why = error
            self._until = self._clock.monotonic() + self._connection.limits.key_rest
            raise

    def _request(self) -> Request:
        password = self._password
        user = {
            "name": password.user,
            "password": password.password,
            "domain": {"name": password.domain},
        }
        identity = {"methods": ["password"], "password": {"user": user}}
        scope = {"project": {"id": self._access.project_id}}
        return Request(
            "POST",
            f"{self._access.iam_endpoint.rstrip('/')}/v3/auth/tokens?nocatalog=true",
            {"Content-Type": "application/json;charset=utf8"},
            json.dumps({"auth": {"identity": identity, "scope": scope}}).encode(),
        )

    def _read(self, reply: Reply) -> _Token:
        if not reply.is_success:
            raise _failure(reply, self._password.password, self._clock)
        value = reply.headers.get("x-subject-token", "")
        if not value:
            raise NotSent(message="no token: IAM's answer holds none")
        life = _life(reply.body)
        return _Token(value, self._clock.monotonic() + life - min(_RENEW_BEFORE, life / 10))


def _failure(reply: Reply, secret: str, clock: Clock) -> NotSent | Stop:
    """A refused sign-in is for a person to mend; all else passes."""
    try:
        code, message = read_error(read_object(reply.body))
    except Unreadable:
        code, message = "", ""
    code = code or f"HTTP.{reply.status}"
    said = f"IAM gave no token: {message or reply.status}".replace(secret, "***")
    if reply.status == TOO_MANY or reply.status // 100 == 5:  # noqa: PLR2004 - 5xx
        return NotSent(code, said, reply.retry_after(clock) or 1.0)
    return Stop(code, said)


def _life(body: bytes) -> float:
    """Seconds from issue to end by IAM's own clock, since ours may be off."""
    try:
        life = TokenBody.model_validate(read_object(body)).token
        return (_moment(life, "expires_at") - _moment(life, "issued_at")).total_seconds()
    except (Unreadable, ValueError, TypeError):
        return _UNSTATED_LIFE


def _moment(life: Life, name: str) -> datetime:
    return datetime.fromisoformat(getattr(life, name))
