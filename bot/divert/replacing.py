"""A request is edited, or asked for again: a new one in its place, both in one transaction."""

from dataclasses import replace
from enum import StrEnum
from typing import Final

from bot.divert.intake import delivered_before, record
from bot.divert.jury import became, decider
from bot.divert.request import OPEN, Draft, Event, Request, State
from bot.divert.sentence import Button, InThread, Post, ToPerson
from bot.divert.transaction import Transaction
from bot.divert.twice import Recorded, Repeat, same_wish
from bot.divert.wording import Words
from bot.divert.world import World

# Nothing of it was sent, and nothing of it will be once it is replaced.
REPLACEABLE: Final = frozenset(
    {
        State.PLANNING, State.PENDING, State.DENIED, State.EXPIRED, State.WITHDRAWN, State.REFUSED,
    }
)  # fmt: skip


class Mistake(StrEnum):
    """What is wrong with the wish to put a request into another's place."""

    NOT_THEIRS = "not_theirs"
    UNCHANGED = "unchanged"


class NotReplaced(Exception):
    """Nothing was recorded, and the request stays as it is."""

    def __init__(self, mistake: Mistake, request_id: str) -> None:
        super().__init__(f"{request_id}: {mistake}")
        self.mistake = mistake
        self.request_id = request_id


def to_edit(tx: Transaction, request_id: str, by: ToPerson, words: Words) -> Request | Post:
    """The request that would be replaced, or what is told to who may not, or comes too late."""
    request = latest(tx, request_id)
    if request is None:
        return Post(by, (words.unknown_button(),))
    if request.requester != by.user:
        return Post(by, (words.only_requester_edits(request.requester),))
    if request.state not in REPLACEABLE:
        again = Button("open_form", words.ask_again(), request.id)
        return Post(by, (became(tx, request, words), words.too_late_to_edit()), (again,))
    return request


def latest(tx: Transaction, request_id: str) -> Request | None:
    """A request, or the one that stands in its place by now."""
    request = tx.request(request_id)
    while request is not None and (later := _other(tx, request.note.replaced_by)):
        request = later
    return request


def _other(tx: Transaction, request_id: str) -> Request | None:
    """None where nothing is named, and where what is named was kept long enough and is gone."""
    return tx.request(request_id) if request_id else None


def takes_its_place(request: Request) -> bool:
    """Whether a form opened anew for a refused request is still for the one before it."""
    return request.planned_at is None and bool(request.draft.replaces)


def kept_ids(tx: Transaction, request: Request) -> int:
    """How many ids a request was asked for with, those of its file among them.

    A file that nobody could read has none.
    """
    draft = request.draft
    if _has_read_file(tx, request):
        return tx.counts(request.id).distinct
    other = _other(tx, draft.ids_of)
    return len(draft.ids) + (kept_ids(tx, other) if other is not None else 0)


def _has_read_file(tx: Transaction, request: Request) -> bool:
    draft = request.draft
    return bool(draft.file_id or draft.ids_of) and tx.counts(request.id).distinct > 0


def ask(world: World, tx: Transaction, draft: Draft, *, anyway: bool = False) -> Recorded:
    """Record a draft; one that replaces a request that waits withdraws it.

    What a form says of another request is worth no more than what its sender may do with it.

    Raises:
        NotReplaced: it is not theirs, or nothing in it is changed.
    """
    draft = _with_kept_ids(tx, draft)
    if not draft.replaces:
        return record(tx, draft, anyway=anyway)
    # The old request stays locked, so a second delivery waits here and then finds the first.
    old = _own(latest(tx, draft.replaces), draft, draft.replaces)
    before = delivered_before(tx, draft.key)
    if before is not None:
        return replace(before, by=decider(tx, before.request))
    return _ask_instead(world, tx, old, replace(draft, replaces=old.id), anyway=anyway)


def _with_kept_ids(tx: Transaction, draft: Draft) -> Draft:
    """The ids of the other request beside these: those that were typed, and those of its file."""
    if not draft.ids_of:
        return draft
    other = _own(tx.request(draft.ids_of), draft, draft.ids_of)
    ids = tuple(dict.fromkeys(other.draft.ids + draft.ids))
    if not _has_read_file(tx, other):
        return replace(draft, ids=ids, ids_of=other.draft.ids_of)
    file_id = draft.file_id or other.draft.file_id
    column = draft.column if draft.file_id else other.draft.column
    return replace(draft, ids=ids, file_id=file_id, column=column)


def _ask_instead(
    world: World, tx: Transaction, old: Request, draft: Draft, *, anyway: bool
) -> Recorded:
    if old.state not in REPLACEABLE:
        repeat = Repeat(draft, old.id, tx.now())
        tx.put_aside(repeat)
        return Recorded(old, first=True, repeat=repeat, by=decider(tx, old))
    if old.state in OPEN and _is_same(old.draft, draft):
        raise NotReplaced(Mistake.UNCHANGED, old.id)
    seen = _seen(tx, old)
    recorded = record(tx, replace(draft, replaces=seen.id), anyway=anyway)
    if recorded.repeat is None:
        _retire(world, tx, old, seen, recorded.request)
    return recorded


def _seen(tx: Transaction, request: Request) -> Request:
    """The request itself, or where it never had a card, the one it was to replace."""
    while request.planned_at is None and (earlier := _other(tx, request.draft.replaces)):
        request = earlier
    return request


def _own(request: Request | None, draft: Draft, request_id: str) -> Request:
    if request is None or request.requester != draft.requester:
        raise NotReplaced(Mistake.NOT_THEIRS, request_id)
    return request


def _is_same(one: Draft, other: Draft) -> bool:
    return same_wish(one) == same_wish(other) and one.reason == other.reason


def _retire(world: World, tx: Transaction, old: Request, seen: Request, new: Request) -> None:
    """Withdraw what waits, so that it holds no phone against the new one, and say so below it."""
    words = world.project_words(seen.project)
    told = words.asked_again_as(new.id)
    if old.state in OPEN:
        note = replace(old.note, replaced_by=new.id)
        tx.move(old, Event.WITHDRAW, new.requester, note=note)
        told = words.replaced_by(new.id)
    if seen.note.replaced_by:  # by one that never had a card
        tx.touch(seen.id, replace(seen.note, replaced_by=new.id))
    if seen.planned_at is not None:  # else it has no card, and nobody saw it
        tx.say(Post(InThread(seen.id), (told,)))
