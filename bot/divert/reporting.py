"""What the thread is told: job ids, errors with what to do, files; and the outbox that says it."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from bot.divert.failures import CardGone, Undeliverable
from bot.divert.outcome import LEFT_OUT, Counts, PhoneRow
from bot.divert.request import Request
from bot.divert.sentence import InThread, Post, Table
from bot.divert.transaction import Said, Transaction
from bot.divert.world import World

JOBS_AS_TEXT: Final = 10  # more job ids than this are a file
ERRORS_SHOWN: Final = 6  # by code, the most frequent first; all of it must fit into one message
IDS_SHOWN: Final = 5  # of each error in the thread; the file has all
NOWHERE: Final = "nowhere"  # stands for the time stamp of a post that no place takes
_PORTION: Final = 2_000  # rows of a table read at once


def tell_jobs(world: World, tx: Transaction, request: Request) -> None:
    """Once everything is sent, put the job ids into the thread: few as text, many as a file."""
    words = world.project_words(request.project)
    jobs = tx.job_ids(request.id, JOBS_AS_TEXT + 1)
    if not jobs:
        return
    if len(jobs) <= JOBS_AS_TEXT:
        post = Post(InThread(request.id), words.job_ids(jobs), once="jobs")
    else:
        table = Table("jobs", f"{request.id}-jobs.csv")
        told = words.job_ids_file(tx.jobs_accepted(request.id))
        post = Post(InThread(request.id), (told,), table=table, once="jobs")
    tx.say(post)


def tell_outcome(world: World, tx: Transaction, request: Request, counts: Counts) -> None:
    """The last word in the thread: each error with what to do, the file, and what is proven."""
    words = world.project_words(request.project)
    told, errors = [], tx.errors(request.id)
    for code, phones, message, ids in errors[:ERRORS_SHOWN]:
        meaning, advice = world.cloud.explain(code) if code else (message, "")
        told.append(words.error_group(code, phones, meaning, advice, ids[:IDS_SHOWN]))
    if len(errors) > ERRORS_SHOWN:
        told.append(words.more_errors(len(errors) - ERRORS_SHOWN))
    table = None
    if told or counts.distinct > JOBS_AS_TEXT:
        table = Table("outcome", f"{request.id}-outcome.csv")
        told.append(words.outcome_file())
    told.append(words.result(counts))
    tx.say(Post(InThread(request.id), tuple(told), table=table, once="outcome"))


HEAD: Final = (
    "phone_id", "name", "state", "code", "message", "meaning", "advice", "job_id", "route_before",
    "route_asked", "server_id", "server", "batch", "tries", "history", "hindrance",
)  # fmt: skip


async def table_rows(world: World, request: Request, kind: str) -> AsyncIterator[Sequence[str]]:
    """The rows of a file, read from the ledger in portions."""
    yield HEAD
    after = 0
    while rows := await world.ledger.read(lambda tx, a=after: tx.rows(request.id, a, _PORTION)):  # type: ignore[misc]
        for row in rows:
            if _belongs(row, kind):
                yield _cells(world, row, request)
        after = rows[-1].number
    if kind == "left_out":
        for word in request.note.unreadable:
            yield (word, "", "unreadable", *[""] * (len(HEAD) - 3))


def _belongs(row: PhoneRow, kind: str) -> bool:
    match kind:
        case "plan":
            return row.state not in LEFT_OUT
        case "left_out":
            return row.state in LEFT_OUT
        case "jobs":
            return bool(row.job_id)
        case _:
            return True


def _cells(world: World, row: PhoneRow, request: Request) -> tuple[str, ...]:
    batch = "" if row.batch is None else str(row.batch)
    meaning, advice = _explained(world, row.code, request)
    return (
        row.id, row.name, row.state, row.code, row.message, meaning, advice, row.job_id,
        row.route_before, request.route, row.server, row.server_name, batch, str(row.tries),
        row.history, row.hindrance,
    )  # fmt: skip


def _explained(world: World, code: str, request: Request) -> tuple[str, str]:
    if not code:
        return "", ""
    words = world.project_words(request.project)
    meaning, advice = world.cloud.explain(code)
    return words.advised(meaning), words.advised(advice)


async def post_one(world: World, post_id: str) -> bool:
    """Say a post of the outbox and what comes before it in its thread; False while it has no card.

    Posts of one channel are started one at a time, though not always in their order.

    Raises:
        Away: Slack cannot take it now.
    """
    while said := await world.ledger.read(lambda tx: tx.next_said(post_id)):
        if isinstance(said.post.to, InThread) and not said.card_ts:
            return False
        await _say(world, said)
    return True


async def _say(world: World, said: Said) -> None:
    try:
        ts = await world.channel.say(said, await _rows_for(world, said.post))
    except CardGone:
        if said.card_ts != NOWHERE:  # else no channel takes the card either
            await world.ledger.write(lambda tx: tx.card_gone(said))
            return
        ts = NOWHERE
    except Undeliverable:
        ts = NOWHERE  # the next ones must not wait for it; the ledger and the files still tell it
    await world.ledger.write(lambda tx: tx.posted(said.id, ts))


async def _rows_for(world: World, post: Post) -> AsyncIterator[Sequence[str]] | None:
    to, table = post.to, post.table
    if table is None or not isinstance(to, InThread):
        return None
    request = await world.ledger.read(lambda tx: tx.request(to.request_id))
    return None if request is None else table_rows(world, request, table.kind)
