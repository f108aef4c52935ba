"""Calls of one project: each in its turn, made once or again, and read or refused."""

import logging
import random
from collections.abc import Mapping
from typing import Final, TypeVar

from pydantic import BaseModel

from bot.cph.answer import Answer, read_answer
from bot.cph.call import Call, request
from bot.cph.errors import stated_limit
from bot.cph.exchange import Connection
from bot.cph.governor import Budget, Governor
from bot.cph.login import Login
from bot.cph.settings import ProjectAccess
from bot.cph.window import Turn
from bot.divert.failures import CloudFailure, NotSent, Stop, TryLater, Unclear

_log = logging.getLogger(__name__)
_TRIES: Final = 5  # of a reading call; those turned away for their rate are not counted
_PATIENCE: Final = 300.0  # seconds in which a reading call is tried again
_BACKOFF: Final = (0.5, 1.0, 2.0, 4.0)  # seconds between tries, each less up to a half
_HIDDEN: Final = "***"

Body = TypeVar("Body", bound=BaseModel)


class _Throttled(NotSent):
    """One call too many. The governor knows when the next one may start."""


class _LoginRefused(Stop):
    """The cloud does not know the caller, but may with the token that comes next."""


class Calls:
    def __init__(
        self, access: ProjectAccess, login: Login, governor: Governor, connection: Connection
    ) -> None:
        self._access = access
        self._login = login
        self._governor = governor
        self._connection = connection
        self._clock = connection.clock

    async def read(self, call: Call, model: type[Body]) -> Body:
        """Make a reading call, again and again if need be.

        Raises:
            CloudFailure: it was refused, or no try got through.
        """
        tries, give_up = 0, self._clock.monotonic() + _PATIENCE
        while True:
            try:
                return await self.once(call, await self._governor[call.kind].take(), model)
            except (NotSent, TryLater, Unclear) as failure:
                throttled = isinstance(failure, _Throttled)
                tries += not throttled
                if tries >= _TRIES or self._clock.monotonic() >= give_up:
                    raise
            if not throttled:
                await self._clock.sleep(_backoff(tries))

    async def once(self, call: Call, turn: Turn, model: type[Body]) -> Body:
        """Make the call in this turn, which is used up; a second time only with a new token.

        Raises:
            CloudFailure: it was refused, or what came of it is not known.
        """
        try:
            return await self._attempt(call, turn, model)
        except _LoginRefused:
            turn = await self._governor[call.kind].take()
        try:
            return await self._attempt(call, turn, model)
        except _LoginRefused as refusal:
            raise Stop(refusal.code, refusal.message) from None

    async def _attempt(self, call: Call, turn: Turn, model: type[Body]) -> Body:
        budget = self._governor[call.kind]
        try:
            with budget.using(turn):
                async with self._login.gate():
                    headers, answer = await self._exchange(call, budget, turn)
                    self._settle(answer, budget, turn, headers)
        except CloudFailure as failure:
            _log.debug("%s: %s %s", call.kind, type(failure).__name__, failure.code)
            raise
        return answer.read(model)

    async def _exchange(
        self, call: Call, budget: Budget, turn: Turn
    ) -> tuple[Mapping[str, str], Answer]:
        unsigned = call.unsigned(self._access)
        headers = await self._login.headers(unsigned)
        if call.until is not None and self._clock.now() >= call.until:
            raise NotSent(message="the moment for this call is over")
        budget.begin(turn)
        started = self._clock.monotonic()
        reply = await self._connection.exchange(request(unsigned, self._access, headers))
        turn.heard_at = reply.heard_at
        answer = read_answer(reply)
        took = (self._clock.monotonic() - started) * 1000
        _log.debug("%s: HTTP %d %s, %.0f ms", call.kind, reply.status, answer.code, took)
        return headers, answer

    def _settle(
        self, answer: Answer, budget: Budget, turn: Turn, headers: Mapping[str, str]
    ) -> None:
        """Tell governor and login what came back; of a refusal, raise it."""
        code, message = answer.shown_code, self._clean(answer.message)
        if answer.is_throttled:
            retry_after = answer.reply.retry_after(self._clock)
            wait = budget.refused(turn, stated_limit(answer.message), retry_after)
            raise _throttled(answer, code, message, wait)
        budget.answered(turn)
        if answer.is_unauthorized:
            again = self._login.refused(headers, Stop(code, message))
            raise (_LoginRefused if again else Stop)(code, message)
        if answer.knows_caller:
            self._login.accepted()
        if answer.is_refusal:
            raise answer.kind(code, message)

    def _clean(self, message: str) -> str:
        """Gateways repeat what they were sent, and that goes into logs and channels."""
        for secret in self._login.secrets():
            message = message.replace(secret, _HIDDEN)
        return message


def _throttled(answer: Answer, code: str, message: str, wait: float) -> CloudFailure:
    """A code that says more than the status 429 keeps its own word."""
    if answer.kind is NotSent:
        return _Throttled(code, message, wait)
    return answer.kind(code, message)


def _backoff(tries: int) -> float:
    longest = _BACKOFF[min(tries, len(_BACKOFF)) - 1]
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads calls, guards nothing
