"""Two bots on one database, each in a process of its own; the second may be cut off from it."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sqlalchemy.engine import make_url

from tests.crash.home import Home
from tests.crash.scene import Scene

_SOCKET = ".s.PGSQL.5432"


@dataclass
class Wire:
    """The way to a PostgreSQL that can be cut: what is under way ends, and nothing new begins."""

    folder: Path
    target: str
    _server: asyncio.Server | None = None
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)

    @classmethod
    async def lay(cls, url: str, folder: Path) -> Self:
        made = cls(folder, str(make_url(url).query["host"]))
        await made.mend()
        return made

    def url(self, url: str) -> str:
        """The same database by this wire."""
        by_wire = make_url(url).update_query_dict({"host": str(self.folder)})
        return by_wire.render_as_string(hide_password=False)

    async def mend(self) -> None:
        self._server = await asyncio.start_unix_server(self._carry, self.folder / _SOCKET)

    async def cut(self) -> None:
        if self._server is not None:
            self._server.close()
        for end in list(self._ends):
            end.transport.abort()

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, there = await asyncio.open_unix_connection(f"{self.target}/{_SOCKET}")
        self._ends.update((back, there))
        await asyncio.gather(_copy(near, there), _copy(far, back))
        self._ends.difference_update((back, there))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def replica(scene: Scene, folder: Path, database_url: str) -> AsyncIterator[Home]:
    """A bot that runs until the end of the block, whatever it was told meanwhile."""
    await asyncio.to_thread(folder.mkdir)
    home = Home.of(scene.sandbox, folder, database_url)
    await home.start()
    yield home
    await home.leave()


def freeze(home: Home) -> None:
    home.process.send_signal(signal.SIGSTOP)


def thaw(home: Home) -> None:
    home.process.send_signal(signal.SIGCONT)
