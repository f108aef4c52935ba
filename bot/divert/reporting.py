"""Ledger counts turned into the card, the thread and its files."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Final

from bot.divert.outcome import Counts, PhoneRow, PhoneState
from bot.divert.plan import BATCH_LIMIT, SHOWN_HASH
from bot.divert.policy import Rule, Wish
from bot.divert.ports import Decided, Said, Transaction, Undeliverable
from bot.divert.request import Request, State
from bot.divert.sentence import Button, Card, InThread, Post, Sentence, Table
from bot.divert.wording import Words
from bot.divert.world import World

JOBS_AS_TEXT: Final = 10  # more job ids than this are a file
STATUS_LINES: Final = 10
IDS_SHOWN: Final = 5  # of each error in the thread; the file has all
NOWHERE: Final = "nowhere"  # stands for the time stamp of a post that no place takes
_PORTION: Final = 2_000  # rows of a table read at once


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a card is made of, read in one transaction."""

    request: Request
    counts: Counts
    decisions: tuple[Decided, ...]


def standing(tx: Transaction, request: Request) -> Standing:
    return Standing(request, tx.counts(request.id), tuple(tx.decisions(request.id)))


def card(world: World, now: Standing) -> Card:
    """The card of a request as it stands."""
    request, words = now.request, world.project_words(now.request.project)
    phones = now.counts.planned_at_first
    return Card(
        request.id,
        request.version,
        words.card_title(request.id, phones, request.route, request.state),
        tuple(_lines(world, now, words)),
        tuple(_buttons(now, words)),
        tuple(_footer(request, words)),
    )


def status(world: World, tx: Transaction, request_id: str | None) -> tuple[Sentence, ...]:
    """What `/cph status` answers: one request as its card tells it, or a line for each latest."""
    if request_id is None:
        found = tx.latest(STATUS_LINES)
        lines = [_status_line(world, standing(tx, request)) for request in found]
        return tuple(lines) or (world.words("en").no_requests(),)
    request = tx.request(request_id)
    if request is None:
        return (world.words("en").no_such_request(request_id),)
    shown = card(world, standing(tx, request))
    return (shown.title, *shown.lines, *shown.footer)


def _status_line(world: World, now: Standing) -> Sentence:
    return world.project_words(now.request.project).standing_line(card(world, now).title)


def _lines(world: World, now: Standing, words: Words) -> list[Sentence]:
    request, note = now.request, now.request.note
    unchanged, unknown = now.counts[PhoneState.UNCHANGED], now.counts[PhoneState.UNKNOWN]
    phones = now.counts.planned_at_first
    lines = [
        words.asked_by(request.requester, request.project, request.draft.reason),
        words.would_change(phones, ceil(phones / BATCH_LIMIT), request.route),
        words.left_out(unchanged, unknown, note.repeated, len(note.unreadable)),
    ]
    if note.no_container:
        lines.append(words.no_container(note.no_container, note.no_container_phones))
    return lines + _STATE_LINES.get(request.state, _nothing)(world, now, words)


def _nothing(_world: World, _now: Standing, _words: Words) -> list[Sentence]:
    return []


def _pending(world: World, now: Standing, words: Words) -> list[Sentence]:
    request = now.request
    lines = _approved(world, now, words) if now.decisions else []
    rule = rule_for(world, request, now.counts)
    if rule is None or request.expires_at is None:
        return lines
    names = sorted(world.policy().members(rule.approving_roles))
    return [*lines, words.may_approve(names, request.expires_at)]


def rule_for(world: World, request: Request, counts: Counts) -> Rule | None:
    """The rule a card names approvers from: by user ids alone, nobody is looked up for a card."""
    policy, home = world.policy(), world.projects[request.project].channel
    wish = Wish(request.project, request.route, request.draft.channel or home, counts.distinct)
    return next((rule for rule in policy.rules if rule.against(wish) is None), None)


def _approved(_world: World, now: Standing, words: Words) -> list[Sentence]:
    people = [one.person for one in now.decisions if one.verdict == "approve"]
    return [words.approved_by(people)] if people else []


def _running(world: World, now: Standing, words: Words) -> list[Sentence]:
    lines = [*_approved(world, now, words), words.progress(now.counts), words.tally(now.counts)]
    rate = world.cloud.send_rate(now.request.project)
    unsent = now.counts[PhoneState.PLANNED]
    if unsent and now.request.state is State.SENDING:
        lines.append(words.time_left(ceil(unsent / BATCH_LIMIT) / rate, rate))
    return lines


def _halted(world: World, now: Standing, words: Words) -> list[Sentence]:
    note = now.request.note
    meaning, advice = world.cloud.explain(note.code)
    return [*_running(world, now, words), words.halted_by(note.code, meaning, advice)]


