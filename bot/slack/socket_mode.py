"""Slack by Socket Mode, over several connections at once."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack.failures import SlackAway
from bot.slack.identity import check_app_token
from bot.slack.payload import Malformed, checked
from bot.slack.web import Web

PINGS_MISSED: Final = 4  # in a row make a connection dead, as in the SDK
DRAIN: Final = 2.0  # seconds for what is being answered at the end
CLOSING: Final = 2.0  # seconds for the goodbye of a connection
CANCEL: Final = 1.0  # seconds a cancelled task has to end, before it is told again
CANCELS: Final = 5
FIRST: Final = 5.0  # seconds `start` waits for the first connection
_LOOK: Final = 0.1  # seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Slack allows ten connections; while one is replaced the other takes what comes.

    `ping` is the seconds between two pings, `patience` the seconds the SDK has to mend a
    connection before it is made anew.
    """

    connections: int = 2
    ping: float = 5.0
    patience: float = 30.0


class Line(AsyncSocketModeHandler):
    """One connection, counting what it is answering."""

    def __init__(self, app: AsyncApp, web: Web, app_token: str, ping: float) -> None:
        super().__init__(app, app_token, web_client=web.client, proxy=web.proxy, ping_interval=ping)
        self.client.proxy = web.proxy  # the SDK has read proxy variables where this is None
        self._answering = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Answer it; what is malformed is not acknowledged, and Slack says that it failed."""
        self._answering += 1
        self._idle.clear()
        try:
            req.payload = checked(req.payload)
            await super().handle(client, req)  # type: ignore[arg-type] # its own client it is
        except Malformed as malformed:
            log.warning("refused what Slack would not send: %s", malformed)
        finally:
            self._answering -= 1
            if not self._answering:
                self._idle.set()

    def alive(self) -> bool:
        """Connected, and a pong has come of late. Silence says nothing: nobody may be asking."""
        session, pong = self.client.current_session, self.client.last_ping_pong_time
        if session is None or session.closed or self.client.stale or pong is None:
            return False
        return time.time() - pong < PINGS_MISSED * self.client.ping_interval

    async def stop(self) -> None:
        """Read no more, answer what was read, say goodbye. The SDK waits for no task it ends."""
        self.client.auto_reconnect_enabled = False
        await _ended(self.client.message_receiver, self.client.current_session_monitor)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), DRAIN)
        closing = asyncio.create_task(self.close_async())  # type: ignore[no-untyped-call] # the SDK's
        await asyncio.wait([closing], timeout=CLOSING)
        await _ended(closing, self.client.message_processor)
        await self.client.aiohttp_client_session.close()


class SocketMode:
    """The `Transport` that needs no address of its own."""

    def __init__(self, app: AsyncApp, web: Web, app_token: str, pace: Pace | None = None) -> None:
        self._app = app
        self._web = web
        self._app_token = app_token
        self._pace = pace or Pace()
        self._lines: list[Line] = []
        self._up = asyncio.Event()
        self._keepers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Connect, and stay connected until `close`; Slack being away is no reason to stop."""
        try:
            await check_app_token(self._web, self._app_token)
        except SlackAway as away:
            log.warning("Slack cannot be reached yet: %s", away)
        keepers = (self._keep() for _ in range(self._pace.connections))
        self._keepers = [asyncio.create_task(keeper) for keeper in keepers]
        with suppress(TimeoutError):
            await asyncio.wait_for(self._up.wait(), FIRST)

    def alive(self) -> int:
        """How many connections are."""
        return sum(line.alive() for line in self._lines)

    def healthy(self) -> bool:
        return self.alive() > 0

    async def close(self) -> None:
        """Each keeper says goodbye in its own time, so it is told once."""
        for keeper in self._keepers:
            keeper.cancel()
        if self._keepers:
            await asyncio.wait(self._keepers)
        self._keepers = []

    async def _keep(self) -> None:
        """One connection after the other.

        The SDK mends most breaks itself, but after an outage it may try one used-up address for
        ever, so a connection that stays dead is thrown away.
        """
        while True:
            line = Line(self._app, self._web, self._app_token, self._pace.ping)
            self._lines.append(line)
            connecting = asyncio.create_task(line.connect_async())  # type: ignore[no-untyped-call] # the SDK's
            try:
                await self._watch(line)
                log.warning("a Socket Mode connection stayed dead and is made anew")
            finally:
                self._lines.remove(line)
                await _to_its_end(_let_go(line, connecting))

    async def _watch(self, line: Line) -> None:
        """Return when the line has been dead for too long."""
        seen = time.monotonic()
        while time.monotonic() - seen < self._pace.patience:
            await asyncio.sleep(_LOOK)
            if line.alive():
                seen = time.monotonic()
                self._up.set()


async def _let_go(line: Line, connecting: asyncio.Task[None]) -> None:
    await _ended(connecting)
    await line.stop()


async def _to_its_end(work: Coroutine[None, None, None]) -> None:
    """Do all of it, also where the stop comes meanwhile: half closed, it would leak."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def _ended(*tasks: asyncio.Future[None] | None) -> None:
    """Cancel these until they are through.

    One that catches a cancellation, as the SDK's may while it reconnects, is told again, and in
    the end left behind: a stop must come to its end.
    """
    left = {task for task in tasks if task is not None}
    for _ in range(CANCELS):
        for task in left:
            task.cancel()
        if left:
            _, left = await asyncio.wait(left, timeout=CANCEL)
    for task in left:
        log.warning("a task of a Socket Mode connection does not end: %s", task)
