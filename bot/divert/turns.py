"""How one piece of durable work starts the next: chains of turns, each started once.

A slice that is run again after a kill names the same successor, so a chain never becomes two.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.divert.request import Request
from bot.divert.transaction import Run, Start, Transaction

_READS: Final = "/read"
_LOOKS: Final = "/look"
_OF_A_CALLER: Final = frozenset({Run.PLAN, Run.LOOK, Run.SEND, Run.FOLLOW})


def next_turn(turn: str) -> str:
    """The turn after this one in the same chain: after `r7.1` comes `r7.2`."""
    chain, _, number = turn.rpartition(".")
    return f"{chain}.{int(number) + 1}"


def reads(project: str) -> str:
    """The partition of a project's reads, apart from its sends."""
    return f"{project}{_READS}"


def looks(project: str) -> str:
    """The partition of a project's looks, apart from both, since somebody waits for them."""
    return f"{project}{_LOOKS}"


def project_of(partition: str) -> str:
    """Whose sends, reads or looks these are."""
    return partition.removesuffix(_READS).removesuffix(_LOOKS)


def by_caller(start: Start, caller: Callable[[str], str]) -> Start:
    """The same work on the cloud in the partition of the project's caller.

    The cloud counts the calls of a caller, whichever of its projects they are for, so its sends are
    one at a time over all processes, as one project's are.
    """
    if start.run not in _OF_A_CALLER:
        return start
    project = project_of(start.partition)
    whose = start.partition.removeprefix(project)
    return replace(start, partition=f"{caller(project)}{whose}")


def start_planning(tx: Transaction, request: Request) -> None:
    key = f"plan:{request.id}:{request.version}"
    tx.start(Start(Run.PLAN, request.id, reads(request.project), key))


def start_sending(
    tx: Transaction, request: Request, turn: str, delay: float = 0.0, held_since: str = ""
) -> None:
    """Start a turn of sending after `delay` seconds.

    `held_since` is a moment in ISO 8601: no call of the request has gone through from then on.
    """
    key = f"send:{request.id}:{turn}"
    told = {"held_since": held_since} if held_since else {}
    start = Start(Run.SEND, request.id, request.project, key, turn, delay, told)
    tx.start(start)


def start_following(tx: Transaction, request: Request, turn: str, delay: float = 0.0) -> None:
    """Start a turn of following after `delay` seconds."""
    key = f"follow:{request.id}:{turn}"
    tx.start(Start(Run.FOLLOW, request.id, reads(request.project), key, turn=turn, delay=delay))
