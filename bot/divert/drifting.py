"""Which phones of an ended request are no longer where it put them."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from bot.divert.grammar import write_command
from bot.divert.observing import observe_again
from bot.divert.outcome import PhoneRow, PhoneState
from bot.divert.phones import Phone
from bot.divert.refusing import run
from bot.divert.request import CLOSED, Draft, Request
from bot.divert.sentence import Button
from bot.divert.sight import Sight
from bot.divert.wording import Words
from bot.divert.world import World

HEAD: Final = (
    "phone_id", "name", "route_asked", "route_now", "moved_by", "server_id", "server",
)  # fmt: skip
_PORTION: Final = 2_000  # rows read at once
GONE: Final = "gone"  # what is said of the route of a phone the cloud no longer knows


async def drift(world: World, request: Request, words: Words) -> Sight:
    """Read the routes of all phones that a request moved, and name those that have moved since.

    Raises:
        CloudFailure: the cloud could not be read.
    """
    if request.state not in CLOSED:
        return Sight((words.drift_too_early(request.id),))
    rows = [row async for row in _proven(world, request.id)]
    if not rows:
        return Sight((words.nothing_was_moved(request.id),))
    seen = await observe_again(world, request.project, rows)
    moved = [row for row in rows if _is_elsewhere(row, seen, request)]
    if not moved:
        return Sight((words.no_drift(request.id, len(rows), request.route),))
    ids = [row.id for row in moved]
    by = await world.ledger.read(lambda tx: tx.moved_later(request.id, ids))
    told = words.drifted(request.id, len(moved), len(rows), request.route)
    who = words.moved_by(Counter(by.values()).most_common(), len(moved) - len(by))
    buttons = _put_back(request, [row.id for row in moved if row.id in seen], words)
    return Sight((told, who), partial(_rows, moved, seen, by, request), buttons)


async def _proven(world: World, request_id: str) -> AsyncIterator[PhoneRow]:
    after = 0
    while some := await world.ledger.read(lambda tx, a=after: tx.rows(request_id, a, _PORTION)):  # type: ignore[misc]
        for row in some:
            if row.state is PhoneState.SUCCEEDED:
                yield row
        after = some[-1].number


def _is_elsewhere(row: PhoneRow, seen: Mapping[str, Phone], request: Request) -> bool:
    phone = seen.get(row.id)
    return phone is None or phone.route != request.route


def _put_back(request: Request, ids: Sequence[str], words: Words) -> tuple[Button, ...]:
    """Ask for the same route again, where so few have moved that a button can name them."""
    draft = Draft("", "", request.project, request.route, ids=tuple(ids))
    return run(write_command(draft), words) if ids else ()


def _rows(
    moved: Sequence[PhoneRow],
    seen: Mapping[str, Phone],
    by: Mapping[str, str],
    request: Request,
) -> Iterator[Sequence[str]]:
    yield HEAD
    for row in moved:
        phone = seen.get(row.id)
        route = GONE if phone is None else phone.route
        name = row.name if phone is None else phone.name
        yield (
            row.id, name, request.route, route, by.get(row.id, ""), row.server, row.server_name,
        )  # fmt: skip
