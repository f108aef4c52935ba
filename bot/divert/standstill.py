"""A project at a standstill: what stands now, and how a running request halts for it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.divert.click import Verdict
from bot.divert.pause import Frozen, Pause, Standstill, code_of
from bot.divert.request import Event, Request
from bot.divert.sentence import InThread, Post
from bot.divert.transaction import Decided, Transaction
from bot.divert.world import World


def stands_in(world: World, tx: Transaction, project: str) -> Sequence[Standstill]:
    """What keeps a project from sending now: its pause, then its freeze."""
    return stands_at(world, project, tx.pause(project), tx.now())


def stands_at(
    world: World, project: str, pause: Pause | None, at: datetime
) -> Sequence[Standstill]:
    """The same at a moment, where the pause is known."""
    return [one for one in (pause, frozen(world, project, at)) if one is not None]


def keeps(world: World, tx: Transaction, request: Request) -> Sequence[Standstill]:
    """What keeps this request from sending now.

    What begins after this, in the same transaction that writes, begins before any pause that
    comes next. It is to be asked before anything that has an audit entry.
    """
    stands = stands_in(world, tx, request.project)
    return keeping(stands, tx.decisions(request.id)) if stands else stands


def keeping(stands: Iterable[Standstill], decisions: Iterable[Decided]) -> Sequence[Standstill]:
    """Of what stands in its project, what keeps a request that was decided so.

    To break the glass is a way through a freeze, and none through a pause.
    """
    is_urgent = any(one.verdict == Verdict.BREAK_GLASS for one in decisions)
    return [one for one in stands if isinstance(one, Pause) or not is_urgent]


def frozen(world: World, project: str, at: datetime) -> Frozen | None:
    freeze = world.policy().freeze(project, at)
    return None if freeze is None else Frozen(project, freeze.name, freeze.ends(at))


def stand_still(world: World, tx: Transaction, request: Request) -> bool:
    """Whether nothing of a running request may be sent now; if anything is left of it, it halts."""
    stands = keeps(world, tx, request)
    if stands and tx.next_due(request.id) is not None:
        halt_for(world, tx, request, stands[0])
    return bool(stands)


def halt_for(world: World, tx: Transaction, request: Request, standing: Standstill) -> Request:
    """Halt it, or say of one that is halted what it waits for now."""
    note = replace(request.note, code=code_of(standing), message="")
    words = world.project_words(request.project)
    tx.say(Post(InThread(request.id), words.halted_for(standing)))
    return tx.move(request, Event.HALT, "", note=note)
