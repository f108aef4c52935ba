"""Many people ask for many things, with faults on both sides; nothing may grow or be wrong.

    python -m bench.soak --minutes 10 --per-minute 120

The bot's process is the real one, the sandbox is this one. See `crowd.py` for who asks for what,
and `trouble.py` for what goes wrong. Asking ends after the minutes; then all of it must come to
rest. Exits with 1 where something is wrong.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench.ledger_view import LedgerView
from bench.soak.crowd import APPROVERS, CHANNELS, REQUESTERS, Crowd
from bench.soak.report import Report
from bench.soak.samples import Sampler
from bench.soak.trouble import SlackTrouble, trouble_the_cloud
from bench.soak.wishes import Phones
from bench.truth import Shown
from sandbox.cloud.accounts import AccessKey, User
from sandbox.demo import config_text
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from tests.crash.home import Home
from tests.postgres import fresh_database, running_postgres

# At 120 requests a minute people are looked up 480 times and 480 messages are posted. Slack takes
# 100 and 300 a minute of one workspace, so its limits are lifted to this many workspaces'. The
# bot keeps the pace of one: a message a second in a channel, 40 edits of cards a minute. In 24
# channels each gets some 20 messages a minute, a third of what it takes.
WORKSPACES = 6
FAULTS = 0.05
PATIENCE = 3600.0  # seconds for all to come to rest
REST = 30.0  # seconds in which idle connections close
# What is planned and followed for one credential is done one at a time, one to three a second, so
# these requests are those of several teams, each with a project and a credential of its own.
PROJECTS = 4
PROJECT = """
[projects.{name}]
region = "cn-north-4"
project_id = {{project_id}}
endpoint = {{cloud_url}}
iam_endpoint = {{cloud_url}}
secrets = {{{{ ak = "SOAK_{name}_AK", sk = "SOAK_{name}_SK" }}}}
channel = "C0OPS"
channels = {channels}
"""
CONFIG = """
[limits]
calls_per_second = 50

[times]
first_poll = "5s"
poll = "3s"

[roles]
requesters = {requesters}
approvers = {approvers}

[[rules]]
who = ["requesters"]
approvals = [{{{{ count = 1, from = ["approvers"] }}}}]
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--per-minute", type=float, default=120)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--phones", type=int, default=30_000)
    sys.exit(asyncio.run(soak(parser.parse_args())))


async def soak(wish: argparse.Namespace) -> int:
    """Print the report; 1 where something is wrong."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = ""
        if wish.database == "postgresql":
            url = fresh_database(stack.enter_context(running_postgres()))
        sandbox = await serve_sandbox(Wishes(phones=wish.phones, servers=wish.phones // 60))
        stack.push_async_callback(sandbox.close)
        slack = await stack.enter_async_context(SlackDriver(sandbox.control_url))
        home = await stack.enter_async_context(_running(sandbox, folder, url))
        ledger = LedgerView.of(home.environment["CPH_BOT_DATABASE_URL"])
        stack.callback(ledger.close)
        crowd = Crowd(slack, sandbox.workspace, sandbox.cloud, ledger, Phones(sandbox.cloud, 1))
        report = await _soaked(wish, crowd, home)
        print(report)
        return 1 if report.wrong else 0


@asynccontextmanager
async def _running(sandbox: Sandbox, folder: Path, database_url: str) -> AsyncIterator[Home]:
    file = folder / "soak.toml"
    file.write_text(config_text(sandbox, _settings()), encoding="utf-8")
    more = {"CPH_BOT_CONFIG": str(file), **_credentials(sandbox)}
    home = Home.of(sandbox, folder, database_url, more)
    try:
        await home.start()
        yield home
    finally:
        await home.leave()


async def _soaked(wish: argparse.Namespace, crowd: Crowd, home: Home) -> Report:
    assert home.bot is not None
    await crowd.slack.put("limits", scale=WORKSPACES)
    await crowd.arrive()
    shown = Shown(crowd.workspace)
    sampler = Sampler(home.bot.process.pid, crowd.ledger)
    trouble = SlackTrouble(crowd.slack, shown, FAULTS)
    await asyncio.sleep(REST)
    before = sampler.take(0)
    looking = [asyncio.create_task(one) for one in (_look(crowd.ledger, shown), sampler.run())]
    faults = asyncio.create_task(trouble.run())
    trouble_the_cloud(crowd.cloud, FAULTS)
    begun = time.monotonic()
    lives = await crowd.ask_for(60 * wish.minutes, wish.per_minute)
    asked = time.monotonic()
    _, unrested = await asyncio.wait(lives, timeout=PATIENCE)
    faults.cancel()
    rested = time.monotonic()
    await crowd.slack.clear_faults()
    await asyncio.sleep(REST)
    after = sampler.take(time.monotonic() - begun)
    for task in (*looking, *unrested):
        task.cancel()
    await asyncio.gather(*looking, faults, *lives, return_exceptions=True)
    spans = asked - begun, rested - asked
    return Report(crowd, shown, trouble, sampler.samples, before, after, *spans, _failed(lives))


def _failed(lives: list[asyncio.Task[None]]) -> list[str]:
    errors = (life.exception() for life in lives if not life.cancelled())
    return [f"{type(error).__name__}: {error}" for error in errors if error is not None]


async def _look(ledger: LedgerView, shown: Shown) -> None:
    while True:
        await asyncio.to_thread(ledger.refresh)
        shown.look()
        await asyncio.sleep(0.3)


def _credentials(sandbox: Sandbox) -> dict[str, str]:
    """A user of the cloud for each project, and the environment that names its key."""
    environment = {}
    for number in range(PROJECTS):
        key = AccessKey(f"SOAKKEY{number}", f"made-up-{number}", User(f"soak-{number}", "made-up"))
        sandbox.cloud.accounts.keys[key.access] = key
        environment[f"SOAK_p{number}_AK"] = key.access
        environment[f"SOAK_p{number}_SK"] = key.secret
    return environment


def _settings() -> str:
    """The channels are dealt out among the projects, which are one in the cloud."""
    projects = (
        PROJECT.format(name=f"p{number}", channels=_toml(CHANNELS[number::PROJECTS]))
        for number in range(PROJECTS)
    )
    people = {"requesters": _toml(REQUESTERS), "approvers": _toml(APPROVERS)}
    return "".join(projects) + CONFIG.format(**people)


def _toml(names: list[str]) -> str:
    return str(names).replace("'", '"')


if __name__ == "__main__":
    main()
