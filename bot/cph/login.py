"""How a project's calls say who makes them: with a key, or with a token (see iam.py)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Protocol

from bot.cph.clock import Clock
from bot.cph.settings import AkSk
from bot.cph.signing import Unsigned, sign
from bot.divert.failures import Stop


class Login(Protocol):
    async def headers(self, call: Unsigned) -> Mapping[str, str]:
        """Return the call's headers with what proves who makes it.

        Raises:
            CloudFailure: there is no proof to be had; nothing was sent.
        """

    def gate(self) -> AbstractAsyncContextManager[None]:
        """Entered around every call.

        Raises:
            Stop: no call is to be made for now.
        """

    def accepted(self) -> None:
        """Note that the cloud knew the caller."""

    def refused(self, headers: Mapping[str, str], why: Stop) -> bool:
        """Note that it did not; whether it is worth asking again with new headers."""

    def secrets(self) -> tuple[str, ...]:
        """Texts that must not be repeated to anyone."""


class KeyLogin:
    """Signs with an access key, and is careful with one the cloud may not know.

    Five bad signatures in a row lock a key for 5 minutes, for everyone who uses it. So until
    the key has been accepted calls go one at a time, and after a refusal there are none for a
    while.
    Source: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-0001.html
    """

    def __init__(self, key: AkSk, clock: Clock, rest: float) -> None:
        self._key = key
        self._clock = clock
        self._rest = rest
        self._known = False
        self._one = asyncio.Lock()
        self._why: Stop | None = None
        self._until = 0.0

    async def headers(self, call: Unsigned) -> Mapping[str, str]:
        return sign(call, self._key, self._clock.now())

    @asynccontextmanager
    async def gate(self) -> AsyncIterator[None]:
        async with self._one if not self._known else nullcontext():
            self._check()
            if not self._known:
                yield
                return
        yield

    def accepted(self) -> None:
        self._known = True
        self._why = None

    def refused(self, headers: Mapping[str, str], why: Stop) -> bool:
        del headers  # each call's are its own
        self._known = False
        self._why = why
        self._until = self._clock.monotonic() + self._rest
        return False

    def secrets(self) -> tuple[str, ...]:
        return tuple(filter(None, (self._key.sk, self._key.security_token)))

    def _check(self) -> None:
        if self._why is not None and self._clock.monotonic() < self._until:
            raise Stop(self._why.code, self._why.message)
