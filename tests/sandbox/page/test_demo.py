"""The demonstration: one command, one URL, and nothing left behind."""

import asyncio
import os
import signal
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from sandbox.demo import BotFailed, bot_environment, config_text, running_bot
from sandbox.server import Sandbox

SANDBOX = ("-m", "sandbox")
STAND_IN = (sys.executable, "-m", "tests.sandbox.page.stand_in")


def test_the_settings_name_this_sandbox(sandbox: Sandbox) -> None:
    config = tomllib.loads(config_text(sandbox))
    project = config["projects"]["demo"]
    assert project["endpoint"] == project["iam_endpoint"] == sandbox.cloud_url
    assert project["project_id"] == sandbox.project_id
    assert project["channel"] in sandbox.workspace.rooms
    members = {one for role in config["roles"].values() for one in role}
    assert members <= set(sandbox.workspace.groups)


def test_nothing_set_for_the_real_thing_reaches_the_bot(sandbox: Sandbox, tmp_path: Path) -> None:
    outer = {
        "PATH": "/usr/bin",
        "HTTP_PROXY": "http://proxy.example:3128",
        "SLACK_BOT_TOKEN_FILE": "/run/secrets/slack",
        "SLACK_SIGNING_SECRET": "real",
        "HUAWEICLOUD_SDK_SECURITY_TOKEN": "real",
        "HW_USER_PASSWORD": "real",
        "CPH_BOT_DATABASE_URL_FILE": "/run/secrets/database",
    }
    given = bot_environment(outer, sandbox, tmp_path, "http://127.0.0.1:1")
    assert "real" not in given.values()
    assert not [name for name in given if name.endswith("_FILE")]
    assert given["HTTP_PROXY"] == outer["HTTP_PROXY"]
    assert given["CPH_BOT_LISTEN"] == "127.0.0.1:1"


async def test_a_bot_that_dies_is_told_of_with_its_last_words(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with running_bot(sandbox, tmp_path, (*STAND_IN, "dead")) as bot:
        with pytest.raises(BotFailed, match=r"code 1(.|\n)*the database is on fire"):
            await bot.ready()


async def test_a_bot_that_dies_later_is_noticed(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_bot(sandbox, tmp_path, (*STAND_IN, "ready")) as bot:
        await bot.ready()
        bot.process.kill()
        with pytest.raises(BotFailed, match="ended with code -9"):
            await bot.ended()


async def test_a_bot_that_does_not_stop_is_killed(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_bot(sandbox, tmp_path, (*STAND_IN, "stubborn")) as bot:
        await bot.ready()
        await bot.stop(seconds=0.2)
    assert bot.process.returncode == -signal.SIGKILL


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@asynccontextmanager
async def python(
    *arguments: str, folder: Path, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Python in a process of its own, its temporary files in `folder`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments,
        env={**os.environ, "TMPDIR": str(folder), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def line_with(process: asyncio.subprocess.Process, part: str) -> str:
    assert process.stdout is not None
    said = []
    async with asyncio.timeout(60):
        async for line in process.stdout:
            said.append(line.decode())
            if part in said[-1]:
                return said[-1].strip()
    raise AssertionError(f"no {part!r} in {''.join(said)}")


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
async def test_the_real_bot_starts_behind_a_proxy_and_stops_without_a_trace(
    told: signal.Signals, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy"), "http://127.0.0.1:9")
    async with python(*SANDBOX, "demo", "--port", "0", folder=tmp_path, **proxies) as process:
        url = (await line_with(process, "Open ")).removeprefix("Open ")
        async with http.get(f"{url}control/slack/state") as answer:
            assert (await answer.json())["connections"] > 0
        async with http.get(f"{url}control/cloud/summary") as answer:
            statuses = (await answer.json())["phones_by_status"]
        assert statuses == {"2": 1473, "8": 18, "6": 9}
        assert left_in(tmp_path)
        process.send_signal(told)
        rest, _ = await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 0, rest.decode()
    assert left_in(tmp_path) == []


async def test_serve_prints_what_a_bot_needs(tmp_path: Path) -> None:
    async with python(*SANDBOX, "serve", "--port", "0", folder=tmp_path) as process:
        line = await line_with(process, "SLACK_API_URL")
        assert line.startswith("export SLACK_API_URL=http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_the_cloud_alone_answers(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    alone = ("cloud", "--port", "0", "--phones", "30")
    async with python(*SANDBOX, *alone, folder=tmp_path) as process:
        url = (await line_with(process, "control ")).split()[-1]
        async with http.get(f"{url}/control/cloud/summary") as answer:
            assert (await answer.json())["phones"] == 30
        async with http.get(f"{url}/control/slack/state") as answer:
            assert answer.status == 404
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 10) == 0


DOOMED = f"""
import asyncio, sys
from sandbox.demo import demo
from sandbox.server import Wishes
sys.exit(asyncio.run(demo(Wishes(phones=0), 0, {(*STAND_IN, "dead")!r})))
"""


async def test_a_demonstration_whose_bot_dies_fails_and_says_why(tmp_path: Path) -> None:
    async with python("-c", DOOMED, folder=tmp_path) as process:
        said, _ = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert "The bot ended with code 1. Its last words:\nthe database is on fire" in said.decode()
    assert left_in(tmp_path) == []
