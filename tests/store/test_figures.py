"""What a monitor is told of the ledger."""

import pytest

from bot.divert.sentence import InThread, Post, Sentence
from bot.divert.transaction import Transaction
from bot.store.figures import figures
from bot.store.roster import SqlRoster
from tests.store.making import Desk, pending


async def test_open_requests_waiting_posts_and_cards_behind_are_counted(desk: Desk) -> None:
    request = await pending(desk.ledger)

    def say(tx: Transaction) -> None:
        tx.say(Post(InThread(request.id), (Sentence("hello"),)))

    await desk.ledger.write(say)
    roster = SqlRoster(desk.database, "one", pytest.fail)
    await roster.arrive()
    found = dict(await desk.database.read(figures))
    assert found['cph_requests_open{state="pending"}'] == 1
    assert found['cph_requests_open{state="sending"}'] == 0
    assert found["cph_cards_behind"] == 1
    assert found["cph_posts_waiting"] == 1
    assert found["cph_executors"] == 1
    await roster.leave()
