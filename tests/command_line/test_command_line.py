"""The real command line in a process of its own: its exit codes and its words."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.server import Sandbox, Wishes, listening_socket, serve_sandbox
from tests.config.setting import FILE, Setting

ROOT = Path(__file__).parents[2]
Pipe = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
IMPATIENT = """
import asyncio, sys
from bot.command_line.run import run
from bot.config import Environment, load
sys.exit(asyncio.run(run(load(Environment.of_this_process()), patience=1)))
"""


@dataclass
class Ended:
    code: int
    out: str
    err: str


@dataclass
class Line:
    """Runs `python` with nothing in its environment but what is set here."""

    setting: Setting

    async def begin(self, *arguments: str, **more: str) -> asyncio.subprocess.Process:
        self.setting.path.write_text(self.setting.toml, encoding="utf-8")
        return await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=self.setting.folder,
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"],
                 "CPH_BOT_CONFIG": str(self.setting.path), "CPH_BOT_LISTEN": "127.0.0.1:0",
                 **self.setting.environment, **more},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    async def run(self, *arguments: str, **more: str) -> Ended:
        return await end(await self.begin(*arguments, **more))


async def end(process: asyncio.subprocess.Process) -> Ended:
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


async def hear(process: asyncio.subprocess.Process, words: str) -> None:
    """Wait until it logs these words."""
    assert process.stderr
    async with asyncio.timeout(30):
        while words not in (line := await process.stderr.readline()).decode():
            assert line, f"it ended without saying {words!r}"


@pytest.fixture
def line(setting: Setting) -> Line:
    return Line(setting)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await serve_sandbox(Wishes(phones=10, servers=1))
    yield running
    await running.close()


@pytest.fixture
def against(setting: Setting, sandbox: Sandbox) -> Setting:
    """The setting with the sandbox's Slack; the cloud is not asked at the start."""
    setting.environment |= sandbox.environment()
    return setting


async def test_mistakes_end_it_with_2_and_a_line_each_on_stderr(line: Line) -> None:
    line.setting.toml = FILE.replace("C0BETA", "beta")
    ended = await line.run("-m", "bot", "run", SLACK_BOT_TOKEN="", CPH_BOT_LISTEN="3000")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        (
            "SLACK_BOT_TOKEN: missing; Slack needs the bot's token "
            "(or name a file in SLACK_BOT_TOKEN_FILE)"
        ),
        "CPH_BOT_LISTEN: 3000 is not host:port",
        f"{line.setting.path}: projects.beta.channel: 'beta' is no id; ids here look like C0OPS",
    ]


@pytest.mark.parametrize("words", [[], ["fly"], ["audit"]])
async def test_an_unknown_command_ends_with_2_and_the_usage(line: Line, words: list[str]) -> None:
    ended = await line.run("-m", "bot", *words)
    assert ended.code == 2
    assert ended.err.startswith("usage: cph-bot")


async def test_a_database_that_lets_nobody_in_ends_it_with_2_and_no_secret(line: Line) -> None:
    line.setting.environment["CPH_BOT_DATABASE_URL"] = "postgresql://nobody:hidden@127.0.0.1:9/x"
    ended = await line.run("-m", "bot", "run")
    assert ended.code == 2
    assert "CPH_BOT_DATABASE_URL: no connection: " in ended.err
    assert "hidden" not in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_token_that_slack_does_not_take_ends_it_with_2(
    line: Line, against: Setting, name: str
) -> None:
    against.environment[name] = "xoxb-hidden-wrong"
    ended = await line.run("-m", "bot", "run")
    assert ended.code == 2
    assert f"Slack does not take {name} (invalid_auth)" in ended.err
    assert "Traceback" not in ended.err
    assert "hidden" not in ended.err


async def test_a_port_that_is_taken_ends_it_with_2(line: Line, against: Setting) -> None:
    with listening_socket(0) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = await line.run("-m", "bot", "run", **against.environment, CPH_BOT_LISTEN=listen)
    assert ended.code == 2
    assert "CPH_BOT_LISTEN: cannot listen there" in ended.err
    assert "Traceback" not in ended.err


async def test_a_slack_that_stays_away_ends_it_with_1_and_a_sentence(line: Line) -> None:
    with listening_socket(0) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/api/"
    ended = await line.run("-c", IMPATIENT, SLACK_API_URL=url)
    assert ended.code == 1
    assert f"Slack at {url} could not be reached" in ended.err
    assert "Traceback" not in ended.err


async def test_a_slack_that_comes_late_is_waited_for_and_sigterm_ends_with_0(
    line: Line, against: Setting, sandbox: Sandbox
) -> None:
    late = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = late.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/api/"
    process = await line.begin("-m", "bot", "run", **{**against.environment, "SLACK_API_URL": url})
    await hear(process, "Slack cannot be reached")
    late.close()
    pipe = await asyncio.start_server(to(sandbox), "127.0.0.1", port)
    await hear(process, "serving Slack")
    process.terminate()
    assert (await end(process)).code == 0
    pipe.close()


def to(sandbox: Sandbox) -> Pipe:
    """Hand each connection on to the sandbox's Slack."""
    host, port = sandbox.slack.url.removeprefix("http://").split(":")

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, asks = await asyncio.open_connection(host, int(port))
        await asyncio.gather(copy(reader, asks), copy(answers, writer))

    return pipe


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while portion := await reader.read(65536):
        writer.write(portion)
    writer.close()


async def test_sigterm_while_slack_is_away_ends_it_at_once(line: Line) -> None:
    with listening_socket(0) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/api/"
    process = await line.begin("-m", "bot", "run", SLACK_API_URL=url)
    await hear(process, "Slack cannot be reached")
    process.terminate()
    ended = await end(process)
    assert ended.code == 0
    assert "Traceback" not in ended.err


async def test_sighup_before_there_is_a_policy_to_read_anew_ends_nothing(line: Line) -> None:
    with listening_socket(0) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/api/"
    process = await line.begin("-m", "bot", "run", SLACK_API_URL=url)
    await hear(process, "Slack cannot be reached")
    process.send_signal(signal.SIGHUP)
    process.terminate()
    assert (await end(process)).code == 0


async def test_a_policy_is_looked_at_without_any_token(line: Line) -> None:
    line.setting.environment.clear()
    ended = await line.run("-m", "bot", "policy", "check")
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch("the policy is in order: 1 rule, version [0-9a-f]{12}\n", ended.out)
    line.setting.toml = FILE.replace("C0BETA", "beta")
    ended = await line.run("-m", "bot", "policy", "check")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"{line.setting.path}: projects.beta.channel: 'beta' is no id")


async def test_a_second_bot_on_the_same_file_ends_with_2(line: Line, against: Setting) -> None:
    first = await line.begin("-m", "bot", "run", **against.environment)
    await hear(first, "serving Slack")
    second = await line.run("-m", "bot", "run", **against.environment)
    assert second.code == 2
    assert "another bot is running on" in second.err
    first.terminate()
    assert (await end(first)).code == 0
