"""A list of the cloud's, read page by page while it changes under the reader."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from math import ceil
from typing import Final, Generic, TypeVar

from bot.divert.failures import Rejected, Unclear

_log = logging.getLogger(__name__)
_READINGS: Final = 3
_MORE_PAGES: Final = 10  # than twice those there were at the start
_MOST_PAGES: Final = 10_000  # whatever count the cloud claims
BAD_PAGE: Final = "CPS.0002"
ENDLESS: Final = "LIST.ENDLESS"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows as served; `size` is how many were asked for, `count` how many the list has."""

    rows: Sequence[Row]
    size: int
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """How a list is read: `ask` for the page at an offset, and tell rows apart by their `key`.

    A row without a key is none. `at_once` pages are asked for together where the list says its
    count; `most_pages` is where a list that does not is thought to have no end.
    """

    name: str
    ask: Callable[[int], Awaitable[Page[Row]]]
    key: Callable[[Row], str]
    at_once: int = 1
    most_pages: int = 200


async def read_list(
    listing: Listing[Row],
) -> AsyncGenerator[tuple[int, list[tuple[int, Row]]], None]:
    """Yield (rows there are, rows not yielded before, each with its place), page by page.

    A row that is put in front pushes a known one onto the next page, and one that is removed
    pulls an unknown one off it. A reading that saw fewer rows than there were at its start has
    missed some, and is done again; at most three times.

    Raises:
        Unclear: the list does not end.
        CloudFailure: a page cannot be read.
    """
    seen: set[str] = set()
    for _ in range(_READINGS):
        reading = _Reading(listing)
        async with aclosing(reading.pages()) as pages:
            async for offset, page in pages:
                fresh = list(_fresh(listing, offset, page, seen))
                yield len(seen) if page.count is None else page.count, fresh
        if reading.is_whole:
            return
    _log.warning("the list of %s changed during each of %d readings", listing.name, _READINGS)


async def whole_list(listing: Listing[Row]) -> list[Row]:
    """All rows, each once.

    Raises:
        CloudFailure: as `read_list`.
    """
    return [row async for _, found in read_list(listing) for _, row in found]


def _fresh(
    listing: Listing[Row], offset: int, page: Page[Row], seen: set[str]
) -> Iterator[tuple[int, Row]]:
    for place, row in enumerate(page.rows, offset):
        key = listing.key(row)
        if key and key not in seen:
            seen.add(key)
            yield place, row


class _Reading(Generic[Row]):
    """One pass over the list. Without a count, as in old versions, each page tells of the next."""

    def __init__(self, listing: Listing[Row]) -> None:
        self._listing = listing
        self._keys: set[str] = set()
        self._at_start: int | None = None
        self._step = 0
        self._next = 0
        self._asked = 0
        self._most = listing.most_pages
        self._last: Page[Row] = Page((), 0)

    @property
    def is_whole(self) -> bool:
        return self._at_start is None or len(self._keys) >= self._at_start

    async def pages(self) -> AsyncGenerator[tuple[int, Page[Row]], None]:
        """Yield each page with its offset, in order."""
        first = await self._listing.ask(0)
        self._begin(first)
        yield 0, self._noted(first)
        waiting: deque[tuple[int, asyncio.Task[Page[Row]]]] = deque()
        try:
            while waiting or self._goes_on:
                while self._goes_on and len(waiting) < self._ahead:
                    waiting.append(self._start())
                known, (offset, task) = len(self._keys), waiting[0]
                yield offset, self._noted(await task)
                waiting.popleft()
                if len(self._keys) == known:
                    break
        finally:
            await _cancel([task for _, task in waiting])

    def _begin(self, first: Page[Row]) -> None:
        """See how many rows a page really holds, and how many pages may come at most."""
        self._at_start, self._step, self._asked = first.count, first.size, 1
        if first.count is not None:
            self._step = min(first.size, len(first.rows))
            pages = 2 * ceil(first.count / max(self._step, 1)) + _MORE_PAGES
            self._most = min(pages, _MOST_PAGES)
        self._next = self._step

    @property
    def _ahead(self) -> int:
        return 1 if self._last.count is None else self._listing.at_once

    @property
    def _goes_on(self) -> bool:
        if not self._step:
            return False
        if self._last.count is None:
            return len(self._last.rows) >= self._step
        return self._next < self._last.count

    def _start(self) -> tuple[int, asyncio.Task[Page[Row]]]:
        if self._asked >= self._most:
            raise Unclear(
                ENDLESS, f"the list of {self._listing.name} did not end after {self._asked} pages"
            )
        offset = self._next
        self._asked += 1
        self._next += self._step
        return offset, asyncio.create_task(self._page(offset))

    async def _page(self, offset: int) -> Page[Row]:
        """Older versions refuse an offset of all rows."""
        try:
            return await self._listing.ask(offset)
        except Rejected as refusal:
            if refusal.code != BAD_PAGE:
                raise
            return Page((), self._step)

    def _noted(self, page: Page[Row]) -> Page[Row]:
        self._last = page
        self._keys.update(filter(None, map(self._listing.key, page.rows)))
        return page


async def _cancel(tasks: Sequence[asyncio.Task[Page[Row]]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
