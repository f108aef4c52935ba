"""What a look found: a few sentences, and every phone as a file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.divert.card import plan_lines
from bot.divert.phones import Phone, Route
from bot.divert.request import Draft, Note
from bot.divert.resolving import SERVERS_TOLD, Resolved, most_first
from bot.divert.selecting import Meant
from bot.divert.selection import Selection, status_word
from bot.divert.sentence import Button, Sentence
from bot.divert.wording import Words

HEAD_NOW: Final = ("phone_id", "name", "route", "status", "server_id", "server")
HEAD_PLAN: Final = (
    "phone_id", "name", "state", "route_before", "route_asked", "server_id", "server", "hindrance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sight:
    """`rows` begin with their head, from the first one each time; without them there is no file."""

    sentences: tuple[Sentence, ...]
    rows: Callable[[], Iterator[Sequence[str]]] | None = None
    buttons: tuple[Button, ...] = ()


def phones_now(
    meant: Meant, names: Mapping[str, str], project: str, selection: Selection, words: Words
) -> Sight:
    """What is where now: counts by route, status and server."""
    phones = [phone for phone in meant.seen.values() if phone.id not in meant.excluded]
    if not phones:
        return Sight((words.nothing_found(selection),))
    servers = most_first(names.get(phone.server) or phone.server for phone in phones)
    told = [
        words.phones_now(len(phones), project, selection),
        words.by_route(most_first(phone.route for phone in phones)),
        words.by_status(most_first(status_word(phone.status) for phone in phones)),
        words.by_server(servers[:SERVERS_TOLD], len(servers)),
    ]
    unknown = len(meant.ids) - len(meant.seen)
    if unknown:
        told.append(words.unknown_here(unknown, project))
    return Sight(tuple(told), partial(_rows_now, meant, phones, names))


def _rows_now(
    meant: Meant, phones: Iterable[Phone], names: Mapping[str, str]
) -> Iterator[Sequence[str]]:
    yield HEAD_NOW
    for phone in phones:
        status, name = status_word(phone.status), names.get(phone.server, "")
        yield (phone.id, phone.name, phone.route, status, phone.server, name)
    for phone_id in meant.ids:
        if phone_id not in meant.seen:
            yield (phone_id, "", "", "unknown", "", "")


def plan_now(resolved: Resolved, draft: Draft, words: Words) -> Sight:
    """The plan that would go up for approval, as its card would tell it."""
    note = resolved.note(Note(repeated=draft.repeated, unreadable=draft.unreadable))
    told = plan_lines(draft, note, resolved.plan.counts, words)
    return Sight(tuple(told), partial(_rows_planned, resolved, draft.route))


def _rows_planned(resolved: Resolved, route: Route) -> Iterator[Sequence[str]]:
    yield HEAD_PLAN
    for row in resolved.rows():
        yield (
            row.id, row.name, row.state, row.route_before, route, row.server, row.server_name,
            row.hindrance,
        )  # fmt: skip
