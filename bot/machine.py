"""The watch of this process, and how it looks at the machine: file handles and the clock."""

import errno
import resource
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.divert.failures import Trouble
from bot.divert.sentence import Post, Sentence, ToChannel
from bot.divert.transaction import Said
from bot.divert.world import World
from bot.store.leases import Leases
from bot.watch import EVERY, Found, Look, Watch, database_look

SPARE: Final = 24  # handles; a run needs about as many connections, files and locks at a time
JUMP: Final = 30.0  # seconds; a time service that works slews less than this
HOST: Final = socket.gethostname()
STEADY: Final = 20.0  # seconds the clock must keep pace until a jump is over
_OUT: Final = frozenset({errno.EMFILE, errno.ENFILE})
_OPEN: Final = Path("/dev/fd")


def watch_of(world: World, leases: Leases, me: str, operators: str) -> Watch:
    """The watch of the executor `me`, which tells the channel `operators` without the outbox.

    The small write that it tries is a lease of its own.
    """

    async def write() -> None:
        await leases.hold(f"watch {me}", me, EVERY, within=EVERY)

    async def say(told: Sentence) -> None:
        post = Post(ToChannel(operators), (told,))
        await world.channel.say(Said("", post, "", "", posted=False), None)

    looks: dict[str, Look] = {
        "database": database_look(write),
        "handles": handles_look,
        "clock": ClockLook(),
    }
    words = world.project_words(next(iter(world.projects)))
    return Watch(looks, say, words, HOST)


async def handles_look() -> Found | None:
    """Whether this process can open enough more files and connections."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        opened = sum(1 for _ in _OPEN.iterdir())
    except OSError as failure:
        if failure.errno in _OUT:
            return Found(Trouble.HANDLES)
        raise
    is_short = limit != resource.RLIM_INFINITY and limit - opened < SPARE
    return Found(Trouble.HANDLES) if is_short else None


@dataclass(slots=True)
class ClockLook:
    """Whether the wall clock keeps pace with the one that nobody sets.

    A machine that slept jumps too: its monotonic clock stood still.
    """

    wall: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    _ahead: float | None = None  # the wall clock, before the other
    _jump: Found | None = None
    _until: float = field(default=0)

    async def __call__(self) -> Found | None:
        now = self.ticks()
        ahead = self.wall() - now
        before, self._ahead = self._ahead, ahead
        if before is not None and abs(ahead - before) > JUMP:
            self._jump, self._until = Found(Trouble.CLOCK, ahead - before), now + STEADY
        if now >= self._until:
            self._jump = None
        return self._jump
