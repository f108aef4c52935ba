"""What a monitor is told of the ledger."""

from bot.divert.ports import Transaction
from bot.divert.sentence import InThread, Post, Sentence
from bot.store.figures import figures
from bot.store.roster import SqlRoster
from tests.store.making import Desk, pending


async def test_open_requests_waiting_posts_and_cards_behind_are_counted(desk: Desk) -> None:
    request = await pending(desk.ledger)

    def say(tx: Transaction) -> None:
        tx.say(Post(InThread(request.id), (Sentence("hello"),)))

    await desk.ledger.write(say)
    await SqlRoster(desk.database).beat("one")
    found = dict(await desk.database.read(figures))
    assert found['cph_requests_open{state="pending"}'] == 1
    assert found['cph_requests_open{state="sending"}'] == 0
    assert found["cph_cards_behind"] == 1
    assert found["cph_posts_waiting"] == 1
    assert found["cph_executors"] == 1
