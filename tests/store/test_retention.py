"""What is over and old goes, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select, text

from bot.divert.request import Event, Request
from bot.divert.sentence import InThread, Post, Sentence, ToChannel, ToPerson
from bot.divert.transaction import Decided, Transaction
from bot.store import tables
from bot.store.audit_proof import verify
from bot.store.database import open_database
from bot.store.migrate import migrate
from bot.store.retention import forget_posts, forget_requests
from bot.store.tables import batches, decisions, phones, posts, requests
from tests.store.making import ALICE, BOB, Desk, pending, phone_ids, planned

OF_A_REQUEST: Final = (phones, batches, decisions, posts)
HELLO: Final = (Sentence("hello"),)


async def decided(desk: Desk, count: int) -> Request:
    """A pending request with rows in every table."""
    request = await pending(desk.ledger, planned(phone_ids(count)))

    def work(tx: Transaction) -> None:
        tx.decide(request, Decided(BOB, "approve", "", tx.now()))
        tx.say(Post(InThread(request.id), HELLO))

    await desk.ledger.write(work)
    return request


async def closed(desk: Desk, count: int = 3) -> Request:
    request = await decided(desk, count)
    return await desk.ledger.write(lambda tx: tx.move(request, Event.DENY, BOB))


def rows_of(connection: Connection, request: Request) -> list[int]:
    """How many rows a request has, table by table; its own comes last."""
    counts = [
        select(func.count()).select_from(table).where(table.c.request_id == request.id)
        for table in OF_A_REQUEST
    ]
    own = select(func.count()).select_from(requests).where(requests.c.id == request.id)
    return [connection.execute(query).scalar_one() for query in (*counts, own)]


async def kept(desk: Desk, request: Request) -> list[int]:
    return await desk.database.read(lambda connection: rows_of(connection, request))


async def forget(desk: Desk, before: datetime, limit: int = 1000) -> list[int]:
    """Forget requests until none is left; the size of each portion."""
    portions = []
    while taken := await forget_requests(desk.database, before, limit):
        portions.append(taken)
    return portions


async def test_an_old_closed_request_goes_with_all_that_belongs_to_it(desk: Desk) -> None:
    request = await closed(desk)
    assert await kept(desk, request) == [3, 1, 1, 1, 1]
    assert await forget(desk, datetime.now(UTC)) == [7]
    assert await kept(desk, request) == [0, 0, 0, 0, 0]


async def test_a_request_that_was_closed_later_stays_whole(desk: Desk) -> None:
    asked_before = await decided(desk, 3)
    moment = datetime.now(UTC)
    await desk.ledger.write(lambda tx: tx.move(asked_before, Event.DENY, BOB))
    asked_after = await closed(desk)
    assert await forget(desk, moment) == []
    assert await kept(desk, asked_before) == await kept(desk, asked_after) == [3, 1, 1, 1, 1]


async def test_an_open_request_stays_however_old_it_is(desk: Desk) -> None:
    request, other = await decided(desk, 3), await closed(desk)
    await forget(desk, datetime.now(UTC))
    assert await kept(desk, request) == [3, 1, 1, 1, 1]
    assert await kept(desk, other) == [0, 0, 0, 0, 0]


async def test_many_rows_go_in_portions_and_the_request_itself_at_the_end(desk: Desk) -> None:
    first, second = await closed(desk, 250), await closed(desk, 5)
    moment = datetime.now(UTC)
    assert await forget_requests(desk.database, moment, 100) == 100
    assert await kept(desk, first) == [150, 3, 1, 1, 1]
    assert await forget(desk, moment, 100) == [100, 65]
    assert await kept(desk, first) == await kept(desk, second) == [0, 0, 0, 0, 0]


async def test_a_portion_that_ends_with_the_parts_leaves_the_request_for_the_next(
    desk: Desk,
) -> None:
    request = await closed(desk, 3)
    moment = datetime.now(UTC)
    assert await forget_requests(desk.database, moment, 6) == 6
    assert await kept(desk, request) == [0, 0, 0, 0, 1]
    assert await forget(desk, moment, 6) == [1]


async def test_the_audit_stays_whole(desk: Desk) -> None:
    request = await closed(desk)
    before = await desk.database.read(audit_of)
    await forget(desk, datetime.now(UTC))
    assert await desk.database.read(audit_of) == before
    assert [one["event"] for one in before if one["request"] == request.id] == [
        "ask", "planned", "decide", "deny",
    ]  # fmt: skip
    assert await desk.database.read(verify) is None


def audit_of(connection: Connection) -> list[dict[str, str]]:
    query = select(tables.audit.c.entry).order_by(tables.audit.c.number)
    return list(connection.execute(query).scalars())


async def say(desk: Desk, post: Post, ts: str = "") -> str:
    """Say a post, and post it where it has a time stamp; its id."""

    def work(tx: Transaction) -> None:
        tx.say(post)
        if ts:
            tx.posted(desk.started[-1].subject, ts)

    await desk.ledger.write(work)
    return desk.started[-1].subject


async def outbox(desk: Desk) -> set[str]:
    return await desk.database.read(lambda c: set(c.execute(select(posts.c.id)).scalars()))


async def test_what_people_and_channels_were_told_goes_once_it_is_old(desk: Desk) -> None:
    for to in (ToPerson(ALICE), ToChannel("C0OPS"), ToPerson(BOB)):
        await say(desk, Post(to, HELLO), "1.5")
    moment = datetime.now(UTC)
    assert await forget_posts(desk.database, moment, 2) == 2
    assert await forget_posts(desk.database, moment, 2) == 1
    assert await forget_posts(desk.database, moment, 2) == 0
    assert await outbox(desk) == set()


async def test_what_is_young_or_not_yet_told_or_of_a_thread_stays(desk: Desk) -> None:
    request = await pending(desk.ledger)
    thread = await say(desk, Post(InThread(request.id), HELLO), "1.5")
    waiting = await say(desk, Post(ToPerson(ALICE), HELLO))
    moment = datetime.now(UTC)
    young = await say(desk, Post(ToPerson(ALICE), HELLO), "1.5")
    assert await forget_posts(desk.database, moment) == 0
    assert await outbox(desk) == {thread, waiting, young}


async def test_a_sqlite_file_stays_of_the_same_size_under_steady_use(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/ledger.sqlite")
    await migrate(database)
    first, *later = [await _pages_after_use(Desk(database)) for _ in range(6)]
    await database.close()
    assert max(later) <= first * 1.05  # the audit grows, by four entries each time


async def _pages_after_use(desk: Desk) -> int:
    """Ask for many phones, close it and let it go; the pages of the file, free ones included."""
    await closed(desk, 2_000)
    await forget(desk, datetime.now(UTC))
    query = text("PRAGMA page_count")
    return await desk.database.read(lambda c: int(c.execute(query).scalar_one()))
