"""The cards: brought up to their request's version, within Slack's limits, never backwards."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.divert.failures import Away, Undeliverable
from bot.divert.ports import Channel
from bot.divert.reporting import NOWHERE
from bot.divert.request import CLOSED, Request
from bot.divert.sentence import Card
from bot.divert.transaction import Ledger, Transaction

EDITS_A_MINUTE: Final = 40  # Slack allows about 50 for all cards of an app together
_MINUTE: Final = 60.0
FIRST_GAP: Final = 2.5  # seconds between two edits of one card, growing to the longest
LONGEST_GAP: Final = 10.0
_GROWTH: Final = 1.25
# Seconds. A process that was frozen for longer may no longer be the painter when it wakes, and the
# card it has drawn be older than the one that is shown.
_FRESH: Final = 5.0
_CARDS: Final = 50  # looked at in one round

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Gap:
    """When a card may be edited again."""

    seconds: float = FIRST_GAP
    until: float = 0.0

    def edited(self, now: float) -> None:
        self.until = now + self.seconds
        self.seconds = min(self.seconds * _GROWTH, LONGEST_GAP)


@dataclass(slots=True)
class Painter:
    """Edits the cards that are behind. Only the holder of the painter's lease runs rounds."""

    ledger: Ledger
    channel: Channel
    draw: Callable[[Transaction, Request], Card]
    home: Callable[[str], str]  # a project's own channel
    seconds: Callable[[], float]  # a clock that never jumps
    _gaps: dict[str, Gap] = field(default_factory=dict)
    _edits: deque[float] = field(default_factory=deque)
    _away_until: float = 0.0

    async def round(self) -> None:
        """Show every card that is behind and may be shown now."""
        for request in await self.ledger.read(lambda tx: tx.cards_behind(_CARDS)):
            if self.seconds() >= self._away_until and self._may_show(request):
                await self._show(request)

    def _may_show(self, request: Request) -> bool:
        if not request.card_ts:
            return True
        now = self.seconds()
        while self._edits and self._edits[0] <= now - _MINUTE:
            self._edits.popleft()
        if len(self._edits) >= EDITS_A_MINUTE:
            return False
        return request.state in CLOSED or now >= self._gap(request).until

    def _gap(self, request: Request) -> Gap:
        return self._gaps.setdefault(request.id, Gap())

    async def _show(self, request: Request) -> None:
        began = self.seconds()
        card = await self.ledger.read(lambda tx: self.draw(tx, request))
        if self.seconds() - began > _FRESH:
            return
        try:
            channel, ts = await self._place(card, request)
        except Away as away:
            self._away_until = self.seconds() + away.wait
            return
        except Undeliverable:
            _log.warning("the card of %s can be shown nowhere", request.id)
            channel, ts = request.card_channel, request.card_ts or NOWHERE
        self._count(request)
        await self.ledger.write(lambda tx: tx.card_shown(request.id, card.version, channel, ts))

    async def _place(self, card: Card, request: Request) -> tuple[str, str]:
        """Where the card is now; a channel that is gone gives way to the project's own."""
        try:
            return await self.channel.show(card, request.card_channel, request.card_ts)
        except Undeliverable:
            home = self.home(request.project)
            if home == request.card_channel:
                raise
            return await self.channel.show(card, home, "")

    def _count(self, request: Request) -> None:
        now = self.seconds()
        if request.card_ts:
            self._edits.append(now)
        self._gap(request).edited(now)
        if request.state in CLOSED:
            self._gaps.pop(request.id, None)
