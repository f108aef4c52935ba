"""`/cph pause` and `/cph resume`: who may, what stands then, and who is told."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.divert.failures import LookupFailed
from bot.divert.going_on import settle
from bot.divert.intake import insist, person
from bot.divert.order import Order
from bot.divert.pause import EVERY, PAUSE, Frozen, Pause
from bot.divert.policy import Person
from bot.divert.sentence import Post, Sentence, ToChannel, ToPerson
from bot.divert.standstill import frozen
from bot.divert.transaction import Transaction
from bot.divert.wording import Words
from bot.divert.world import World

# Just when everything must stop, Slack may be slow, or have no more look-ups for this minute.
LOOK_UPS: Final = 6


async def operate(world: World, order: Order) -> None:
    """Carry out an order, or tell the person why not.

    What it says stands with one transaction. Requests halt and go on after it; until they do,
    nothing of them is sent, since each call is preceded by a look at what stands.
    """
    operator = await _looked_up(world, order.person)
    words = _words(world, order, operator)
    if operator is None:
        await _tell(world, order, words.order_not_checked())
    elif not world.policy().may_operate(operator):
        policy = world.policy()
        members = sorted(policy.members(policy.operators))
        await _tell(world, order, words.not_an_operator(members))
    else:
        carried_out = _pause if order.pauses else _resume
        if await world.ledger.write(lambda tx: carried_out(world, tx, order, words)):
            await world.ledger.write(lambda tx: tx.touch_waiting(_scope(world, order.project)))
            await settle(world)


async def _looked_up(world: World, user: str) -> Person | None:
    try:
        return await insist(world, lambda: person(world, user, fresh=True), LOOK_UPS)
    except LookupFailed:
        return None


def _words(world: World, order: Order, operator: Person | None) -> Words:
    if operator is not None and operator.locale:
        return world.words(operator.locale)
    return _words_in(world, order.channel)


def _words_in(world: World, channel: str) -> Words:
    return world.project_words(world.project_of(channel))


async def _tell(world: World, order: Order, told: Sentence) -> None:
    await world.ledger.write(lambda tx: _answer(tx, order, (told,)))


def _answer(tx: Transaction, order: Order, told: Sequence[Sentence]) -> None:
    tx.say(Post(ToPerson(order.person, order.channel, order.reply_url), tuple(told)))


def _scope(world: World, project: str) -> list[str]:
    return list(world.projects) if project == EVERY else [project]


def _pause(world: World, tx: Transaction, order: Order, words: Words) -> bool:
    """Whether the pause of this order stands, or stood."""
    tx.lock_pauses()
    if tx.has_ordered(order.key):
        return True
    for before in tx.pauses():
        if before.project in (EVERY, order.project):
            _answer(tx, order, (words.paused_before(before),))
            return False
    pause = Pause(order.project, order.person, tx.now(), order.reason, order.key)
    running = len(tx.to_send(_scope(world, order.project)))
    tx.put_pause(pause)
    tx.note("pause", by=pause.by, project=pause.project, reason=pause.reason)
    _announce(world, tx, order, words, lambda told: told.paused_now(pause, running))
    return True


def _resume(world: World, tx: Transaction, order: Order, words: Words) -> bool:
    """Whether this order has ended a pause, now or before."""
    tx.lock_pauses()
    if tx.has_ordered(order.key):
        return True
    ending = [one for one in tx.pauses() if order.project in (EVERY, one.project)]
    if not ending:
        _answer(tx, order, _not_resumed(world, tx, order, words))
        return False
    for pause in ending:
        tx.end_pause(pause, order.person, order.key)
        tx.note("resume", by=order.person, project=pause.project, reason=order.reason)
    waiting = len(tx.halted((PAUSE,), _scope(world, order.project)))
    freezes = _freezes(world, tx, order)
    _announce(
        world,
        tx,
        order,
        words,
        lambda told: (
            *told.resumed_now(ending, order.person, waiting),
            *map(told.standing, freezes),
        ),
    )
    return True


def _freezes(world: World, tx: Transaction, order: Order) -> list[Frozen]:
    """What stands in the way of going on all the same."""
    found = (frozen(world, name, tx.now()) for name in _scope(world, order.project))
    return [one for one in found if one is not None]


def _not_resumed(world: World, tx: Transaction, order: Order, words: Words) -> Sequence[Sentence]:
    """Why there is nothing to resume."""
    if pause := tx.pause(order.project):
        return (words.only_all_together(pause),)
    stands = map(words.standing, _freezes(world, tx, order))
    return (words.not_paused(order.project), *stands)


def _announce(
    world: World,
    tx: Transaction,
    order: Order,
    words: Words,
    told: Callable[[Words], Sequence[Sentence]],
) -> None:
    """To who gave the order, to the operators, and where it was given."""
    _answer(tx, order, told(words))
    for channel in dict.fromkeys((world.operators_channel, order.channel)):
        if channel:
            tx.say(Post(ToChannel(channel), tuple(told(_words_in(world, channel)))))
