"""What the thread is told while a run is held up: by what, and that it goes on by itself."""

import logging
from dataclasses import replace
from math import ceil
from typing import Final

from bot.divert.failures import CloudFailure, NotSent, TryLater
from bot.divert.outcome import PhoneState
from bot.divert.plan import BATCH_LIMIT
from bot.divert.request import Event, Request, State
from bot.divert.sentence import InThread, Post, Sentence
from bot.divert.transaction import Transaction
from bot.divert.world import World

# Seconds. Who reads the thread sees no progress for that long anyway, as cards are edited every
# 2.5 s at most; a word about it would come when it is over and be noise. Refusals as busy are told
# at once: their phones wait for seconds in any case, and each costs one of their few tries.
HICCUP: Final = 3.0
_log = logging.getLogger(__name__)


def tell_limit_at_start(world: World, tx: Transaction, request: Request) -> None:
    """A limit that is known already, where the request has more batches than it takes at once."""
    limit = world.cloud.limit(request.project)
    if limit is not None and _batches_left(tx, request) > limit[0]:
        _tell_limit(world, tx, request, limit, 0.0)


def tell_not_sent(
    world: World, tx: Transaction, request: Request, failure: NotSent, held: float
) -> None:
    """Say what is waited for, where no call has gone through for `held` seconds."""
    words = world.project_words(request.project)
    limit = world.cloud.limit(request.project)
    if failure.code and limit is not None:
        _tell_limit(world, tx, request, limit, failure.wait)
    elif held + failure.wait < HICCUP:
        return
    elif failure.code:
        meaning, _ = world.cloud.explain(failure.code)
        _tell(tx, request, f"held:{failure.code}", words.turned_away(failure.code, meaning))
    else:
        _tell(tx, request, "held:", words.no_connection())


def tell_busy(world: World, tx: Transaction, request: Request, failure: TryLater) -> None:
    words = world.project_words(request.project)
    _tell(tx, request, f"busy:{failure.code}", words.busy(failure.code))


def _tell_limit(
    world: World, tx: Transaction, request: Request, limit: tuple[int, float], wait: float
) -> None:
    calls, seconds = limit
    left = max(_batches_left(tx, request) / world.cloud.send_rate(request.project), wait)
    if left >= HICCUP:
        words = world.project_words(request.project)
        _tell(tx, request, f"limit:{calls}/{seconds:g}", words.limited(calls, seconds, left))


def _batches_left(tx: Transaction, request: Request) -> int:
    return ceil(tx.counts(request.id)[PhoneState.PLANNED] / BATCH_LIMIT)


def _tell(tx: Transaction, request: Request, once: str, sentence: Sentence) -> None:
    tx.say(Post(InThread(request.id), (sentence,), once=once))


def halt(world: World, tx: Transaction, request_id: str, failure: CloudFailure) -> None:
    """Stop sending until a person has mended what the failure names."""
    request = tx.request(request_id)
    if request is None or request.state is not State.SENDING:
        return
    words = world.project_words(request.project)
    meaning, advice = world.cloud.explain(failure.code)
    note = replace(request.note, code=failure.code, message=failure.message)
    tx.move(request, Event.HALT, "", note=note)
    tx.say(Post(InThread(request.id), (words.halted_by(failure.code, meaning, advice),)))
    _log.info("%s is halted by %s", request.id, failure.code or "?")
