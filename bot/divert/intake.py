"""What came in: recorded first, then read and held against the policy."""

from bot.divert.failures import LookupFailed
from bot.divert.id_file import BYTES_LIMIT, read_file
from bot.divert.phones import Reading, Unreadable
from bot.divert.policy import Decision, Person, Wish, may_ask
from bot.divert.ports import Transaction
from bot.divert.request import Draft, Request
from bot.divert.turns import start_planning
from bot.divert.wording import Words
from bot.divert.world import World


def record(tx: Transaction, draft: Draft) -> tuple[Request, bool]:
    """Keep a draft and start its planning; a second delivery finds the first one's request."""
    request, new = tx.ask(draft)
    if new:
        start_planning(tx, request)
    return request, new


def shown(unreadable: tuple[Unreadable, ...], words: Words) -> tuple[str, ...]:
    """Unreadable words with their places, as people read them."""
    return tuple(words.unreadable_at(one.place, one.number, one.word[:80]) for one in unreadable)


async def read_input(world: World, draft: Draft) -> tuple[Reading, tuple[str, ...]]:
    """The ids of a draft, typed and from its file, and its unreadable words as shown.

    Raises:
        FileUnreadable: the file cannot be fetched or holds no ids.
    """
    typed = Reading(draft.ids, draft.repeated)
    if not draft.file_id:
        return typed, draft.unreadable
    content = await world.files.content(draft.file_id, BYTES_LIMIT)
    given = read_file(content, world.file_ids)
    words = world.project_words(draft.project)
    return _joined(typed, given), draft.unreadable + shown(given.unreadable, words)


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


async def words_for(world: World, user: str, project: str) -> Words:
    """The language of who reads this alone; the project's where it is not known just now."""
    try:
        reader = await person(world, user, fresh=False)
    except LookupFailed:
        return world.project_words(project)
    return world.words(reader.locale) if reader.locale else world.project_words(project)


async def allowed(
    world: World, draft: Draft, phones: int | None, *, fresh: bool = False
) -> Decision:
    """Whether the asking person may ask for this, by the policy as it is now."""
    asking = await person(world, draft.requester, fresh=fresh)
    channel = draft.channel or world.projects[draft.project].channel
    return may_ask(world.policy(), asking, Wish(draft.project, draft.route, channel, phones))
