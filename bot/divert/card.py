"""The card of a request, made of what the ledger says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Final

from bot.divert.outcome import Counts, PhoneState
from bot.divert.plan import BATCH_LIMIT, SHOWN_HASH
from bot.divert.ports import Decided, Transaction
from bot.divert.request import Request, State
from bot.divert.sentence import Button, Card, Sentence
from bot.divert.wording import Words
from bot.divert.world import World

STATUS_LINES: Final = 10


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
    lines = _approved(world, now, words)
    rule = world.policy().rule_named(request.note.rule)
    if rule is None or request.expires_at is None:
        return lines
    names = sorted(world.policy().members(rule.approving_roles))
    return [*lines, words.may_approve(names, request.expires_at)]


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
