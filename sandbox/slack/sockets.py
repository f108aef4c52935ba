"""Socket Mode: tickets, connections, envelopes, acknowledgements."""

import asyncio
import json
import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from sandbox.slack.shapes import Json

MAX_CONNECTIONS = 10
CONNECTION_SECONDS = 18_060
PING_SECONDS = 10.0
GRACE_SECONDS = 10.0


@dataclass(eq=False)
class Connection:
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    leaving: bool = False
    """It was told to disconnect: nothing more goes to it."""

    def cut(self) -> None:
        self.leaving = True
        if self.transport is not None:
            self.transport.abort()


class Sockets:
    def __init__(self) -> None:
        self.connections: list[Connection] = []
        self._tickets: set[str] = set()
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._sends = 0

    def ticket(self) -> str:
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    def admit(self, ticket: str) -> bool:
        """True once per ticket."""
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        return known

    def open(self) -> list[Connection]:
        return [c for c in self.connections if not c.leaving and not c.socket.closed]

    async def serve(self, connection: Connection, app_id: str) -> None:
        """Greet one connection and read its acknowledgements until it ends."""
        socket = connection.socket
        self.connections.append(connection)
        try:
            if len(self.open()) > MAX_CONNECTIONS:
                await self.dismiss(connection, "too_many_websockets")
                return
            await socket.send_json(hello(len(self.open()), app_id))
            await self._read(socket)
        finally:
            self.connections.remove(connection)

    async def _read(self, socket: web.WebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            answer = parsed(frame.data)
            waiting = self._acks.get(str(answer.get("envelope_id")))
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    async def send(self, envelope: Mapping[str, object], seconds: float) -> Json | None:
        """Give the envelope to any one connection; its ack, or None after `seconds`.

        Raises:
            NoConnection: nobody is connected.
        """
        ready = self.open()
        if not ready:
            raise NoConnection
        name = str(envelope["envelope_id"])
        waiting = self._acks.setdefault(name, asyncio.get_running_loop().create_future())
        try:
            await random.choice(ready).socket.send_json(envelope)  # noqa: S311 - which one is no secret
            async with asyncio.timeout(seconds):
                return await asyncio.shield(waiting)
        except (TimeoutError, ConnectionError):
            return None
        finally:
            if self._acks.get(name) is waiting:
                del self._acks[name]

    async def dismiss(self, connection: Connection, reason: str) -> None:
        """Ask one connection to go, then close it."""
        connection.leaving = True
        if not connection.socket.closed:
            await connection.socket.send_json(goodbye(reason))
            await connection.socket.close()

    async def warn(self, reason: str) -> int:
        """Tell all connections to reconnect, and close them soon after; how many."""
        leaving = self.open()
        for connection in leaving:
            connection.leaving = True
            await connection.socket.send_json(goodbye(reason))
            asyncio.get_running_loop().call_later(GRACE_SECONDS, connection.cut)
        return len(leaving)

    def drop(self, count: int | None = None) -> int:
        """Cut connections without a word, as a broken network does; how many."""
        cut = self.open()[:count]
        for connection in cut:
            connection.cut()
        return len(cut)


class NoConnection(Exception):
    """No bot is connected by Socket Mode."""


def parsed(text: str) -> Json:
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def hello(connections: int, app_id: str) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "connection_info": {"app_id": app_id},
        "debug_info": {
            "host": "applink-sandbox",
            "build_number": 1,
            "approximate_connection_time": CONNECTION_SECONDS,
        },
    }


def goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
