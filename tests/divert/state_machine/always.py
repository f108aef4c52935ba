"""What holds at every moment, whatever has happened."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.divert.outcome import LEFT_OUT, MAX_TRIES, PhoneState
from bot.divert.phones import Phone, Route
from bot.divert.plan import cut_plan
from bot.divert.request import CLOSED, MOVES, OPEN, Event, State
from bot.divert.sentence import Card
from tests.divert.state_machine.truth import Truth

IN_THE_CLOUD: Final = frozenset({PhoneState.SENT, PhoneState.ACCEPTED})
UNFINISHED: Final = IN_THE_CLOUD | {PhoneState.PLANNED}
MAY_SEND: Final = frozenset({State.SENDING, State.HALTED, State.CANCELLING})


@dataclass(slots=True)
class Memory:
    """What was so before, and must still be so."""

    ids: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # of a plan
    shown: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    decisions: int = 0


def no_phone_is_lost(truth: Truth, memory: Memory) -> None:
    """All that was planned stays, each phone once, and what is over leaves none under way."""
    for request_id, request in truth.requests.items():
        if request.planned_at is None:
            continue
        rows = truth.phones[request_id]
        ids = [row.phone_id for row in rows]
        plan = request_id, f"{request.planned_at} {request.plan_hash}"
        assert len(set(ids)) == len(ids)
        assert ids == memory.ids.setdefault(plan, ids), "a phone came or went without a new plan"
        if request.draft["ids"]:
            assert set(ids) == set(request.draft["ids"]), "not the phones that were asked for"
        states = {PhoneState(row.state) for row in rows}
        if request.state in (State.DONE, State.CANCELLED):
            assert not states & UNFINISHED, "over, with phones under way"
        if request.state not in MAY_SEND | {State.DONE, State.CANCELLED}:
            left = {PhoneState.PLANNED, PhoneState.CANCELLED, *LEFT_OUT}
            assert states <= left, "phones moved without a run"


def only_the_table_moves_requests(truth: Truth) -> None:
    """The audit is whole, and its entries lead each request from its beginning to its state."""
    assert truth.broken is None
    for request_id, request in truth.requests.items():
        state = State.PLANNING
        for move in truth.moves(request_id):
            assert move["from"] == state
            state = MOVES[state, Event(move["event"])]
            assert move["to"] == state
        assert request.state == state
        assert (request.closed_at is not None) == (state in CLOSED)


def no_phone_is_held_twice(truth: Truth) -> None:
    """Of the requests that are open and planned, only one has a phone under way."""
    held = Counter(
        row.phone_id
        for request_id, request in truth.requests.items()
        if request.state in OPEN and request.planned_at is not None
        for row in truth.phones[request_id]
        if PhoneState(row.state) in UNFINISHED
    )
    assert all(count == 1 for count in held.values())


def batches_fit_their_phones(truth: Truth) -> None:
    """A phone to be sent is in a batch that waits, and no phone is tried too often."""
    for request_id, request in truth.requests.items():
        batches = {one.number: one.state for one in truth.batches[request_id]}
        for row in truth.phones[request_id]:
            assert row.tries <= MAX_TRIES
            if row.state == PhoneState.PLANNED and request.state in (*MAY_SEND, State.APPROVED):
                assert batches[row.batch] == "planned", "a phone that no batch will send"


def work_is_under_way(truth: Truth) -> None:
    """Nothing open waits for work that nobody will do."""
    runs = {(one.run, one.subject) for one in truth.works if not one.done}
    for request_id, request in truth.requests.items():
        wanted = {
            State.PLANNING: {"plan"},
            State.APPROVED: {"send"},
            State.SENDING: {"follow"},
            State.CANCELLING: {"follow"},
        }.get(State(request.state), set())
        unsent = any(one.state == "planned" for one in truth.batches[request_id])
        if request.state == State.SENDING and unsent:
            wanted = wanted | {"send"}
        for run in wanted:
            assert (run, request_id) in runs, f"{request.state}, and no {run} is queued"
    said = {one.subject for one in truth.works if one.run == "post" and not one.done}
    assert {one.id for one in truth.posts if not one.posted} <= said


def cards_only_go_forward(truth: Truth, memory: Memory, shown: Sequence[tuple[str, Card]]) -> None:
    """Neither in the ledger nor in Slack."""
    for request_id, request in truth.requests.items():
        assert memory.shown.get(request_id, 0) <= request.shown_version <= request.version
        memory.shown[request_id] = request.shown_version
    latest: dict[str, int] = {}
    for ts, card in shown:
        assert latest.get(ts, 0) <= card.version
        latest[ts] = card.version


def the_plan_is_what_was_hashed(truth: Truth, request_id: str) -> None:
    """The phones under this plan are exactly those whose hash people saw and approved."""
    request = truth.requests[request_id]
    phones = [
        Phone(row.phone_id, row.route_before, row.server)
        for row in truth.phones[request_id]
        if PhoneState(row.state) not in LEFT_OUT
    ]
    route = Route(request.draft["route"])
    seen = {phone.id: phone for phone in phones}
    plan = cut_plan(request.project, route, seen, seen)
    assert plan.under(request.note["policy"], request.note["voided"]) == request.plan_hash
