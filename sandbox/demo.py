"""The demonstration: the sandbox, and the bot as it is against it, until told to stop."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import aiohttp

from sandbox.server import HOST, PAGE_PORT, Sandbox, Wishes, listening_socket, serve_sandbox

BOT: Final = (sys.executable, "-m", "bot", "run")
READY: Final = 60.0  # seconds the bot has to say that it is ready
GOODBYE: Final = 12.0  # seconds it has to end once it is told to
LOOK: Final = 0.2  # seconds between two questions whether it is ready
LAST_LINES: Final = 20

# What a developer may have set for the real thing; none of it gets into the demonstration.
REAL_SETTINGS: Final = ("SLACK_", "CPH_BOT_", "HUAWEICLOUD_", "HW_", "OS_")

CONFIG: Final = """\
[projects.demo]
region = "cn-north-4"
project_id = {project_id}
endpoint = {cloud_url}
iam_endpoint = {cloud_url}
credentials = "ak_sk"
channel = "C0OPS"

[limits]
calls_per_second = 10

[times]
approval = "8h"
plan_max_age = "1h"
first_poll = "1s"
poll = "1s"

[roles]
requesters = ["S0OPS"]
approvers = ["S0APPROVE"]

[[rules]]
who = ["requesters"]
projects = ["demo"]
routes = ["routing", "direct"]
max_phones = 5000
approvals = [{{ count = 1, from = ["approvers"] }}]
self_approval = false
"""


UNASSIGNED: Final = range(20_000, 32_000)  # below the ports that Linux gives to connections


class BotFailed(Exception):
    """The bot did not get ready, or ended by itself; the message has its last words."""


@dataclass
class BotProcess:
    """A bot in a process of its own; `url` is where it answers /readyz."""

    url: str
    log: Path
    process: asyncio.subprocess.Process

    async def ready(self) -> None:
        """Wait until it answers.

        Raises:
            BotFailed: it ended, or `READY` seconds went by.
        """
        try:
            async with asyncio.timeout(READY), aiohttp.ClientSession(trust_env=False) as http:
                while not await self._is_ready(http):
                    if self.process.returncode is not None:
                        raise self._failure(f"ended with code {self.process.returncode}")
                    await asyncio.sleep(LOOK)
        except TimeoutError:
            raise self._failure(f"was not ready after {READY:.0f} s") from None

    async def _is_ready(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def ended(self) -> None:
        """Wait for an end that nobody asked for.

        Raises:
            BotFailed: it came.
        """
        code = await self.process.wait()
        raise self._failure(f"ended with code {code}")

    def _failure(self, what: str) -> BotFailed:
        return BotFailed(f"The bot {what}. Its last words:\n{last_lines(self.log)}")

    async def stop(self, seconds: float = GOODBYE) -> None:
        """Ask it to end, and end it if it has not in this time."""
        if self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), seconds)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()


@contextlib.asynccontextmanager
async def running_bot(
    sandbox: Sandbox, folder: Path, command: Sequence[str] = BOT, config: str = CONFIG
) -> AsyncIterator[BotProcess]:
    """The bot against this sandbox, with its settings, database and log in `folder`."""
    url, log = f"http://{HOST}:{free_port()}", folder / "bot.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=bot_environment(os.environ, sandbox, folder, url, config),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for us; we then tell the bot
        )
    bot = BotProcess(url, log, process)
    try:
        yield bot
    finally:
        await bot.stop()


def bot_environment(
    outer: Mapping[str, str], sandbox: Sandbox, folder: Path, url: str, config: str = CONFIG
) -> dict[str, str]:
    """Ours, without anything set for a real Slack or cloud, and with what the sandbox needs."""
    file = folder / "demo.toml"
    file.write_text(config_text(sandbox, config), encoding="utf-8")
    kept = {name: value for name, value in outer.items() if not name.startswith(REAL_SETTINGS)}
    return {
        **kept,
        **sandbox.environment(),
        "CPH_BOT_CONFIG": str(file),
        "CPH_BOT_DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite'}",
        "CPH_BOT_LISTEN": url.removeprefix("http://"),
    }


def config_text(sandbox: Sandbox, config: str = CONFIG) -> str:
    """The bot's TOML file for this sandbox. A JSON string is a TOML string too."""
    cloud_url, project_id = json.dumps(sandbox.cloud_url), json.dumps(sandbox.project_id)
    return config.format(cloud_url=cloud_url, project_id=project_id)


def free_port() -> int:
    """A port that is free, and that the system gives to nobody else's connection meanwhile."""
    with listening_socket(secrets.choice(UNASSIGNED)) as found:
        return int(found.getsockname()[1])


def last_lines(log: Path) -> str:
    with log.open(encoding="utf-8", errors="replace") as lines:
        return "".join(deque(lines, LAST_LINES)) or "(it said nothing)"


async def demo(wishes: Wishes, port: int = PAGE_PORT, command: Sequence[str] = BOT) -> int:
    """Run the demonstration until Ctrl-C or SIGTERM; the exit code."""
    stop = stop_signal()
    sandbox = await serve_sandbox(wishes, port)
    try:
        with TemporaryDirectory(prefix="cph-demo-") as folder:
            async with running_bot(sandbox, Path(folder), command) as bot:
                await _show(sandbox, bot, stop)
    except BotFailed as failure:
        tell(str(failure))
        return 1
    finally:
        await sandbox.close()
    return 0


async def _show(sandbox: Sandbox, bot: BotProcess, stop: asyncio.Event) -> None:
    tell("Starting the bot against a made-up Slack and a made-up cloud …")
    await first_of(bot.ready(), stop.wait())
    if not stop.is_set():
        tell(f"\n    Open {sandbox.page_url}\n\nCtrl-C stops everything; nothing is kept.")
        await first_of(bot.ended(), stop.wait())
    tell("Stopping …")


async def first_of(*those: Awaitable[object]) -> None:
    """Wait for one of these, give up the others, and raise what the one raised."""
    tasks = [asyncio.ensure_future(one) for one in those]
    done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    for task in done:
        task.result()


def stop_signal() -> asyncio.Event:
    """Set by Ctrl-C and by SIGTERM, which do nothing else from here on."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command line's answer
