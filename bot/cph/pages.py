"""The whole fleet, page by page, while it changes under the reader."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from typing import Final

from bot.cph.call import Call
from bot.cph.calls import Calls
from bot.cph.governor import Kind
from bot.cph.inventory import phone
from bot.cph.wire import PhonesBody
from bot.divert.failures import Rejected
from bot.divert.phones import Phone

_log = logging.getLogger(__name__)
_PAGE: Final = 200
_SMALLER_PAGE: Final = 100  # the most that older versions give
_MOST_PAGES: Final = 10_000
_READINGS: Final = 3
_BAD_PAGE: Final = "CPS.0002"


async def read_phones(calls: Calls, at_once: int) -> AsyncIterator[tuple[int, list[Phone]]]:
    """Yield (phones there are, phones not yielded before), reading so many pages at once.

    The newest phone comes first, so one that is made pushes a known one onto the next page, and
    one that is removed pulls an unknown one off it. A reading that saw fewer phones than there
    were at its start has missed some, and is done again; at most three times.

    Raises:
        CloudFailure: a page cannot be read.
    """
    seen: set[str] = set()
    for _ in range(_READINGS):
        reading = _Reading(calls, at_once)
        async for phones in reading.pages():
            fresh = [phone for phone in phones if phone.id not in seen]
            seen.update(phone.id for phone in fresh)
            yield len(seen) if reading.count is None else reading.count, fresh
        if reading.is_whole:
            return
    _log.warning("the list of phones changed during each of %d readings", _READINGS)


class _Reading:
    """One pass over the list. Without a count, as in old versions, each page tells of the next."""

    def __init__(self, calls: Calls, at_once: int) -> None:
        self._calls = calls
        self._at_once = at_once
        self._ids: set[str] = set()
        self._at_start: int | None = None
        self._step = _PAGE
        self._last_was_full = True
        self.count: int | None = None

    @property
    def is_whole(self) -> bool:
        return self._at_start is None or len(self._ids) >= self._at_start

    async def pages(self) -> AsyncIterator[list[Phone]]:
        yield self._note(await self._first())
        self._at_start = self.count
        waiting: deque[asyncio.Task[PhonesBody]] = deque()
        offset = self._step
        try:
            while waiting or self._goes_on(offset):
                while self._goes_on(offset) and len(waiting) < self._ahead:
                    waiting.append(asyncio.create_task(self._page(offset, self._step)))
                    offset += self._step
                known = len(self._ids)
                yield self._note(await waiting[0])
                waiting.popleft()
                if len(self._ids) == known:
                    break
        finally:
            await _cancel(waiting)

    @property
    def _ahead(self) -> int:
        return 1 if self.count is None else self._at_once

    def _goes_on(self, offset: int) -> bool:
        if not self._step or offset >= _MOST_PAGES * self._step:
            return False
        return self._last_was_full if self.count is None else offset < self.count

    async def _first(self) -> PhonesBody:
        """Read the first page, which shows how many phones a page really holds."""
        try:
            body = await self._page(0, _PAGE)
        except Rejected as refusal:
            if refusal.code != _BAD_PAGE:
                raise
            self._step = _SMALLER_PAGE
            body = await self._page(0, _SMALLER_PAGE)
        if body.count is not None:
            self._step = min(self._step, len(body.phones))
        return body

    async def _page(self, offset: int, limit: int) -> PhonesBody:
        query = (("limit", str(limit)), ("offset", str(offset)))
        return await self._calls.read(Call(Kind.PHONES, "cloud-phone/phones", query), PhonesBody)

    def _note(self, body: PhonesBody) -> list[Phone]:
        self.count = body.count
        self._last_was_full = len(body.phones) >= self._step
        phones = [phone(row) for row in body.phones if row.phone_id]
        self._ids.update(phone.id for phone in phones)
        return phones


async def _cancel(tasks: deque[asyncio.Task[PhonesBody]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
