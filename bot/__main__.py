"""The command line: `cph-bot run`, `cph-bot audit verify`."""

import argparse
import asyncio
import logging
import sys
from typing import Final

from bot import commands
from bot.config import Config, ConfigError, Environment, load

WRONG_CONFIGURATION: Final = 2  # exit code
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"


def main() -> None:
    """Run one command and exit with its code."""
    sys.exit(_run(_arguments().parse_args()))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cph-bot", description="The CPH divert bot for Slack.")
    parser.add_argument("--verbose", action="store_true", help="log every call")
    verbs = parser.add_subparsers(dest="command", required=True)
    verbs.add_parser("run", help="serve Slack until told to stop")
    audit = verbs.add_parser("audit", help="look at the audit").add_subparsers(
        dest="audit", required=True
    )
    audit.add_parser("verify", help="find the first changed, removed or moved entry")
    return parser


def _run(arguments: argparse.Namespace) -> int:
    _log_to_stderr(verbose=arguments.verbose)
    try:
        config = load(Environment.of_this_process())
        return asyncio.run(_command(arguments.command, config))
    except ConfigError as mistakes:
        print(mistakes, file=sys.stderr)  # noqa: T201 - the command line's answer
        return WRONG_CONFIGURATION


async def _command(command: str, config: Config) -> int:
    if command == "audit":
        return await commands.verify_audit(config)
    return await commands.run(config)


def _log_to_stderr(*, verbose: bool) -> None:
    logging.basicConfig(level=logging.INFO, format=_FORMAT, stream=sys.stderr)
    logging.getLogger("bot").setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in ("httpx", "httpcore", "slack_bolt", "slack_sdk", "aiohttp", "alembic", "dbos"):
        logging.getLogger(name).setLevel(logging.WARNING)


if __name__ == "__main__":
    main()
