"""`/cph plan`, `phones`, `drift`, `whoami`: read now and told to who asked; nothing is changed."""

import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from typing import Final

from bot.divert.drifting import drift
from bot.divert.failures import Away, CloudFailure, LookupFailed, Undeliverable
from bot.divert.grammar import (
    Command,
    Divert,
    Drift,
    Phones,
    Plan,
    Whoami,
    read_command,
    write_command,
)
from bot.divert.intake import allowed, drafted, looking, person, words_for
from bot.divert.look import Look
from bot.divert.policy import Refused
from bot.divert.progress import Reported
from bot.divert.refusing import (
    Refusal,
    Wanted,
    granted,
    no_phones,
    nothing_to_change,
    run,
)
from bot.divert.resolving import resolve, server_names
from bot.divert.selecting import Meant, NothingMeant, TooManyMeant, meant
from bot.divert.selection import Selection
from bot.divert.sentence import Post, Sentence, Table, ToPerson
from bot.divert.sight import Sight, phones_now, plan_now
from bot.divert.transaction import Said
from bot.divert.whoami import Powers, whoami
from bot.divert.wording import Words
from bot.divert.world import World

FILE: Final = "phones.csv"
SENDS: Final = 3  # tries to hand over the file before it is given up
_log = logging.getLogger(__name__)


async def look(world: World, asked: Look) -> None:
    """Answer one question, or say why not, to the person who asked and nobody else."""
    words = await words_for(world, asked.person, asked.project)
    try:
        sight = await _seen(world, asked, words)
    except Refusal as refusal:
        sight = Sight(refusal.sentences, buttons=refusal.buttons)
    about_file = await _hand_over(world, asked, sight, words)
    post = Post(_to(asked), (*sight.sentences, *about_file), sight.buttons)
    await world.ledger.write(lambda tx: tx.say(post))


def _to(asked: Look) -> ToPerson:
    return ToPerson(asked.person, asked.channel, asked.reply_url)


async def _seen(world: World, asked: Look, words: Words) -> Sight:
    """Read what the command asks for.

    Raises:
        Refusal: the person may not see it, or there is nothing to see.
    """
    command = read_command(asked.text)
    if isinstance(command, Whoami):
        return await _whoami(world, asked, words)
    await granted(looking(world, asked.person, asked.project), words)
    try:
        return await _read(world, asked, command, words)
    except (NothingMeant, TooManyMeant, CloudFailure) as failure:
        given = Wanted(asked.person, asked.project, asked.text)
        raise await no_phones(world, given, failure, words) from failure


async def _whoami(world: World, asked: Look, words: Words) -> Sight:
    """Everybody may know this of themselves."""
    try:
        who = await person(world, asked.person, fresh=True)
    except LookupFailed as failure:
        raise Refusal(words.lookup_failed()) from failure
    return Sight(whoami(Powers(world.policy(), who, asked.project), words))


async def _read(world: World, asked: Look, command: Command, words: Words) -> Sight:
    match command:
        case Plan(divert):
            return await _plan(world, asked, divert, words)
        case Phones(reading, selection):
            found = await _meant(world, asked, reading.ids, selection, words)
            names = await server_names(world, asked.project)
            return phones_now(found, names, asked.project, selection, words)
        case Drift(request_id):
            request = await world.ledger.read(lambda tx: tx.request(request_id))
            if request is None or request.project != asked.project:
                raise Refusal(words.no_such_request(request_id))
            return await drift(world, request, words)
    raise Refusal(words.unknown_button())  # kept by a version that read it otherwise


async def _meant(
    world: World, asked: Look, ids: Sequence[str], selection: Selection, words: Words
) -> Meant:
    async def tell(share: int, left: float) -> None:
        post = Post(_to(asked), (words.still_looking(share, left),))
        await world.ledger.write(lambda tx: tx.say(post))

    return await meant(world, asked.project, ids, selection, Reported(world, tell).told)


async def _plan(world: World, asked: Look, divert: Divert, words: Words) -> Sight:
    """The plan, and whether who looks may ask for it, with the button that does."""
    draft = drafted(divert, _to(asked), asked.project, words)
    found = await _meant(world, asked, draft.ids, draft.selection, words)
    resolved = await resolve(world, draft.project, draft.route, found, leave_hindered_out=False)
    if not resolved.plan.changes:
        raise nothing_to_change(draft, resolved, words)
    sight = plan_now(resolved, draft, words)
    decision = await allowed(world, draft, len(found.ids))
    if isinstance(decision, Refused):
        return replace(sight, sentences=(*sight.sentences, words.refusal(decision)))
    told = (*sight.sentences, words.only_looked())
    return replace(sight, sentences=told, buttons=run(write_command(draft), words))


async def _hand_over(world: World, asked: Look, sight: Sight, words: Words) -> tuple[Sentence, ...]:
    """Give the file, before the words that speak of it; what to say of it."""
    if sight.rows is None:
        return ()
    post = Post(_to(asked), (words.look_file(),), table=Table("look", FILE))
    for _ in range(SENDS):
        try:
            await world.channel.say(Said("", post, "", "", posted=False), _streamed(sight.rows()))
        except Away as away:
            await world.clock.sleep(away.wait)
        except Undeliverable:
            break
        else:
            return (words.look_file_is_there(),)
    _log.warning("the file of a look could not be given to %s", asked.person)
    return (words.no_look_file(),)


async def _streamed(rows: Iterable[Sequence[str]]) -> AsyncIterator[Sequence[str]]:
    for row in rows:
        yield row
