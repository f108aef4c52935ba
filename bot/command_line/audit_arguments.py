"""What stands behind `cph-bot audit` on the command line, read as people type it."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final

from bot.divert.request import read_request_id
from bot.divert.typed import words
from bot.policy_file import read_duration
from bot.store.audit import Head
from bot.store.audit_export import FORMS

BOT: Final = "bot"  # who does what nobody asked for
_MENTION: Final = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
_PERSON: Final = re.compile(r"@?([UW][A-Z0-9]{2,})")
# Fewer digits of a hash could be met by trying; what is cut off may be shown as an ellipsis.
_HEAD: Final = re.compile(r"([0-9]{1,18})[:\s]+([0-9a-f]{16,64})(?:…|\.{3})?", re.IGNORECASE)


def add_verbs(audit: ArgumentParser) -> None:
    verbs = audit.add_subparsers(dest="audit", required=True)
    verify = verbs.add_parser("verify", help="find the first changed, removed or moved entry")
    verify.add_argument(
        "--since", type=read_head, metavar="NUMBER:HASH",
        help="a head that was noted before: prove that it is still part of the chain",
    )  # fmt: skip
    export = verbs.add_parser("export", help="write entries as lines of JSON, or as CSV")
    export.add_argument("--format", choices=FORMS, default="jsonl")
    _add_times(export)
    _add_values(export)
    export.add_argument("--output", metavar="FILE", help="default: standard output")


def _add_times(export: ArgumentParser) -> None:
    day = "2026-12-24, 2026-12-24T18:00 (UTC, unless a zone is given) or 7d for so long ago"
    export.add_argument("--since", type=read_since, metavar="DATE", help=day)
    export.add_argument(
        "--until", type=read_until, metavar="DATE", help="the same; a day is meant with all of it"
    )


def _add_values(export: ArgumentParser) -> None:
    """Each may be given several times, or several values at once."""
    several: tuple[tuple[str, str, Callable[[str], list[str]], str], ...] = (
        ("--request", "D-…", read_requests, "of these requests"),
        ("--project", "NAME", read_names, "of these projects"),
        ("--who", "U…", read_people, f"of these people; {BOT}: of the bot itself"),
        ("--event", "EVENT", read_events, "such as ask,approve,deny; verdicts count as well"),
    )
    for name, metavar, read, what in several:
        export.add_argument(
            name, type=read, metavar=metavar, action="extend", default=[], help=what
        )


def read_head(text: str) -> Head:
    """Read "120:ab12…" or "120 ab12…", as `verify` prints it."""
    match = _HEAD.fullmatch(text.strip())
    if match is None:
        raise ArgumentTypeError(
            f"{text!r} is no head; write its number, a colon and 16 digits or more of its hash"
        )
    return Head(int(match[1]), match[2].lower())


def read_since(text: str) -> datetime:
    return _read_moment(text, timedelta())


def read_until(text: str) -> datetime:
    """The end of a day, if a day is given."""
    return _read_moment(text, timedelta(days=1))


def _read_moment(text: str, into_day: timedelta) -> datetime:
    for read in (partial(_read_day, into_day=into_day), _read_exactly, _read_ago):
        with suppress(ValueError, OverflowError):
            return read(text.strip())
    raise ArgumentTypeError(
        f"{text!r} is no time; write one like 2026-12-24, 2026-12-24T18:00 or 7d"
    )


def _read_day(text: str, into_day: timedelta) -> datetime:
    return datetime.combine(date.fromisoformat(text), time.min, UTC) + into_day


def _read_exactly(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read_ago(text: str) -> datetime:
    return datetime.now(UTC) - read_duration(text)


def read_requests(text: str) -> list[str]:
    """Read ids of requests: `D-7K3M, 8a2c`."""
    return [_read_request(word) for word in read_names(text)]


def _read_request(word: str) -> str:
    if (request_id := read_request_id(word)) is None:
        raise ArgumentTypeError(f"{word!r} is no request; they look like D-7K3M")
    return request_id


def read_people(text: str) -> list[str]:
    """Read user ids, `U0ALICE`, `u0alice` or `<@U0ALICE>`; the bot itself is nobody."""
    return [_read_person(word) for word in read_names(_MENTION.sub(r" \1 ", text))]


def _read_person(word: str) -> str:
    if word.lower() == BOT:
        return ""
    if (match := _PERSON.fullmatch(word.upper())) is None:
        raise ArgumentTypeError(f"{word!r} is no user id; they look like U0ALICE")
    return match[1]


def read_events(text: str) -> list[str]:
    return [word.lower().replace("-", "_") for word in read_names(text)]


def read_names(text: str) -> list[str]:
    found = words(text)
    if not found:
        raise ArgumentTypeError("there is nothing in it")
    return found
