"""The command line: `cph-bot run`, `cph-bot audit …`, `cph-bot policy …`."""

import argparse
import asyncio
import logging
import sys
from typing import Final

from bot.command_line import audit, audit_arguments, policy, policy_arguments
from bot.command_line.run import run
from bot.config import Config, ConfigError, Environment, load
from bot.memory import share_pools

WRONG_CONFIGURATION: Final = 2  # exit code
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"


def main() -> None:
    """Run one command and exit with its code."""
    share_pools()
    sys.exit(_run(_arguments().parse_args()))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cph-bot", description="The CPH divert bot for Slack.")
    parser.add_argument("--verbose", action="store_true", help="log every call")
    verbs = parser.add_subparsers(dest="command", required=True)
    verbs.add_parser("run", help="serve Slack until told to stop")
    audit_arguments.add_verbs(verbs.add_parser("audit", help="look at the audit"))
    policy_arguments.add_verbs(verbs.add_parser("policy", help="look at the policy"))
    return parser


def _run(arguments: argparse.Namespace) -> int:
    _log_to_stderr(verbose=arguments.verbose)
    environment = Environment.of_this_process()
    try:
        if arguments.command == "policy":
            return policy.act(arguments, environment)
        config = load(environment)
        return asyncio.run(_command(arguments, config))
    except ConfigError as mistakes:
        print(mistakes, file=sys.stderr)  # noqa: T201 - the command line's answer
        return WRONG_CONFIGURATION


async def _command(arguments: argparse.Namespace, config: Config) -> int:
    if arguments.command == "audit":
        return await audit.act(arguments, config)
    return await run(config)


def _log_to_stderr(*, verbose: bool) -> None:
    logging.basicConfig(level=logging.INFO, format=_FORMAT, stream=sys.stderr)
    logging.getLogger("bot").setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in ("httpx", "httpcore", "slack_bolt", "slack_sdk", "aiohttp", "alembic", "dbos"):
        logging.getLogger(name).setLevel(logging.WARNING)


if __name__ == "__main__":
    main()
