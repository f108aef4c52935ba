"""The moment at which a process is killed."""

from dataclasses import dataclass


class Killed(BaseException):
    """The process is gone: no `except` of the bot's may see it, so it is no `Exception`."""


@dataclass(slots=True)
class Fuse:
    """One process's. Each thing it does to the world outside passes it before and after.

    `left` are the points until the process is killed, None while nobody wants that. What is
    dead does nothing more, whatever its code still tries while it is unwound.
    """

    left: int | None = None
    dead: bool = False

    def pass_(self) -> None:
        if self.left is not None:
            self.left -= 1
            self.dead = self.dead or self.left <= 0
        if self.dead:
            raise Killed

    def kill(self) -> None:
        self.dead = True
