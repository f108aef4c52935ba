"""The people of a soak: they ask, approve, deny, withdraw and cancel, and try again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle

from bench.ledger_view import LedgerView, Standing
from bench.soak.wishes import Fate, Phones, Wish
from bench.truth import wrong_phones
from bot.divert.request import CLOSED, State
from sandbox.cloud.cloud import Cloud
from sandbox.slack.driver import ControlRefused, Human, SlackDriver
from sandbox.slack.workspace import Workspace

REQUESTERS = [f"U0ASK{n:02}" for n in range(1, 13)]
APPROVERS = [f"U0SAY{n:02}" for n in range(1, 5)]
STRANGER = "U0DAVE"
CHANNELS = [f"C0SOAK{n:02}" for n in range(1, 25)]
TYPED = 20  # phones; more are given as a file
_LOOK = 0.3  # seconds
Values = dict[str, dict[str, object]]  # of a form, by field
_PRESS_AGAIN = 6.0  # seconds after which a person tries once more
_FORM = 3.0  # seconds a form may take to open
_ENDS = {
    Fate.RUN: {State.DONE},
    Fate.DENY: {State.DENIED},
    Fate.WITHDRAW: {State.WITHDRAWN},
    Fate.REFUSE: {State.REFUSED},
    Fate.CANCEL: {State.CANCELLED, State.DONE},  # done, where the button came up too late
}


@dataclass
class Crowd:
    slack: SlackDriver
    workspace: Workspace
    cloud: Cloud
    ledger: LedgerView
    phones: Phones
    wishes: list[Wish] = field(default_factory=list)
    tries: int = 0  # how often somebody had to do a thing once more
    _hands: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def arrive(self) -> None:
        """Everybody joins the workspace and its channels."""
        people = [{"id": name, "name": name.lower()} for name in (*REQUESTERS, *APPROVERS)]
        await self.slack.put("people", users=people)
        members = [*REQUESTERS, *APPROVERS, STRANGER]
        rooms = [{"id": name, "members": members, "bot_in": True} for name in CHANNELS]
        await self.slack.put("channels", channels=rooms)

    async def ask_for(self, seconds: float, per_minute: float) -> list[asyncio.Task[None]]:
        """Begin so many requests a minute; the lives of all of them."""
        begun, lives = time.monotonic(), []
        places, people, judges = cycle(CHANNELS), cycle(REQUESTERS), cycle(APPROVERS)
        while (now := time.monotonic()) < begun + seconds:
            if not self.phones.left():
                await asyncio.sleep(_LOOK)
                continue
            wish = self.phones.wish(now)
            self.wishes.append(wish)
            asking = STRANGER if wish.fate is Fate.REFUSE else next(people)
            life = Life(self, wish, next(places), self.slack.person(asking), next(judges))
            lives.append(asyncio.create_task(life.live()))
            await asyncio.sleep(max(0.0, begun + len(lives) * 60 / per_minute - time.monotonic()))
        return lives

    def hand(self, user: str) -> asyncio.Lock:
        """A person fills one form at a time."""
        return self._hands.setdefault(user, asyncio.Lock())


@dataclass
class Life:
    """One wish, from its asking until its thread and card are at rest."""

    crowd: Crowd
    wish: Wish
    channel: str
    asking: Human
    judge: str

    async def live(self) -> None:
        await self._again(self._ask, self._known)
        press = {
            Fate.RUN: [(self.judge, "approve")],
            Fate.DENY: [(self.judge, "deny")],
            Fate.WITHDRAW: [(self.asking.id, "withdraw")],
            Fate.CANCEL: [(self.judge, "approve"), (self.asking.id, "cancel")],
            Fate.REFUSE: [],
        }[self.wish.fate]
        for person, button in press:
            await self._until(lambda: self._now.closed or bool(self._now.card_ts))
            await self._presses(person, button)
        await self._until(lambda: self._now.closed)
        self.wish.closed = time.monotonic()
        await self._check()
        await self._until(self._told)
        self.wish.told = time.monotonic()
        await self._until(lambda: not self._now.behind)
        self.wish.shown = time.monotonic()

    @property
    def _now(self) -> Standing:
        return self.crowd.ledger.standing[self.wish.request_id]

    def _known(self) -> bool:
        self.wish.request_id = self.crowd.ledger.named.get(self.wish.reason, "")
        return bool(self.wish.request_id)

    def _told(self) -> bool:
        return self.crowd.ledger.unsaid.get(self.wish.request_id, 0) == 0

    async def _presses(self, person: str, button: str) -> None:
        before = {"cancel": {State.APPROVED, State.SENDING, State.HALTED}}
        waits = before.get(button, {State.PENDING})
        act = self._deny if button == "deny" else lambda: self._click(person, button)
        await self._again(act, lambda: self._now.state not in waits)

    async def _again(self, act: Callable[[], Awaitable[None]], done: Callable[[], bool]) -> None:
        """Do a thing, and once more where nothing came of it."""
        tries = 0
        while not done():
            self.crowd.tries += tries > 0
            tries += 1
            with suppress(ControlRefused):  # the card has no such button yet, or any more
                await act()
            await self._until(done, _PRESS_AGAIN)

    async def _until(self, holds: Callable[[], bool], seconds: float = float("inf")) -> None:
        until = time.monotonic() + seconds
        while not holds() and time.monotonic() < until:  # noqa: ASYNC110 - another process's
            await asyncio.sleep(_LOOK)

    async def _ask(self) -> None:
        if len(self.wish.ids) > TYPED:
            await self._ask_by_file()
            return
        ids = " ".join(self.wish.ids)
        text = f'/cph divert {self.wish.route} {ids} reason:"{self.wish.reason}"'
        await self.asking.command(self.channel, text)

    async def _ask_by_file(self) -> None:
        async with self.crowd.hand(self.asking.id):
            await self.asking.command(self.channel, "/cph divert")
            file = await self.asking.upload("ids.txt", "\n".join(self.wish.ids).encode())
            values: Values = {
                "route": {"value": self.wish.route},
                "file": {"value": {"files": [file]}},
                "reason": {"value": self.wish.reason},
            }
            await self._submits(self.asking, values)

    async def _deny(self) -> None:
        async with self.crowd.hand(self.judge):
            await self._click(self.judge, "deny")
            await self._submits(self.crowd.slack.person(self.judge), {"reason": {"value": "No."}})

    async def _submits(self, person: Human, values: Values) -> None:
        """Fill the form in front; none is left open, whatever came of it."""
        views = self.crowd.workspace.views
        await self._until(lambda: views.top(person.id) is not None, _FORM)
        if (shown := views.top(person.id)) is not None:
            await person.submit(values, view={"id": shown.id})
        while (left := views.top(person.id)) is not None:
            await person.close(view={"id": left.id})

    async def _click(self, person: str, button: str) -> None:
        card = {"channel": self._now.card_channel, "ts": self._now.card_ts}
        await self.crowd.slack.person(person).click(button, message=card)

    async def _check(self) -> None:
        """Hold the phones against the cloud at once, before they are asked for again."""
        crowd, wish = self.crowd, self.wish
        rows = await asyncio.to_thread(crowd.ledger.phones, wish.request_id)
        if self._now.state in CLOSED - _ENDS[wish.fate]:
            why = await asyncio.to_thread(crowd.ledger.why, wish.request_id)
            wish.wrong.append(
                f"{wish.request_id} was to be {wish.fate}, and is {self._now.state}: {why}"
            )
        if self._now.planned:
            sent = self._now.state in (State.DONE, State.CANCELLED)
            wish.wrong += wrong_phones(crowd.cloud, wish.route, wish.ids, rows, sent=sent)
        crowd.phones.give_back(wish)
