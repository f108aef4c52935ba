"""What came in: recorded first, then read and held against the policy."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from bot.divert.failures import FileAway, LookupFailed
from bot.divert.grammar import Divert
from bot.divert.id_file import BYTES_LIMIT, read_file
from bot.divert.phones import Reading, Unreadable
from bot.divert.policy import (
    Allowed,
    Decision,
    Extent,
    Kind,
    Person,
    Wish,
    may_ask,
    may_look,
    who_could,
)
from bot.divert.request import Draft
from bot.divert.sentence import ToPerson
from bot.divert.transaction import Transaction
from bot.divert.turns import start_planning
from bot.divert.twice import WINDOW, Recorded, Repeat, same_wish
from bot.divert.wording import Words
from bot.divert.world import World

LOOK_UP_AGAIN: Final = 2.0  # seconds between two
FETCHES: Final = 3  # of a file
UNKNOWN: Final = Extent()
T = TypeVar("T")


def record(tx: Transaction, draft: Draft, *, anyway: bool = False) -> Recorded:
    """Keep a draft and start its planning; a second delivery finds the first one's request.

    What this person asked for a moment ago, and is still open, is not asked for again unless it
    is wanted `anyway`: the draft is put aside.
    """
    tx.one_at_a_time(same_wish(draft))
    before = delivered_before(tx, draft.key)
    if before is not None:
        return before
    twin = None if anyway else tx.open_since(same_wish(draft), tx.now() - WINDOW)
    if twin is not None and twin.id != draft.replaces:
        repeat = Repeat(draft, twin.id, tx.now())
        tx.put_aside(repeat)
        return Recorded(twin, first=True, repeat=repeat)
    request, _ = tx.ask(draft)
    start_planning(tx, request)
    return Recorded(request, first=True)


def delivered_before(tx: Transaction, key: str) -> Recorded | None:
    """What became of the first delivery."""
    repeat = tx.repeat(key)
    request = tx.asked(key) if repeat is None else tx.request(repeat.request_id)
    return None if request is None else Recorded(request, first=False, repeat=repeat)


def drafted(wish: Divert, by: ToPerson, project: str, words: Words, key: str = "") -> Draft:
    """The draft of a command, whether it is asked for or only looked at."""
    return Draft(
        key=key,
        requester=by.user,
        project=project,
        route=wish.route,
        channel=by.channel,
        ids=wish.reading.ids,
        repeated=wish.reading.repeated,
        unreadable=shown(wish.reading.unreadable, words),
        selection=wish.selection,
        reason=wish.reason,
        reply_url=by.reply_url,
    )


def shown(unreadable: tuple[Unreadable, ...], words: Words) -> tuple[str, ...]:
    """Unreadable words with their places, as people read them."""
    return tuple(words.unreadable_at(one.place, one.number, one.word[:80]) for one in unreadable)


async def read_input(world: World, draft: Draft) -> tuple[Reading, tuple[str, ...]]:
    """The ids of a draft, typed, kept and from its file, and its unreadable words as shown.

    Raises:
        FileUnreadable: the file cannot be fetched or holds no ids.
    """
    kept, file_id = await _kept(world, draft)
    typed = Reading(tuple(dict.fromkeys(kept + draft.ids)), draft.repeated)
    if draft.file_id in ("", file_id):
        return typed, draft.unreadable
    fetch = partial(world.files.content, draft.file_id, BYTES_LIMIT)
    content = await insist(world, fetch, FETCHES)
    given = await asyncio.to_thread(read_file, content, world.file_ids, draft.column)
    words = world.project_words(draft.project)
    return _joined(typed, given), draft.unreadable + shown(given.unreadable, words)


async def _kept(world: World, draft: Draft) -> tuple[tuple[str, ...], str]:
    """The ids of the request this one was made from, and the file that was read for them."""
    found = await world.ledger.read(lambda tx: tx.request(draft.ids_of)) if draft.ids_of else None
    ids = await known_ids(world, found.id) if found is not None else ()
    return ids, found.draft.file_id if found is not None and ids else ""


async def known_ids(world: World, request_id: str) -> tuple[str, ...]:
    """All ids of a request that has been planned, in their order."""
    rows = await world.ledger.read(lambda tx: tx.rows(request_id, 0, world.file_ids * 2))
    return tuple(row.id for row in rows)


def _joined(typed: Reading, given: Reading) -> Reading:
    ids = tuple(dict.fromkeys(typed.ids + given.ids))
    again = len(typed.ids) + len(given.ids) - len(ids)
    return Reading(ids, typed.repeated + given.repeated + again)


async def person(world: World, user: str, *, fresh: bool) -> Person:
    """Who asks or decides, with the groups the policy speaks of.

    Raises:
        LookupFailed: Slack could not say.
    """
    return await world.directory.person(user, world.policy().groups(), fresh=fresh)


async def insist(world: World, look_up: Callable[[], Awaitable[T]], times: int) -> T:
    """Look up so many times where Slack does not answer, for what can wait a little.

    Raises:
        LookupFailed, FileAway: it did not answer in the end either.
    """
    for _ in range(times - 1):
        try:
            return await look_up()
        except (LookupFailed, FileAway):
            await world.clock.sleep(LOOK_UP_AGAIN)
    return await look_up()


async def words_for(world: World, user: str, project: str) -> Words:
    """The language of who reads this alone; the project's where it is not known just now."""
    try:
        reader = await person(world, user, fresh=False)
    except LookupFailed:
        return world.project_words(project)
    return world.words(reader.locale) if reader.locale else world.project_words(project)


async def allowed(
    world: World,
    draft: Draft,
    phones: int | None,
    extent: Extent = UNKNOWN,
    *,
    fresh: bool = False,
) -> Decision:
    """Whether the asking person may ask for this, by the policy as it is now; else who could."""
    asking = await person(world, draft.requester, fresh=fresh)
    policy, wish = world.policy(), wish_of(world, draft, phones, extent)
    decision = may_ask(policy, asking, wish)
    if isinstance(decision, Allowed):
        return decision
    others = (one for one in who_could(policy, wish) if one != asking.id)
    return replace(decision, could=tuple(others))


def wish_of(world: World, draft: Draft, phones: int | None, extent: Extent = UNKNOWN) -> Wish:
    """A draft as the policy sees it at this moment."""
    channel = draft.channel or world.projects[draft.project].channel
    now, kinds = world.clock.now(), kinds_of(draft)
    return Wish(draft.project, draft.route, channel, now, phones, extent, kinds)


def kinds_of(draft: Draft) -> frozenset[Kind]:
    """How the phones are pointed at; a term that only excludes points at none."""
    terms = {Kind(term.key) for term in draft.selection.included}
    given = {Kind.IDS: draft.ids, Kind.FILE: draft.file_id or draft.ids_of}
    return frozenset(terms | {kind for kind, is_given in given.items() if is_given})


async def looking(world: World, user: str, project: str) -> Decision:
    """Whether this person may see what is where in a project.

    Raises:
        LookupFailed: Slack could not say who that is.
    """
    return may_look(world.policy(), await person(world, user, fresh=False), project)


async def may_see(world: World, user: str, project: str) -> bool:
    return isinstance(await looking(world, user, project), Allowed)
