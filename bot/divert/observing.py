"""Phones read from the cloud as they are now: before a change, and after it as proof."""

from collections.abc import Collection, Iterable, Sequence
from math import ceil
from typing import Final

from bot.divert.outcome import PhoneRow
from bot.divert.phones import Phone
from bot.divert.selection import Filter
from bot.divert.together import together
from bot.divert.world import World

PAGE: Final = 200  # phones in one page of the cloud's list


async def observe(world: World, project: str, ids: Collection[str]) -> dict[str, Phone]:
    """Phones nobody has seen yet, one by one or by the whole list, whichever costs fewer calls.

    Raises:
        CloudFailure: the cloud could not be read.
    """
    return await _missing(world, project, frozenset(ids), _pages(world.names.fleet(project)))


async def observe_again(world: World, project: str, rows: Sequence[PhoneRow]) -> dict[str, Phone]:
    """Phones that were planned, as they are now, by whichever costs the fewest calls.

    That is one by one, by the servers they were on, by the pages where the list of all phones
    had them, or by the whole list.

    Raises:
        CloudFailure: the cloud could not be read.
    """
    places = {row.id: row.place for row in rows if row.place >= 0}
    servers = {row.server for row in rows if row.server}
    by_page = len({place // PAGE for place in places.values()}) + len(rows) - len(places)
    by_server = len(servers) + sum(not row.server for row in rows)
    seen: dict[str, Phone] = {}
    if by_server < min(len(rows), by_page):
        seen = await _on_servers(world, project, servers)
    elif by_page < len(rows):
        seen = await world.cloud.phones_at(project, places)
    wanted = frozenset(row.id for row in rows)
    found = {one: seen[one] for one in wanted & seen.keys()}
    pages = _pages(max(places.values(), default=-1) + 1)
    return found | await _missing(world, project, wanted - found.keys(), pages)


async def _on_servers(world: World, project: str, servers: Iterable[str]) -> dict[str, Phone]:
    found: dict[str, Phone] = {}
    waiting = iter(sorted(servers))

    async def read() -> None:
        for server in waiting:
            async for _, page in world.cloud.phone_pages(project, Filter(server)):
                found.update((phone.id, phone) for phone in page)

    await together(read() for _ in range(world.concurrency))
    return found


async def _missing(
    world: World, project: str, wanted: frozenset[str], pages: int
) -> dict[str, Phone]:
    """One by one, or by the whole list, which has so many pages at least; 0 is not known."""
    if len(wanted) <= max(pages, 1):
        return await _one_by_one(world, project, wanted)
    seen: dict[str, Phone] = {}
    read = 0
    async for count, page in world.cloud.phone_pages(project):
        read += 1
        world.names.counted(project, count)
        seen.update((phone.id, phone) for phone in page if phone.id in wanted)
        left = wanted - seen.keys()
        if not left:
            break
        if read == 1 and len(left) < _pages(count) - 1:
            return seen | await _one_by_one(world, project, left)
    return seen


def _pages(phones: int) -> int:
    return ceil(phones / PAGE)


async def _one_by_one(world: World, project: str, ids: Collection[str]) -> dict[str, Phone]:
    """Several at a time."""
    found: dict[str, Phone] = {}
    waiting = iter(ids)

    async def read() -> None:
        for phone_id in waiting:
            phone = await world.cloud.phone(project, phone_id)
            if phone is not None:
                found[phone.id] = phone

    await together(read() for _ in range(min(len(ids), world.concurrency)))
    return found
