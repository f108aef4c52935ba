"""Requests are brought in line with what stands: halted for a pause or a freeze, and let go on.

All of it looks at the ledger as it is and does what is left, so it may end anywhere and be done
again, by an operator's command and by the sweep at once.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from bot.divert.failures import LookupFailed
from bot.divert.once_each import OnceEach
from bot.divert.pause import PAUSE, POLICY, STANDSTILLS, Frozen, code_of
from bot.divert.policy import Refused
from bot.divert.request import Event, Request, State
from bot.divert.sending import refused_now
from bot.divert.sentence import InThread, Post
from bot.divert.standstill import frozen, halt_for, keeps, stands_in
from bot.divert.steering import resume
from bot.divert.transaction import Transaction
from bot.divert.world import World

PORTION: Final = 20  # requests in one transaction, so that nobody waits long for it
MAY_HALT: Final = frozenset({State.APPROVED, State.SENDING})
_log = logging.getLogger(__name__)


async def settle(world: World) -> None:
    """Show freezes that came or went, halt what may not run, and let go on what may.

    The policy is asked again of each that goes on, by look-ups of this moment.
    """
    world = replace(world, directory=OnceEach(world.directory))
    await world.ledger.write(partial(show_freezes, world))
    running = await world.ledger.read(partial(_running, world))
    for start in range(0, len(running), PORTION):
        await world.ledger.write(partial(_halt, world, ids=running[start : start + PORTION]))
    for request_id in await world.ledger.read(partial(_freed, world)):
        try:
            await _bring_on(world, request_id)
        except LookupFailed:
            _log.info("%s waits until Slack says who asked and approved", request_id)
            return


def show_freezes(world: World, tx: Transaction) -> None:
    """Paint the cards anew of projects whose freeze began, ended, or is another one."""
    now = {name: _written(frozen(world, name, tx.now())) for name in world.projects}
    before = tx.announce("freezes", json.dumps(now, sort_keys=True))
    if before is not None:
        was = json.loads(before or "{}")
        tx.touch_waiting([name for name in now if now[name] != was.get(name, [])])


def _written(freeze: Frozen | None) -> list[str]:
    return [] if freeze is None else [freeze.name, str(freeze.until)]


def _running(world: World, tx: Transaction) -> list[str]:
    """What runs and may not."""
    stopped = [name for name in world.projects if stands_in(world, tx, name)]
    return tx.to_send(stopped) if stopped else []


def _halt(world: World, tx: Transaction, ids: Sequence[str]) -> None:
    found = [tx.request(one) for one in ids]
    running = [one for one in found if one is not None and one.state in MAY_HALT]
    stands = [(one, keeps(world, tx, one)) for one in running]
    for request, standing in stands:
        if standing:
            halt_for(world, tx, request, standing[0])


def _freed(world: World, tx: Transaction) -> list[str]:
    """What was halted for something that stands no more."""
    found = []
    for name in world.projects:
        standing = [code_of(one) for one in stands_in(world, tx, name)]
        found += tx.halted([code for code in STANDSTILLS if code not in standing], [name])
    return found


async def _bring_on(world: World, request_id: str) -> None:
    """Let it go on, unless something else keeps it now, or the policy does.

    Raises:
        LookupFailed: Slack cannot say just now who somebody is.
    """
    request = await world.ledger.read(lambda tx: tx.request(request_id))
    if request is None:
        return
    if await world.ledger.read(lambda tx: keeps(world, tx, request)):
        await world.ledger.write(lambda tx: _wait_on(world, tx, request_id))
        return
    refusal = await refused_now(world, request)
    await world.ledger.write(lambda tx: _go_on(world, tx, request_id, refusal))


def _halted(tx: Transaction, request_id: str) -> Request | None:
    """The request, while it waits for something to be over."""
    request = tx.request(request_id)
    if request is None or request.state is not State.HALTED:
        return None
    return request if request.note.code in STANDSTILLS else None


def _wait_on(world: World, tx: Transaction, request_id: str) -> None:
    """Say what it waits for now, where that is something else."""
    request = _halted(tx, request_id)
    if request is None:
        return
    for standing in keeps(world, tx, request)[:1]:
        if code_of(standing) != request.note.code:
            halt_for(world, tx, request, standing)


def _go_on(world: World, tx: Transaction, request_id: str, refusal: Refused | None) -> None:
    request = _halted(tx, request_id)
    if request is None or keeps(world, tx, request):
        return
    words = world.project_words(request.project)
    if refusal is not None:
        tx.say(Post(InThread(request.id), (words.still_halted(refusal.why),)))
        note = replace(request.note, code=POLICY, message=refusal.why)
        tx.move(request, Event.HALT, "", note=note)
        return
    told = words.pause_over() if request.note.code == PAUSE else words.freeze_over()
    resume(world, tx, request, "", told)
