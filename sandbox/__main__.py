"""The command line: `cph-sandbox demo`, `cph-sandbox serve`, `cph-sandbox cloud`."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

from sandbox.cloud.app import cloud_app
from sandbox.demo import demo, stop_signal, tell
from sandbox.server import (
    PAGE_PORT,
    Wishes,
    cloud_environment,
    control_app,
    serve_origin,
    serve_sandbox,
)

COMMANDS = {
    "demo": "run the bot against the sandbox, with a page to use both",
    "serve": "run the sandbox and its page, for a bot started elsewhere",
    "cloud": "run the cloud alone, with its control API",
}


def main() -> None:
    """Run one command and exit with its code."""
    sys.exit(asyncio.run(_run(arguments().parse_args())))


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cph-sandbox", description="A Slack and a cloud on this machine, without accounts."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, purpose in COMMANDS.items():
        _add_wishes(commands.add_parser(name, help=purpose))
    return parser


def _add_wishes(parser: argparse.ArgumentParser) -> None:
    usual = Wishes()
    wishes: tuple[tuple[str, Callable[[str], float], float, str], ...] = (
        ("--port", between(0, 65_533), PAGE_PORT, "of the page; the next two are used as well"),
        ("--phones", between(0, 1_000_000), usual.phones, "how many"),
        ("--servers", between(1, 10_000), usual.servers, "how many"),
        ("--seed", int, usual.seed, "the same seed makes the same ids"),
        ("--job-seconds", seconds, usual.job_seconds, "of the shortest job; the longest: 3 times"),
    )
    for name, read, default, purpose in wishes:
        told = f"{purpose} (%(default)s)"
        parser.add_argument(name, type=read, default=default, help=told, metavar="N")


def between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text} is not between {least} and {most}")
        return int(text)

    return number


def seconds(text: str) -> float:
    if not 0 <= float(text) <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 86400")
    return float(text)


async def _run(given: argparse.Namespace) -> int:
    wishes = Wishes(given.phones, given.servers, given.seed, given.job_seconds)
    match given.command:
        case "demo":
            return await demo(replace(wishes, lively=True), given.port)
        case "serve":
            return await _serve(wishes, given.port)
        case _:
            return await _serve_cloud(wishes, given.port)


async def _serve(wishes: Wishes, port: int) -> int:
    stop = stop_signal()
    sandbox = await serve_sandbox(wishes, port)
    tell(f"page and control   {sandbox.page_url}")
    tell(f"Slack's Web API    {sandbox.slack_api_url}")
    tell(f"cloud and identity {sandbox.cloud_url}   project {sandbox.project_id}\n")
    tell(lines_of(sandbox.environment()))
    await stop.wait()
    await sandbox.close()
    return 0


async def _serve_cloud(wishes: Wishes, port: int) -> int:
    """The cloud at `port`, what steers it at the next."""
    stop, cloud = stop_signal(), await asyncio.to_thread(wishes.cloud)
    phones = await serve_origin(cloud_app(cloud), port)
    control = await serve_origin(control_app(cloud), port and port + 1)
    tell(f"cloud and identity {phones.url}   project {cloud.main.fleet.project_id}")
    tell(f"control            {control.url}\n")
    tell(lines_of(cloud_environment()))
    await stop.wait()
    await asyncio.gather(control.close(), phones.close())
    return 0


def lines_of(environment: Mapping[str, str]) -> str:
    """What a shell takes."""
    return "\n".join(f"export {name}={value}" for name, value in environment.items())


if __name__ == "__main__":
    main()
