"""Bots born of one process that has imported everything, so that a thousand of them start soon.

`python -m tests.crash.nursery` reads a line of JSON for each bot, its environment and log, and
writes a line with its process id, and another once it has ended, with how.
"""

import asyncio
import json
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


@dataclass
class Child:
    """A bot that was born in the nursery."""

    pid: int
    code: asyncio.Future[int]

    async def wait(self) -> int:
        """The exit code; of one that was killed the signal's number, negative."""
        return await asyncio.shield(self.code)

    async def kill(self, number: int) -> None:
        if not self.code.done():
            with suppress(ProcessLookupError):  # it has just ended, and nobody has told us yet
                os.kill(self.pid, number)
        await self.wait()


@dataclass
class Nursery:
    """`async with Nursery() as nursery:` in the process that does the killing."""

    _process: asyncio.subprocess.Process | None = None
    _born: asyncio.Queue[Child] = field(default_factory=asyncio.Queue)
    _alive: dict[int, Child] = field(default_factory=dict)
    _reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._reader is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reader

    async def birth(self, environment: Mapping[str, str], log: Path) -> Child:
        """Start a bot, its log added to what is there."""
        assert self._process is not None
        assert self._process.stdin is not None
        wish = {"environment": dict(environment), "log": str(log)}
        self._process.stdin.write(json.dumps(wish).encode() + b"\n")
        return await self._born.get()

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            if "code" in told:
                self._alive.pop(told["pid"]).code.set_result(told["code"])
                continue
            child = Child(told["pid"], asyncio.get_running_loop().create_future())
            self._alive[child.pid] = child
            self._born.put_nowait(child)


def _serve() -> None:
    """In the nursery: one birth for each line, until there are no more."""
    from bot import __main__ as bot  # noqa: PLC0415 - in the nursery alone

    for line in sys.stdin.buffer:
        wish = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(wish["environment"], wish["log"])
            bot.main()
        _tell(pid=pid)
        threading.Thread(target=_watch, args=(pid,)).start()


def _become(environment: Mapping[str, str], log: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for stream, file in ((0, nothing), (1, output), (2, output)):
        os.dup2(file, stream)
    sys.argv[:] = ["cph-bot", "run"]


def _watch(pid: int) -> None:
    _, status = os.waitpid(pid, 0)
    _tell(pid=pid, code=os.waitstatus_to_exitcode(status))


def _tell(**what: int) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    _serve()
