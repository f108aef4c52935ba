"""The card of a request, made of what the ledger says of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from bot.divert.approval_lines import given, wanted
from bot.divert.buttons import buttons
from bot.divert.halt_lines import halt_lines, standstill_lines
from bot.divert.outcome import Counts, PhoneState
from bot.divert.pause import Pause
from bot.divert.plan import BATCH_LIMIT, SHOWN_HASH
from bot.divert.request import Draft, Note, Request, State
from bot.divert.sentence import Card, Sentence
from bot.divert.transaction import Decided, Transaction
from bot.divert.wording import Words
from bot.divert.world import World

STATUS_LINES: Final = 10
_UNSENT: Final = frozenset({State.PLANNING, State.PENDING, State.APPROVED})


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a card is made of, read in one transaction."""

    request: Request
    counts: Counts
    decisions: tuple[Decided, ...]
    replaced: Request | None = None  # the one whose place it took
    pause: Pause | None = None  # that stands for its project

    @property
    def verdicts(self) -> frozenset[str]:
        return frozenset(one.verdict for one in self.decisions)


def standing(tx: Transaction, request: Request) -> Standing:
    before = request.draft.replaces
    return Standing(
        request,
        tx.counts(request.id),
        tuple(tx.decisions(request.id)),
        tx.request(before) if before else None,
        tx.pause(request.project),
    )


def card(world: World, now: Standing) -> Card:
    """The card of a request as it stands."""
    request, words = now.request, world.project_words(now.request.project)
    phones = now.counts.planned_at_first
    return Card(
        request.id,
        request.version,
        words.card_title(request.id, phones, request.route, request.state),
        tuple(_lines(world, now, words)),
        tuple(buttons(world, request, now.counts, now.verdicts, words)),
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
    if request.state not in _UNSENT:
        note = replace(note, hindered=())  # it was a warning, and the outcome says more
    return [
        words.asked_by(request.requester, request.project, request.draft.reason),
        *_replaced(now, words),
        *plan_lines(request.draft, note, now.counts, words),
        *_STATE_LINES.get(request.state, _nothing)(world, now, words),
    ]


def plan_lines(draft: Draft, note: Note, counts: Counts, words: Words) -> list[Sentence]:
    """What a plan would change and where, what may stand in the way, and what is left out."""
    phones = counts.planned_at_first
    lines = [words.selected_by(draft.selection)] if draft.selection else []
    if note.whole_fleet:
        lines.append(words.whole_fleet(draft.project))
    lines.append(words.would_change(phones, ceil(phones / BATCH_LIMIT), draft.route))
    if note.servers:
        lines.append(words.on_servers(note.servers, note.server_count, note.first))
    if note.hindered:
        lines.append(words.hindered(note.hindered, note.no_container))
    left_out = (counts[PhoneState.UNCHANGED], counts[PhoneState.UNKNOWN])
    given = (counts[PhoneState.EXCLUDED], note.repeated, len(note.unreadable))
    return [*lines, words.left_out(*left_out, *given)]


def _replaced(now: Standing, words: Words) -> list[Sentence]:
    before = now.replaced
    return [words.in_place_of(before.id, before.state)] if before is not None else []


def _withdrawn(_world: World, now: Standing, words: Words) -> list[Sentence]:
    later = now.request.note.replaced_by
    return [words.replaced(later) if later else words.withdrawn()]


def _nothing(_world: World, _now: Standing, _words: Words) -> list[Sentence]:
    return []


def _pending(world: World, now: Standing, words: Words) -> list[Sentence]:
    phones = now.counts.distinct
    stands = standstill_lines(world, now.request, now.pause, now.decisions)
    return [*_approved(world, now, words), *wanted(world, now.request, phones, words), *stands]


def _approved(_world: World, now: Standing, words: Words) -> list[Sentence]:
    return given(now.decisions, words)


def _running(world: World, now: Standing, words: Words) -> list[Sentence]:
    lines = [*_approved(world, now, words), words.progress(now.counts), words.tally(now.counts)]
    rate = world.cloud.send_rate(now.request.project)
    unsent = now.counts[PhoneState.PLANNED]
    if unsent and now.request.state is State.SENDING:
        lines.append(words.time_left(ceil(unsent / BATCH_LIMIT) / rate, rate))
    return lines


def _halted(world: World, now: Standing, words: Words) -> list[Sentence]:
    why = halt_lines(world, now.request, now.pause, now.decisions)
    return [*_running(world, now, words), *why]


def _ended(world: World, now: Standing, words: Words) -> list[Sentence]:
    """A full bar would look like success where the rest was cancelled."""
    whole = [words.progress(now.counts)] if now.request.state is State.DONE else []
    told = [*whole, words.tally(now.counts), words.result(now.counts)]
    return [*_approved(world, now, words), *told]


def _denied(_world: World, now: Standing, words: Words) -> list[Sentence]:
    denials = [one for one in now.decisions if one.verdict == "deny"]
    return [words.denied_by(one.person, one.reason) for one in denials] + [words.nothing_sent()]


def _expired(world: World, now: Standing, words: Words) -> list[Sentence]:
    approved = _approved(world, now, words)
    return [*approved, words.expired(approved=bool(approved))]


_STATE_LINES: Final[dict[State, Callable[[World, Standing, Words], list[Sentence]]]] = {
    State.PENDING: _pending,
    State.APPROVED: _approved,
    State.SENDING: _running,
    State.CANCELLING: _running,
    State.HALTED: _halted,
    State.DONE: _ended,
    State.CANCELLED: _ended,
    State.DENIED: _denied,
    State.WITHDRAWN: _withdrawn,
    State.EXPIRED: _expired,
    State.REFUSED: lambda _world, _now, words: [words.refused()],
}


def _footer(request: Request, words: Words) -> list[Sentence]:
    if request.planned_at is None:
        return []
    return [words.plan_footer(request.id, request.plan_hash[:SHOWN_HASH], request.planned_at)]
