"""What stands behind `cph-bot policy` on the command line, read as people type it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.command_line.policy_cases import Person
from bot.command_line.policy_trial import Situation
from bot.divert.typed import words
from bot.environment import ConfigError
from bot.policy_file import Channel, Tag, UserOrGroup

_TRIAL: Final = ("channel", "groups", "phones", "servers", "tags", "fleet", "at")


class _Intermixed(ArgumentParser):
    """Takes its words wherever they stand among the options."""

    _mixing = False

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Namespace | None = None
    ) -> tuple[Namespace, list[str]]:
        if self._mixing:  # it parses in two rounds, by this
            return super().parse_known_args(args, namespace)
        self._mixing = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False


def add_verbs(policy: ArgumentParser) -> None:
    verbs = policy.add_subparsers(dest="policy", required=True, parser_class=_Intermixed)
    check = verbs.add_parser(
        "check", help="find mistakes and what cannot be meant so; hold a command against the rules"
    )
    check.add_argument(
        "words", nargs="*", metavar="FILE, COMMAND",
        help="the TOML file, by default that of CPH_BOT_CONFIG; behind it, with --as and --in, a "
        'command such as "/cph divert routing name:*"',
    )  # fmt: skip
    check.add_argument("--strict", action="store_true", help="exit with 1 where there are warnings")
    _add_trial(check)
    test = verbs.add_parser("test", help="hold the policy to the decisions that a file expects")
    test.add_argument("cases", metavar="FILE", help="TOML with a [[case]] for each decision")
    test.add_argument("--policy", dest="file", metavar="FILE", help="default: CPH_BOT_CONFIG")


def _add_trial(check: ArgumentParser) -> None:
    trial = check.add_argument_group("a command held against the rules, with what it would find")
    people, groups, channel = _one(Person), _each(UserOrGroup), _one(Channel)
    trial.add_argument("--as", dest="person", type=people, metavar="U…", help="who says it")
    trial.add_argument("--groups", type=groups, metavar="S…", help="which user groups they are in")
    trial.add_argument("--in", dest="channel", type=channel, metavar="C…", help="where")
    trial.add_argument("--phones", type=_count, metavar="N", help="how many phones it means")
    trial.add_argument("--servers", type=words, metavar="NAME…", help="on which servers")
    trial.add_argument("--tags", type=_each(Tag), metavar="KEY=VALUE…", help="with which tags")
    trial.add_argument("--fleet", type=_count, metavar="N", help="how many the project has")
    when = "when; such as 2026-12-01T10:00 (UTC, unless a zone is given), default: now"
    trial.add_argument("--at", type=_moment, metavar="TIME", help=when)


def file_of(arguments: Namespace) -> str:
    """The file that is named; empty where none is."""
    named: list[str] = arguments.words[:-1] if arguments.person else arguments.words
    if len(named) > 1:
        raise ConfigError(f"{named[1]}: one file is enough; a command needs --as and --in")
    return named[0] if named else ""


def situation_of(arguments: Namespace, now: datetime) -> Situation | None:
    """What is to be held against the rules, if anything.

    Raises:
        ConfigError: only a part of it is said.
    """
    if arguments.person is None:
        for key in _TRIAL:
            if getattr(arguments, key) is not None:
                raise ConfigError(f"--{_OPTIONS.get(key, key)} needs --as")
        return None
    if arguments.channel is None:
        raise ConfigError("--as needs --in, the channel where it is said")
    if not arguments.words:
        raise ConfigError('--as needs a command, such as "/cph divert routing name:*"')
    return Situation(
        arguments.person,
        arguments.channel,
        arguments.words[-1],
        arguments.at or now,
        arguments.groups,
        arguments.phones,
        arguments.servers or (),
        arguments.tags or (),
        arguments.fleet,
    )


_OPTIONS: Final = {"channel": "in"}


def _one(kind: Any) -> Callable[[str], str]:  # noqa: ANN401 - a type with its checks
    """Read one word of a kind that the TOML file has too."""
    adapter: TypeAdapter[str] = TypeAdapter(kind)

    def read(text: str) -> str:
        try:
            return adapter.validate_python(text)
        except ValidationError as wrong:
            reason = wrong.errors()[0]["msg"].removeprefix("Value error, ")
            raise ArgumentTypeError(reason) from None

    return read


def _each(kind: Any) -> Callable[[str], list[str]]:  # noqa: ANN401 - as above
    """Read words with commas or gaps between them."""
    read = _one(kind)
    return lambda text: [read(word) for word in words(text)]


def _count(text: str) -> int:
    digits = text.replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit()):
        raise ArgumentTypeError(f"{text!r} is no number")
    return int(digits)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no time; write one like 2026-12-01T10:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
