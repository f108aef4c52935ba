"""What `cph-bot audit` does: `verify` and `export`."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Final, TextIO, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Config
from bot.divert.click import Verdict
from bot.divert.failures import LedgerAway
from bot.divert.mistyped import nearest
from bot.divert.request import Event
from bot.store.audit import Head
from bot.store.audit_export import FORMS, Wanted, export, unknown
from bot.store.audit_proof import Fault, Wrong, prove
from bot.store.database import open_database

T = TypeVar("T")
Values = Mapping[str, frozenset[str]]

BROKEN: Final = 1  # exit codes
MISTAKEN: Final = 2
# What may be asked for though it has not happened yet.
EVENTS: Final = frozenset({"ask", "decide", "pause", "policy", *Event, *Verdict})
_IS_WRONG: Final = {
    Wrong.MISSING: "it is missing{and_up_to}",
    Wrong.CUT: "it is missing{and_up_to}: the end was cut off",
    Wrong.MOVED: "what was written under this number has the number {other} now",
    Wrong.CHANGED: "it does not fit its hash: it was changed{or_before}",
    Wrong.REHASHED: "its hash was changed, and nothing else of it",
    Wrong.LOOSE: "it does not follow the one before: it was changed or put in, or one is missing",
    Wrong.EARLY: "it stands before the first: it was put in, or its number was changed",
    Wrong.AHEAD: "it is behind the head, {other}: it was put in, or the head was set back",
    Wrong.NOT_THE_HEAD: "it is not the head: it was changed with its hash, or the head was",
    Wrong.NO_HEAD: "there is no head behind it",
    Wrong.NOT_AS_NOTED: "it is not as it was noted: the audit was written anew",
}


class NoAudit(Exception):
    """There is no audit in the database that CPH_BOT_DATABASE_URL names."""


async def act(arguments: Namespace, config: Config) -> int:
    """Do what was asked for; the exit code."""
    acts = {"verify": _verify, "export": _export}
    try:
        return await acts[arguments.audit](arguments, config)
    except NoAudit:
        return _mistaken("there is no audit in the database that CPH_BOT_DATABASE_URL names")


async def _verify(arguments: Namespace, config: Config) -> int:
    """Look for the first entry that is not as it was written; else tell the head to be noted."""
    noted: Head | None = arguments.since
    found = await _read(config, lambda connection: prove(connection, noted))
    if isinstance(found, Fault):
        _say(f"the audit is broken at entry {found.number}: {what_is_wrong(found)}")
        return BROKEN
    _say("the audit is whole" + (f", with entry {noted.number} as noted" if noted else ""))
    _say(f"{found.number} {found.hash}")
    return 0


def what_is_wrong(fault: Fault) -> str:
    """What is wrong with an entry, in words."""
    many, before = fault.other > fault.number, fault.number - 1
    return _IS_WRONG[fault.wrong].format(
        other=fault.other,
        and_up_to=f", with all up to {fault.other}" if many else "",
        or_before=f", or entry {before} was with its hash" if before else "",
    )


async def _export(arguments: Namespace, config: Config) -> int:
    """Write the entries that are wanted, unless a value is one that nobody knows."""
    if arguments.since and arguments.until and arguments.since >= arguments.until:
        return _mistaken("--since is not before --until")
    wanted = Wanted(_values(arguments), arguments.since, arguments.until)
    in_doubt = _in_doubt(wanted.values, config)

    def write(connection: Connection) -> Values:
        if not (wrong := unknown(connection, in_doubt)):
            with _opened(arguments.output) as output:
                output.writelines(export(connection, FORMS[arguments.format], wanted))
        return wrong

    try:
        wrong = await _read(config, write)
    except BrokenPipeError:
        return BROKEN  # who reads has enough
    except OSError as failure:
        output = arguments.output or "standard output"
        return _mistaken(f"{output}: cannot be written: {failure.strerror}")
    return _mistaken(*_unknown(wrong, config)) if wrong else 0


def _values(arguments: Namespace) -> Values:
    given = {key: frozenset(vars(arguments)[key]) for key in ("request", "project", "who", "event")}
    return {key: values for key, values in given.items() if values}


def _known(config: Config) -> Values:
    return {"project": frozenset(config.file.projects), "event": EVENTS, "who": frozenset({""})}


def _in_doubt(values: Values, config: Config) -> Values:
    """What is known only if an entry has it."""
    known = _known(config)
    return {key: some - known.get(key, frozenset()) for key, some in values.items()}


def _unknown(wrong: Values, config: Config) -> list[str]:
    known = _known(config)
    return [
        f"--{key}: the audit knows no {value!r}{_perhaps(value, known.get(key, frozenset()))}"
        for key, values in wrong.items()
        for value in sorted(values)
    ]


def _perhaps(value: str, known: frozenset[str]) -> str:
    better = nearest(value, sorted(known))
    return f"; did you mean {better}?" if better else ""


def _opened(path: str | None) -> TextIO:
    """A file for nobody else's eyes, since it holds reasons; or standard output."""
    return open(
        sys.stdout.fileno() if path is None else path,
        "w", encoding="utf-8", errors="replace", newline="", closefd=path is not None,
        opener=None if path is None else _private,
    )  # fmt: skip


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


async def _read(config: Config, work: Callable[[Connection], T]) -> T:
    try:
        database = open_database(config.database_url)
    except OSError as failure:
        raise NoAudit from failure
    try:
        return await database.read(work)
    except (LedgerAway, SQLAlchemyError) as failure:
        raise NoAudit from failure
    finally:
        await database.close()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _mistaken(*lines: str) -> int:
    sys.stderr.writelines(f"{line}\n" for line in lines)
    return MISTAKEN
