"""The phones a selection means at this moment, read with as few calls as it takes."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from bot.divert.observing import PAGE, observe
from bot.divert.phones import Phone
from bot.divert.ports import ALL
from bot.divert.selection import Filter, Key, Selection, Server, Term, fits, matches, status_number
from bot.divert.together import together
from bot.divert.world import World

FEW_SERVERS: Final = 3  # are read one by one without asking how long the whole list is

Progress = Callable[[int, int], Awaitable[None]]  # phones read, phones there are


async def _in_silence(_read: int, _all: int) -> None:
    """Nobody waits for news."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The phones of a request as they are now.

    `ids` are distinct and in their order: of the input, else of the cloud's list. `excluded` are
    those that were given as ids and that the terms leave out. `whole_fleet` says that no phone
    of the project is left out, `fleet` how many it has, where that was read anyway.
    """

    ids: tuple[str, ...]
    seen: Mapping[str, Phone]
    excluded: frozenset[str] = frozenset()
    whole_fleet: bool = False
    fleet: int | None = None


class NothingMeant(Exception):
    """A term that stands for nothing in this project; `value` is what nothing fits."""

    def __init__(self, term: Term, value: str) -> None:
        super().__init__(f"{term.key} {value}")
        self.term = term
        self.value = value


class TooManyMeant(Exception):
    """More phones than one request may hold."""

    def __init__(self, phones: int) -> None:
        super().__init__(str(phones))
        self.phones = phones


async def meant(
    world: World,
    project: str,
    ids: Sequence[str],
    selection: Selection,
    progress: Progress = _in_silence,
) -> Meant:
    """Read the phones of ids, of a selection, or of ids that a selection narrows.

    Raises:
        NothingMeant: a server or a tag that the project does not have.
        TooManyMeant: more phones than one request may hold.
        CloudFailure: the cloud could not be read.
    """
    homes = await _homes(world, project, selection)
    if ids:
        return await _narrowed(world, project, ids, selection, homes)
    return await _Search(world, project, selection, homes, progress).run()


async def _narrowed(
    world: World,
    project: str,
    ids: Sequence[str],
    selection: Selection,
    homes: Mapping[Term, frozenset[str]],
) -> Meant:
    seen = await observe(world, project, ids)
    left_out = (phone.id for phone in seen.values() if not fits(phone, selection, homes))
    return Meant(tuple(ids), seen, frozenset(left_out))


async def _homes(world: World, project: str, selection: Selection) -> dict[Term, frozenset[str]]:
    """The servers each term stands for.

    A term for what does not exist is a mistake, most of all where it excludes.
    """
    by_name, by_tag = selection.of(Key.SERVER), selection.of(Key.TAG)
    servers = await world.names.servers(project, fresh=True) if by_name else []
    named = {term: _named(servers, term) for term in by_name}
    return named | {term: await _tagged(world, project, term) for term in by_tag}


def _named(servers: Sequence[Server], term: Term) -> frozenset[str]:
    found: set[str] = set()
    for value in term.values:
        some = {one.id for one in servers if one.id == value or matches(value, one.name)}
        if not some and not (term.excluded and "*" in value):
            raise NothingMeant(term, value)
        found |= some
    return frozenset(found)


async def _tagged(world: World, project: str, term: Term) -> frozenset[str]:
    key = term.values[0].partition("=")[0]
    tagged = await world.cloud.tagged(project, key)
    found: set[str] = set()
    for value in term.values:
        _, marked, wanted = value.partition("=")
        pattern = wanted if marked else "*"
        some = {server for server, had in tagged.items() if matches(pattern, had)}
        if not some and not (term.excluded and "*" in value):
            raise NothingMeant(term, value)
        found |= some
    return frozenset(found)


@dataclass(slots=True)
class _Search:
    """One reading of all phones that a selection without ids means."""

    world: World
    project: str
    selection: Selection
    homes: Mapping[Term, frozenset[str]]
    progress: Progress
    found: dict[str, Phone] = field(default_factory=dict)
    beyond: int = 0  # phones that fit, above what one request may hold
    fleet: int | None = None  # phones of the project, where its whole list was read

    async def run(self) -> Meant:
        servers = self._servers()
        if servers is not None and len(servers) <= FEW_SERVERS:
            await self._of_servers(servers)
        else:
            await self._of_list(servers)
        if self.beyond:
            raise TooManyMeant(len(self.found) + self.beyond)
        whole = bool(self.found) and await self._is_whole_fleet()
        return Meant(tuple(self.found), self.found, whole_fleet=whole, fleet=self.fleet)

    def _servers(self) -> frozenset[str] | None:
        """The only servers that can hold phones that are meant; None: any."""
        included = [self.homes[term] for term in self.selection.included if term in self.homes]
        if not included:
            return None
        excluded = (self.homes[term] for term in self.homes if term.excluded)
        return frozenset.intersection(*included).difference(*excluded)

    async def _of_list(self, servers: Collection[str] | None) -> None:
        """Page by page, or server by server where the first page shows that this is shorter."""
        read, only = 0, self._filter()
        async for count, page in self.world.cloud.phone_pages(self.project, only):
            self.fleet = count if only == ALL else None
            first, read = not read, read + len(page)
            if first and servers is not None and len(servers) < ceil(count / PAGE) - 1:
                await self._of_servers(servers)
                return
            self._take(page)
            await self.progress(read, count)

    async def _of_servers(self, servers: Collection[str]) -> None:
        """Each server's list, several at a time; the order is that of the servers' ids."""
        waiting, at_once = sorted(servers), self.world.concurrency
        for start in range(0, len(waiting), at_once):
            lists = (self._of_server(server) for server in waiting[start : start + at_once])
            for phones in await together(lists):
                self._take(phones)
            await self.progress(min(start + at_once, len(waiting)), len(waiting))

    async def _of_server(self, server: str) -> list[Phone]:
        pages = self.world.cloud.phone_pages(self.project, self._filter(server))
        return [phone async for _, page in pages for phone in page]

    def _filter(self, server: str = "") -> Filter:
        return Filter(server, *_narrowing(self.selection))

    def _take(self, phones: Sequence[Phone]) -> None:
        for phone in phones:
            if phone.id in self.found or not fits(phone, self.selection, self.homes):
                continue
            if len(self.found) < self.world.file_ids:
                self.found[phone.id] = phone
            else:
                self.beyond += 1

    async def _is_whole_fleet(self) -> bool:
        """Whether nothing is left out; asked for only where the terms may mean everything."""
        if not all(map(_is_wide, self.selection.included)):
            return False
        if self.fleet is None:
            self.fleet = await fleet_size(self.world, self.project)
        return len(self.found) >= self.fleet


async def fleet_size(world: World, project: str) -> int:
    """How many phones the project has, by the first page of its list.

    Raises:
        CloudFailure: it cannot be read.
    """
    count, _ = await anext(world.cloud.phone_pages(project))
    return count


def _is_wide(term: Term) -> bool:
    """Whether it names nothing exactly: a wildcard, a tag's key alone, a route or a status."""
    if term.key in (Key.ROUTE, Key.STATUS):
        return True
    any_value = term.key is Key.TAG and any("=" not in value for value in term.values)
    return any_value or any("*" in value for value in term.values)


def _narrowing(selection: Selection) -> tuple[int | None, str]:
    """The status and the part of the name that the cloud itself can look for."""
    status, name = None, ""
    for term in selection.included:
        if len(term.values) != 1:
            continue
        if term.key is Key.STATUS:
            status = status_number(term.values[0])
        elif term.key is Key.NAME:
            name = max(term.values[0].split("*"), key=len)
    return status, name
