"""How one piece of durable work starts the next: chains of turns, each started once.

A slice that is run again after a kill names the same successor, so a chain never becomes two.
"""

from bot.divert.ports import Run, Start, Transaction
from bot.divert.request import Request


def next_turn(turn: str) -> str:
    """The turn after this one in the same chain: after `r7.1` comes `r7.2`."""
    chain, _, number = turn.rpartition(".")
    return f"{chain}.{int(number) + 1}"


def reads(project: str) -> str:
    """The partition of a project's reads, apart from its sends."""
    return f"{project}/read"


def start_planning(tx: Transaction, request: Request) -> None:
    key = f"plan:{request.id}:{request.version}"
    tx.start(Start(Run.PLAN, request.id, reads(request.project), key))


def start_sending(tx: Transaction, request: Request, turn: str, delay: float = 0.0) -> None:
    """Start a turn of sending after `delay` seconds."""
    key = f"send:{request.id}:{turn}"
    tx.start(Start(Run.SEND, request.id, request.project, key, turn=turn, delay=delay))


def start_following(tx: Transaction, request: Request, turn: str, delay: float = 0.0) -> None:
    """Start a turn of following after `delay` seconds."""
    key = f"follow:{request.id}:{turn}"
    tx.start(Start(Run.FOLLOW, request.id, reads(request.project), key, turn=turn, delay=delay))
