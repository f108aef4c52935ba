"""The phones of one project: the whole fleet, what the cloud leaves of it, or single pages."""

from bisect import bisect
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import aclosing
from functools import partial
from operator import attrgetter
from sys import intern
from typing import Final
from urllib.parse import quote

from bot.cph.call import Call
from bot.cph.calls import Calls
from bot.cph.governor import Kind
from bot.cph.lists import BAD_PAGE, Listing, Page, read_list
from bot.cph.wire import PhoneRow, PhonesBody
from bot.divert.failures import Rejected
from bot.divert.phones import Phone
from bot.divert.ports import ALL
from bot.divert.selection import Filter
from bot.divert.together import together

_PATH: Final = "cloud-phone/phones"
_PAGE: Final = 200
_SMALLER_PAGE: Final = 100  # the most that older versions give
_MOST_PAGES: Final = 5_000  # a million phones, where the cloud does not count them
# The cloud says the same of an id it cannot read, does not know, and knows in another project.
_NO_SUCH_PHONE: Final = frozenset({"CPS.0004", "CPS.0005", "HTTP.404"})

Query = tuple[tuple[str, str], ...]


class PhoneList:
    """Reads at most so many pages at once; remembers how many phones a page may hold."""

    def __init__(self, calls: Calls, at_once: int) -> None:
        self._calls = calls
        self._at_once = at_once
        self._size = _PAGE

    async def one(self, phone_id: str) -> Phone | None:
        """Return one phone, None if this project has none of this id.

        Raises:
            CloudFailure: it cannot be read.
        """
        path = f"{_PATH}/{quote(phone_id, safe='~')}"
        try:
            row = await self._calls.read(Call(Kind.PHONE, path), PhoneRow)
        except Rejected as refusal:
            if refusal.code in _NO_SUCH_PHONE:
                return None
            raise
        return _phone(row.model_copy(update={"phone_id": row.phone_id or phone_id}))

    async def check(self) -> None:
        """Read as little as can be read.

        Raises:
            CloudFailure: it cannot be read.
        """
        await self._read(0, 1, ())

    async def pages(self, only: Filter) -> AsyncIterator[tuple[int, list[Phone]]]:
        """Yield (phones there are, phones not yielded before).

        Raises:
            CloudFailure: a page cannot be read, or the list does not end.
        """
        listing = Listing(
            "phones",
            partial(self._page, query=_query(only)),
            attrgetter("phone_id"),
            self._at_once,
            _MOST_PAGES,
        )
        async with aclosing(read_list(listing)) as reading:
            async for count, found in reading:
                yield count, [_phone(row, place if only == ALL else -1) for place, row in found]

    async def at(self, places: Mapping[str, int]) -> dict[str, Phone]:
        """Return those of the phones that are on the page of their place, or near it.

        Where some have moved, the others show how far: one that is missing is looked for on the
        page where it should be by now, and nowhere else.

        Raises:
            CloudFailure: a page cannot be read.
        """
        had = {phone_id: place for phone_id, place in places.items() if place >= 0}
        pages = {place // _PAGE for place in had.values()}
        found = await self._on(pages, had)
        moved = {place // _PAGE for place in _places_now(had, found) if place >= 0}
        return found | await self._on(moved - pages, had)

    async def _on(self, pages: Iterable[int], wanted: Mapping[str, int]) -> dict[str, Phone]:
        waiting = deque(sorted(pages))
        found: dict[str, Phone] = {}

        async def work() -> None:
            while waiting:
                async for phone in self._stretch(waiting.popleft() * _PAGE):
                    if phone.id in wanted:
                        found[phone.id] = phone

        await together(work() for _ in range(min(self._at_once, len(waiting))))
        return found

    async def _stretch(self, start: int) -> AsyncIterator[Phone]:
        """Yield the 200 phones from here, in as many pages as the cloud makes of them."""
        offset, end = start, start + _PAGE
        while offset < end:
            page = await self._page_or_end(offset)
            for place, row in enumerate(page.rows, offset):
                yield _phone(row, place)
            offset += len(page.rows)
            if not page.rows or offset >= _length(page, offset):
                return

    async def _page_or_end(self, offset: int) -> Page[PhoneRow]:
        """A place may lie behind the end by now, and older versions refuse such an offset."""
        try:
            return await self._page(offset)
        except Rejected as refusal:
            if not offset or refusal.code != BAD_PAGE:
                raise
            return Page((), self._size)

    async def _page(self, offset: int, query: Query = ()) -> Page[PhoneRow]:
        size = self._size
        try:
            body = await self._read(offset, size, query)
        except Rejected as refusal:
            if refusal.code != BAD_PAGE or size == _SMALLER_PAGE:
                raise
            size = _SMALLER_PAGE
            body = await self._read(offset, size, query)
            self._size = size
        return Page(body.phones, size, body.count)

    async def _read(self, offset: int, limit: int, query: Query) -> PhonesBody:
        page = (("limit", str(limit)), ("offset", str(offset)))
        return await self._calls.read(Call(Kind.PHONES, _PATH, (*page, *query)), PhonesBody)


def _length(page: Page[PhoneRow], read: int) -> int:
    """How long the list is at least, as far as the page tells."""
    if page.count is not None:
        return page.count
    return read + (len(page.rows) >= page.size)


def _places_now(had: Mapping[str, int], found: Mapping[str, Phone]) -> Iterator[int]:
    """Where those that were not found should be, if they moved as the nearest that was."""
    shifts = {had[phone.id]: phone.place - had[phone.id] for phone in found.values()}
    known = sorted(shifts)
    if not known:
        return
    for phone_id in had.keys() - found.keys():
        place = had[phone_id]
        after = bisect(known, place)
        near = known[max(after - 1, 0) : after + 1]
        yield place + shifts[min(near, key=lambda one: abs(one - place))]


def _query(only: Filter) -> Query:
    query = []
    if only.server:
        query.append(("server_id", only.server))
    if only.status is not None:
        query.append(("status", str(only.status)))
    if only.name:
        query.append(("phone_name", only.name))
    return tuple(query)


def _phone(row: PhoneRow, place: int = -1) -> Phone:
    """A fleet of many has few routes and servers: each is kept once."""
    route, server = intern(row.traffic_type), intern(row.server_id)
    return Phone(row.phone_id, route, server, row.phone_name, row.status or 0, place)
