"""What `cph-bot policy` does: `check` and `test`. It needs no token, no Slack and no cloud."""

import sys
from argparse import Namespace
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from bot.command_line.policy_arguments import file_of, situation_of
from bot.command_line.policy_cases import CasesFile, failures
from bot.command_line.policy_trial import NoWish, try_out
from bot.command_line.policy_warnings import warnings
from bot.command_line.policy_words import said, told
from bot.config_file import ConfigFile
from bot.config_reading import parsed, read_content
from bot.environment import ConfigError, Environment

WARNED: Final = 1  # exit codes
FAILED: Final = 1
MISTAKEN: Final = 2


def act(arguments: Namespace, environment: Environment) -> int:
    """Do what was asked for; the exit code.

    Raises:
        ConfigError: with one line for each mistake in a file, or in what was asked.
    """
    now = datetime.now(UTC)
    if arguments.policy == "test":
        return _test(_read(arguments.file, environment), arguments.cases, now)
    given = situation_of(arguments, now)
    file = _read(file_of(arguments), environment)
    if given is None:
        return _check(file, now, is_strict=arguments.strict)
    try:
        _say(told(try_out(file, given), given))
    except NoWish as wrong:
        return _mistaken(map(said, wrong.sentences))
    return 0


def _read(path: str, environment: Environment) -> ConfigFile:
    path = path or environment.get("CPH_BOT_CONFIG")
    if not path:
        raise ConfigError("name the TOML file of the policy, here or in CPH_BOT_CONFIG")
    return parsed(path, read_content(path), ConfigFile)


def _check(file: ConfigFile, now: datetime, *, is_strict: bool) -> int:
    policy = file.policy()
    found = list(warnings(policy, now, file.times.approval))
    _say(
        [f"the policy is in order: {counted(len(policy.rules), 'rule')}, version {policy.version}"]
    )
    _say(f"warning: {line}" for line in found)
    return WARNED if found and is_strict else 0


def _test(file: ConfigFile, path: str, now: datetime) -> int:
    cases = parsed(path, read_content(path), CasesFile)
    wrong = list(failures(file, cases, now))
    _say(f"failed: {line}" for line in wrong)
    passed, version = len(cases.case) - len(wrong), file.policy().version
    _say([f"{counted(passed, 'case')} passed, {len(wrong)} failed, by policy {version}"])
    return FAILED if wrong else 0


def counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _say(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _mistaken(lines: Iterable[str]) -> int:
    sys.stderr.writelines(f"{line}\n" for line in lines)
    return MISTAKEN
