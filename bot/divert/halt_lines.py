"""Why nothing is sent: lines of a request's card, and of `/cph status`."""

from collections.abc import Sequence

from bot.divert.pause import POLICY, STANDSTILLS, Pause, Standstill
from bot.divert.policy import Why
from bot.divert.request import Request
from bot.divert.sentence import Sentence
from bot.divert.standstill import keeping, stands_at
from bot.divert.transaction import Decided, Transaction
from bot.divert.wording import Words
from bot.divert.world import World


def standstill_lines(
    world: World, request: Request, pause: Pause | None, decisions: Sequence[Decided]
) -> list[Sentence]:
    """What keeps a request from sending."""
    words, project = world.project_words(request.project), request.project
    stands = stands_at(world, project, pause, world.clock.now())
    return [words.standing(one) for one in keeping(stands, decisions)]


def halt_lines(
    world: World, request: Request, pause: Pause | None, decisions: Sequence[Decided]
) -> list[Sentence]:
    """Why a request is halted, and what keeps it so."""
    words, note = world.project_words(request.project), request.note
    stands = standstill_lines(world, request, pause, decisions)
    if note.code in STANDSTILLS:
        return stands or [words.goes_on_soon()]
    if note.code == POLICY:
        return [words.still_halted(Why(note.message)), *stands]
    return [words.halted_by(note.code, *world.cloud.explain(note.code)), *stands]


def all_standing(world: World, tx: Transaction, words: Words) -> list[Sentence]:
    """Every pause and freeze that stands."""
    stands: list[Standstill] = [*tx.pauses()]
    for name in world.projects:
        stands += stands_at(world, name, None, tx.now())
    return [words.standing(one) for one in stands]
