"""Whether this process can work: its database, its file handles and its clock.

Every process watches itself. What goes wrong twice in a row is trouble: it is logged once, shown
by `/readyz`, and told in the operators' channel once, and once more when it is over.
"""

import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.divert.failures import Away, LedgerAway, Trouble, Undeliverable
from bot.divert.sentence import Sentence
from bot.divert.wording import Words

EVERY: Final = 2.0  # seconds between two looks
ENOUGH: Final = 2  # looks in a row until trouble is believed, or its end

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found wrong; `seconds` is by how much the clock jumped."""

    trouble: Trouble
    seconds: float = 0


Look = Callable[[], Awaitable[Found | None]]
Say = Callable[[Sentence], Awaitable[object]]


@dataclass(slots=True)
class Part:
    """One thing that is looked at, and what has been found of late.

    `wrong` is the trouble that is believed, since `since` by the monotonic clock.
    """

    look: Look
    wrong: Found | None = None
    since: float = 0
    in_a_row: int = 0  # looks that say otherwise than `wrong`

    async def turns(self, now: float) -> bool:
        """Look once; whether trouble begins or ends with this."""
        found = await self.look()
        if (found is None) == (self.wrong is None):
            self.in_a_row = 0
            return False
        if found is not None and not self.in_a_row:
            self.since = now
        self.in_a_row += 1
        if self.in_a_row < ENOUGH:
            return False
        self.in_a_row = 0
        self.wrong = found
        return True


@dataclass(slots=True)
class Watch:
    """`say` puts a sentence into the operators' channel; it raises `Away` or `Undeliverable`."""

    looks: Mapping[str, Look]
    say: Say
    words: Words
    host: str
    ticks: Callable[[], float] = time.monotonic
    _parts: dict[str, Part] = field(init=False)
    _unsaid: deque[tuple[str, Sentence]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._parts = {name: Part(look) for name, look in self.looks.items()}

    def is_well(self, name: str) -> Callable[[], Awaitable[bool]]:
        """What says whether a part works, as far as is known."""

        async def well() -> bool:
            return self._parts[name].wrong is None

        return well

    async def look(self) -> None:
        """Look at each part once."""
        for name, part in self._parts.items():
            before = part.wrong
            if await part.turns(self.ticks()):
                self._note(name, part, before)

    def _note(self, name: str, part: Part, before: Found | None) -> None:
        if part.wrong is not None:
            _log.warning("trouble: %s", part.wrong.trouble)
            self._unsaid.append((name, self._begun(part.wrong)))
        elif before is not None:
            lasted = self.ticks() - part.since
            _log.warning("over after %.0f s: %s", lasted, before.trouble)
            self._forget(name)
            self._unsaid.append((name, self.words.trouble_over(before.trouble, lasted, self.host)))

    def _begun(self, found: Found) -> Sentence:
        if found.trouble is Trouble.CLOCK:
            return self.words.clock_jumped(found.seconds, self.host)
        return self.words.trouble_begins(found.trouble, self.host)

    def _forget(self, name: str) -> None:
        """What is over before it could be said is told by its end alone."""
        kept = [one for one in self._unsaid if one[0] != name]
        self._unsaid = deque(kept)

    async def tell(self) -> None:
        """Say what is to be said; while Slack is away too, it waits."""
        while self._unsaid:
            first = self._unsaid[0]
            try:
                await self.say(first[1])
            except Away as away:
                _log.info("the operators cannot be told yet: %s", away)
                return
            except Undeliverable as refused:
                _log.warning("the operators' channel takes no message: %s", refused)
            if self._unsaid and self._unsaid[0] is first:
                self._unsaid.popleft()


def database_look(write: Callable[[], Awaitable[object]]) -> Look:
    """Whether a small write works; `write` raises `LedgerAway`."""

    async def look() -> Found | None:
        try:
            await write()
        except LedgerAway as away:
            return Found(away.trouble)
        return None

    return look
