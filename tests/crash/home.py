"""A bot in a process of its own, as a machine runs it, and all of it that outlives the process."""

import asyncio
import json
import os
import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from sandbox.demo import BOT, REAL_SETTINGS, BotProcess, free_port, last_lines
from sandbox.server import HOST, Sandbox

CONCURRENCY = 4
CONFIG = """
[projects.demo]
region = "cn-north-4"
project_id = {project_id}
endpoint = {cloud}
channel = "C0OPS"

[limits]
calls_per_second = 500
concurrency = {concurrency}

[times]
first_poll = "300ms"
poll = "200ms"
job_deadline = "5s"

[operators]
who = ["oncall"]

[roles]
oncall = ["U0DAVE"]
requesters = ["S0OPS"]
approvers = ["S0APPROVE"]

[[rules]]
who = ["requesters"]
max_phones = 5000
approvals = [{{ count = 1, from = ["approvers"] }}]
"""
SIGKILL_CODE = -9
_GOODBYE = 20.0  # seconds; how long an end takes is measured apart


@dataclass
class Home:
    """Settings, database, address and log; `bot` is the process that lives there now."""

    folder: Path
    url: str
    environment: dict[str, str] = field(repr=False)  # secrets are in it
    bot: BotProcess | None = None
    command: Sequence[str] = BOT

    @classmethod
    def of(
        cls,
        sandbox: Sandbox,
        folder: Path,
        database_url: str = "",
        more: Mapping[str, str] | None = None,
    ) -> Self:
        """A home in `folder`; without a URL its database is SQLite, there too."""
        url = f"http://{HOST}:{free_port()}"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(REAL_SETTINGS)}
        own = {
            "CPH_BOT_CONFIG": str(_config(sandbox, folder)),
            "CPH_BOT_DATABASE_URL": database_url or f"sqlite:///{folder / 'bot.sqlite'}",
            "CPH_BOT_LISTEN": url.removeprefix("http://"),
        }
        return cls(folder, url, {**kept, **sandbox.environment(), **own, **(more or {})})

    @property
    def log(self) -> Path:
        return self.folder / "bot.log"

    async def start(self) -> BotProcess:
        """Start a bot here and wait until it is ready; its log is added to the last one's."""
        bot = await self.spawn()
        await bot.ready()
        return bot

    async def spawn(self, more: Mapping[str, str] | None = None) -> BotProcess:
        """Start a bot here, with this besides in its environment."""
        environment = {**self.environment, **(more or {})}
        with self.log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *self.command, env=environment, stdout=output, stderr=output
            )
        self.bot = BotProcess(self.url, self.log, process)
        return self.bot

    async def kill(self) -> None:
        """SIGKILL: nothing of the process can react."""
        process = self.process
        process.kill()
        assert await process.wait() == SIGKILL_CODE, last_lines(self.log)

    async def terminate(self) -> tuple[int, float]:
        """SIGTERM; the exit code and the seconds it took."""
        process, loop = self.process, asyncio.get_running_loop()
        begun = loop.time()
        process.terminate()
        code = await asyncio.wait_for(process.wait(), _GOODBYE)
        return code, loop.time() - begun

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self.bot is not None, "no bot was started here"
        return self.bot.process

    @property
    def executor_id(self) -> str:
        """Of the bot that started here last, by its log."""
        log = self.log.read_text(encoding="utf-8")
        return str(re.findall(r"serving Slack as executor (\S+);", log)[-1])

    async def leave(self) -> None:
        """Whatever became of the test, leave no process behind."""
        if self.bot is not None and self.bot.process.returncode is None:
            self.bot.process.kill()
            await self.bot.process.wait()

    def ask(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        """Read the ledger's tables beside the bot (SQLite only)."""
        file = self.environment["CPH_BOT_DATABASE_URL"].removeprefix("sqlite:///")
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def states(self) -> list[str]:
        """Of all requests, the oldest first."""
        return [state for (state,) in self.ask("SELECT state FROM requests ORDER BY asked_at")]

    def decisions(self) -> Sequence[tuple[str, str]]:
        """Person and verdict of every decision, in their order."""
        return [(who, what) for who, what in self.ask("SELECT person, verdict FROM decisions")]


def _config(sandbox: Sandbox, folder: Path) -> Path:
    file = folder / "bot.toml"
    cloud, project = json.dumps(sandbox.cloud_url), json.dumps(sandbox.project_id)
    text = CONFIG.format(cloud=cloud, project_id=project, concurrency=CONCURRENCY)
    file.write_text(text, encoding="utf-8")
    return file
