"""How often cards are edited, against the sandbox's Slack and a real ledger."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.divert.phones import Route
from bot.divert.request import Draft, Event, Request
from bot.divert.sentence import Card, Sentence
from bot.divert.transaction import Start, Transaction
from bot.slack.channel import SlackChannel
from bot.slack.painter import EDITS_A_MINUTE, FIRST_GAP, LONGEST_GAP, Painter
from bot.slack.web import open_web
from bot.store.database import open_database
from bot.store.ledger import SqlLedger
from bot.store.migrate import migrate
from sandbox.slack.app import Served, serve
from sandbox.slack.settings import BOT_TOKEN
from sandbox.slack.workspace import Workspace


def draw(tx: Transaction, request: Request) -> Card:
    now = tx.request(request.id) or request
    return Card(now.id, now.version, Sentence(f"{now.id} version {now.version}"), ())


def begin(_connection: object, _start: Start) -> None:
    """No durable work is needed to paint."""


@dataclass
class Easel:
    """A painter whose seconds pass when the test says so."""

    ledger: SqlLedger
    slack: Served
    painter: Painter
    seconds: list[float] = field(default_factory=lambda: [0.0])

    async def request(self, key: str) -> Request:
        def ask(tx: Transaction) -> Request:
            request, _ = tx.ask(Draft(key, "U0ALICE", "demo", Route.ROUTING))
            return tx.move(
                request, Event.PLANNED, "U0ALICE", planned_at=tx.now(), card_channel="C0OPS"
            )

        return await self.ledger.write(ask)

    async def touch(self, request: Request) -> None:
        await self.ledger.write(lambda tx: tx.touch(request.id))

    async def paints(self, request: Request, seconds: float) -> bool:
        """Whether the card is up to date so many seconds later."""
        self.seconds[0] += seconds
        await self.painter.round()
        behind = await self.ledger.read(lambda tx: tx.cards_behind(100))
        return request.id not in [one.id for one in behind]


@pytest.fixture
async def easel(tmp_path: Path) -> AsyncIterator[Easel]:
    database = open_database(f"sqlite:///{tmp_path}/painter.sqlite")
    await migrate(database)
    served = await serve(Workspace.demo())
    served.workspace.limits.set_scale(None)
    web = open_web(BOT_TOKEN, served.api_url)
    ledger, seconds = SqlLedger(database, begin), [0.0]
    channel = SlackChannel(web, lambda _: Sentence("no file"))
    painter = Painter(ledger, channel, draw, lambda _: "C0OPS", lambda: seconds[0])
    yield Easel(ledger, served, painter, seconds)
    await web.close()
    await served.close()
    await database.close()


async def test_a_new_card_goes_up_at_once(easel: Easel) -> None:
    assert await easel.paints(await easel.request("one"), 0)


async def test_edits_of_one_card_get_rarer_but_never_rarer_than_the_longest_gap(
    easel: Easel,
) -> None:
    request = await easel.request("one")
    await easel.paints(request, 0)
    gap = FIRST_GAP
    for _ in range(12):
        await easel.touch(request)
        assert not await easel.paints(request, gap - 0.1)
        assert await easel.paints(request, 0.1)
        gap = min(gap * 1.25, LONGEST_GAP)
    assert gap == LONGEST_GAP


async def test_the_last_state_is_shown_without_waiting(easel: Easel) -> None:
    request = await easel.request("one")
    await easel.paints(request, 0)
    await easel.ledger.write(lambda tx: tx.move(request, Event.WITHDRAW, "U0ALICE"))
    assert await easel.paints(request, 0)


async def test_all_cards_share_the_edits_of_a_minute(easel: Easel) -> None:
    requests = [await easel.request(f"{n}") for n in range(EDITS_A_MINUTE + 1)]
    await easel.paints(requests[0], 0)
    for request in requests:
        await easel.touch(request)
    done = [await easel.paints(request, 3) for request in requests[:1]]
    behind = await easel.ledger.read(lambda tx: tx.cards_behind(100))
    assert done == [True]
    assert len(behind) == 1
    assert await easel.paints(behind[0], 60)


async def test_a_new_card_goes_up_however_many_wait_to_be_edited(easel: Easel) -> None:
    requests = [await easel.request(f"{n}") for n in range(60)]
    while not await easel.paints(requests[-1], 0):
        pass
    for request in requests:
        await easel.touch(request)
    assert await easel.paints(await easel.request("new"), 0)


async def test_a_card_that_is_shown_further_is_not_turned_back(easel: Easel) -> None:
    request = await easel.request("one")
    await easel.touch(request)
    await easel.paints(request, 0)
    await easel.ledger.write(lambda tx: tx.card_shown(request.id, 1, "C0ELSE", "1.0"))
    now = await easel.ledger.read(lambda tx: tx.request(request.id))
    assert now is not None
    assert now.card_channel == "C0OPS"


async def test_a_card_drawn_before_the_process_was_frozen_is_drawn_anew(easel: Easel) -> None:
    request = await easel.request("one")
    assert await easel.paints(request, 0)
    await easel.touch(request)

    def frozen(tx: Transaction, request: Request) -> Card:
        easel.seconds[0] += 20
        return draw(tx, request)

    easel.painter.draw = frozen
    assert not await easel.paints(request, LONGEST_GAP)
    easel.painter.draw = draw
    assert await easel.paints(request, LONGEST_GAP)
