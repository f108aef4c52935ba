"""Every change of a request's state is told where people look, and nothing is told that is not."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from bot.divert.outcome import Counts, PhoneState
from bot.divert.pause import EVERY, Frozen, Pause
from bot.divert.phones import Route
from bot.divert.policy import Refused, Why
from bot.divert.request import Event, State
from bot.divert.sentence import InThread, Mention, ToPerson
from bot.divert.wording import words_in
from tests.divert.state_machine.truth import Told, Truth

WORDS: Final = words_in("en")
_NONE: Final = Counts({})
_STARTED: Final = {WORDS.started(count, Route.DIRECT).template for count in (1, 2)}
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_PAUSES: Final = [
    Pause(project, "", _NOW, reason) for project in (EVERY, "demo") for reason in ("", "why")
]
_FREEZES: Final = [Frozen("demo", "", until) for until in (None, _NOW)]
_HALTED: Final = {
    WORDS.halted_by("", "", "").template,
    *(WORDS.halted_for(one)[0].template for one in _PAUSES),
    *(WORDS.halted_for(one)[0].template for one in _FREEZES),
    *(WORDS.still_halted(why).template for why in (Why.NOT_APPROVER, Why.NO_RULE)),
}
_RESUMED: Final = {
    one.template for one in (WORDS.resumed(), WORDS.pause_over(), WORDS.freeze_over())
}
_CANCELLED: Final = {WORDS.cancelled_rest(_NONE, count).template for count in (1, 2)}
_PLANNED_ANEW: Final = {
    one.template for one in (WORDS.replanning(), WORDS.leaving_out(), WORDS.replanning_by_policy())
}
_NOT_STARTED: Final = {
    WORDS.not_started(Refused(why)).template for why in (Why.NOT_APPROVER, Why.NO_RULE)
}

# The event that a sentence of the thread tells of, and the state it leads away from, if one alone.
IN_THREAD: Final[Sequence[tuple[Collection[str], Event, str]]] = (
    (_STARTED, Event.START, ""),
    (_HALTED, Event.HALT, ""),
    (_RESUMED, Event.RESUME, ""),
    (_CANCELLED, Event.CANCEL, ""),
    (_PLANNED_ANEW, Event.REPLAN, ""),
    (_NOT_STARTED, Event.REFUSE, State.APPROVED),
)


def threads_tell_what_happened(truth: Truth) -> None:
    """Each start, halt, resumption, cancelling, end and new plan has its one sentence."""
    for request_id in truth.requests:
        thread = truth.thread(request_id)
        for templates, event, origin in IN_THREAD:
            told = sum(one.says(template) for one in thread for template in templates)
            happened = [
                move
                for move in truth.moves(request_id)
                if move["event"] == event and move["from"].startswith(origin)
            ]
            assert told == len(happened), f"{event} happened {len(happened)} and is told {told}"
        the_end_is_told(truth, request_id, thread)
        the_cancelled_are_counted(truth, request_id, thread)


def the_end_is_told(truth: Truth, request_id: str, thread: Sequence[Told]) -> None:
    """Once, with the figures that the ledger has."""
    ends = [one for one in thread if one.once == f"{request_id} outcome"]
    finished = [one for one in truth.moves(request_id) if one["event"] == Event.FINISH]
    assert len(ends) == len(finished) <= 1
    for end in ends:
        assert end.post.sentences[-1] == WORDS.result(truth.counts(request_id))


def the_cancelled_are_counted(truth: Truth, request_id: str, thread: Sequence[Told]) -> None:
    """Who cancels is told how many phones that spared."""
    for one in thread:
        if any(one.says(template) for template in _CANCELLED):
            spared = [
                row
                for row in truth.phones[request_id]
                if row.state == PhoneState.CANCELLED and row.since == one.at
            ]
            assert one.post.sentences[0].values["n"] == str(len(spared)), "cancelled otherwise"


def replacements_are_told(truth: Truth) -> None:
    """What an edit withdrew says by what it was replaced, which is asked for by the same person."""
    template = WORDS.replaced_by("").template
    gone = {name: one for name, one in truth.requests.items() if one.note["replaced_by"]}
    expected = Counter(_with_a_card(truth, name) for name in gone)
    for request_id in truth.requests:
        told = sum(one.says(template) for one in truth.thread(request_id))
        assert told == expected[request_id], "replaced without a word, or said so for nothing"
    for request in gone.values():
        later = truth.requests[request.note["replaced_by"]]
        assert request.state == State.WITHDRAWN
        assert later.draft["requester"] == request.draft["requester"]
        assert later.draft["replaces"], "in nobody's place"


def _with_a_card(truth: Truth, request_id: str) -> str:
    """The request itself, or the one before it where people have never seen it."""
    request = truth.requests[request_id]
    while request.planned_at is None and request.draft["replaces"]:
        request = truth.requests[request.draft["replaces"]]
    return str(request.id)


def refusals_are_told(truth: Truth) -> None:
    """Who asked for what could not be planned hears why, once."""
    refused = Counter(
        truth.requests[request_id].draft["reply_url"]
        for request_id in truth.requests
        for move in truth.moves(request_id)
        if (move["from"], move["event"]) == (State.PLANNING, Event.REFUSE)
    )
    told = replies(truth)
    up = WORDS.card_is_up("", "").template
    for url in refused:
        assert any(not one.says(up) for one in told.get(url, ())), "refused without a word"


def replies(truth: Truth) -> Mapping[str, list[Told]]:
    """What people were told alone, by the address they were answered at."""
    found: dict[str, list[Told]] = {}
    for one in truth.posts:
        if isinstance(one.post.to, ToPerson):
            found.setdefault(one.post.to.reply_url, []).append(one)
    return found


def who_is_named_did_it(truth: Truth, clicked: Mapping[str, str]) -> None:
    """Who comes too late is told who was first; `clicked` maps their address to the request."""
    for url, told in replies(truth).items():
        for one in told:
            request_id = clicked.get(url)
            for sentence in one.post.sentences if request_id else ():
                named = sentence.values.get("by")
                if isinstance(named, Mention) and "{by}" in sentence.template:
                    deeds = _deeds(truth, request_id or "")
                    assert (sentence.template, named.id) in deeds, (sentence, deeds)


def _deeds(truth: Truth, request_id: str) -> set[tuple[str, str]]:
    """What may be said of people who did something to a request."""
    by_verdict = {
        "approve": (State.APPROVED, State.SENDING, State.HALTED, State.DONE),
        "deny": (State.DENIED,),
        "cancel": (State.CANCELLING, State.CANCELLED),
    }
    requester = truth.requests[request_id].draft["requester"]
    doers = [
        (state, one.person)
        for one in truth.decisions
        if one.request_id == request_id
        for state in by_verdict[one.verdict]
    ]
    doers.append((State.WITHDRAWN, requester))
    return {
        (WORDS.decided_already(request_id, state, person).template, person)
        for state, person in doers
    }


def posts_come_in_order(truth: Truth, said: Sequence[str], again: Counter[str]) -> None:
    """Each post once, and once more for each crash between its sending and its mark; in order."""
    times = Counter(said)
    of_thread: dict[str, list[str]] = {}
    for one in truth.posts:
        assert times[one.id] <= 1 + again[one.id], "said twice"
        if isinstance(one.post.to, InThread):
            of_thread.setdefault(one.post.to.request_id, []).append(one.id)
    first = {post_id: place for place, post_id in reversed(list(enumerate(said)))}
    for ids in of_thread.values():
        places = [first[one] for one in ids if one in first]
        assert places == sorted(places), "out of order"
        assert [one in first for one in ids] == sorted((one in first for one in ids), reverse=True)