def _ended(world: World, now: Standing, words: Words) -> list[Sentence]:
    return [
        *_approved(world, now, words),
        words.progress(now.counts),
        words.tally(now.counts),
        words.result(now.counts),
    ]


def _denied(_world: World, now: Standing, words: Words) -> list[Sentence]:
    denials = [one for one in now.decisions if one.verdict == "deny"]
    return [words.denied_by(one.person, one.reason) for one in denials] + [words.nothing_sent()]


_STATE_LINES: Final[dict[State, Callable[[World, Standing, Words], list[Sentence]]]] = {
    State.PENDING: _pending,
    State.APPROVED: _approved,
    State.SENDING: _running,
    State.CANCELLING: _running,
    State.HALTED: _halted,
    State.DONE: _ended,
    State.CANCELLED: _ended,
    State.DENIED: _denied,
    State.WITHDRAWN: lambda _world, _now, words: [words.withdrawn()],
    State.EXPIRED: lambda _world, _now, words: [words.expired()],
    State.REFUSED: lambda _world, _now, words: [words.nothing_sent()],
}


def _buttons(now: Standing, words: Words) -> list[Button]:
    """The buttons that make sense now; each carries the request and the plan it was shown with."""
    request = now.request
    plan = request.plan_hash[:SHOWN_HASH]
    button = partial(Button, request_id=request.id, plan=plan, back=words.back())
    cancel = button("cancel", words.cancel(), style="danger", confirm=words.confirm_cancel())
    match request.state:
        case State.PENDING:
            confirm = words.confirm_approve(now.counts.planned_at_first, request.route)
            return [
                button("approve", words.approve(), style="primary", confirm=confirm),
                button("deny", words.deny(), style="danger"),
                button("withdraw", words.withdraw()),
            ]
        case State.SENDING | State.APPROVED:
            return [cancel]
        case State.HALTED:
            return [button("resume", words.resume(), style="primary"), cancel]
        case _:
            return []


def _footer(request: Request, words: Words) -> list[Sentence]:
    if request.planned_at is None:
        return []
    return [words.plan_footer(request.id, request.plan_hash[:SHOWN_HASH], request.planned_at)]


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
    """The last word in the thread: what is proven, each error with what to do, and the file."""
    words = world.project_words(request.project)
    told = [words.result(counts)]
    for code, phones, message, ids in tx.errors(request.id):
        meaning, advice = world.cloud.explain(code) if code else (message, "")
        told.append(words.error_group(code, phones, meaning, advice, ids[:IDS_SHOWN]))
    short = counts.distinct <= JOBS_AS_TEXT and len(told) == 1
    table = None if short else Table("outcome", f"{request.id}-outcome.csv")
    if table:
        told.append(words.outcome_file())
    tx.say(Post(InThread(request.id), tuple(told), table=table, once="outcome"))


HEAD: Final = (
    "phone_id", "state", "code", "message", "job_id", "route_before", "route_asked", "server_id",
    "batch", "tries",
)  # fmt: skip


async def table_rows(world: World, request: Request, kind: str) -> AsyncIterator[Sequence[str]]:
    """The rows of a file, read from the ledger in portions."""
    yield HEAD
    after = 0
    while rows := await world.ledger.read(lambda tx, a=after: tx.rows(request.id, a, _PORTION)):  # type: ignore[misc]
        for row in rows:
            if _belongs(row, kind):
                yield _cells(row, request)
        after = rows[-1].number
    if kind == "left_out":
        for word in request.note.unreadable:
            yield (word, "unreadable", *[""] * (len(HEAD) - 2))


def _belongs(row: PhoneRow, kind: str) -> bool:
    match kind:
        case "left_out":
            return row.state in (PhoneState.UNKNOWN, PhoneState.UNCHANGED)
        case "jobs":
            return bool(row.job_id)
        case _:
            return True


def _cells(row: PhoneRow, request: Request) -> tuple[str, ...]:
    batch = "" if row.batch is None else str(row.batch)
    return (
        row.id, row.state, row.code, row.message, row.job_id, row.route_before, request.route,
        row.server, batch, str(row.tries),
    )  # fmt: skip


async def post_one(world: World, post_id: str) -> bool:
    """Say a post of the outbox and what comes before it in its thread; False before its card.

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
    except Undeliverable:
        ts = NOWHERE  # the next ones must not wait for it; the ledger and the files still tell it
    await world.ledger.write(lambda tx: tx.posted(said.id, ts))


async def _rows_for(world: World, post: Post) -> AsyncIterator[Sequence[str]] | None:
    to, table = post.to, post.table
    if table is None or not isinstance(to, InThread):
        return None
    request = await world.ledger.read(lambda tx: tx.request(to.request_id))
    return None if request is None else table_rows(world, request, table.kind)
