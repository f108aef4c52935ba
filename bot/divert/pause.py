"""What keeps a project from sending now: a pause by an operator, or a freeze of the policy."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

EVERY: Final = "*"  # in place of a project: all of them
PAUSE: Final = "pause"  # in a note: why a request is halted
FREEZE: Final = "freeze"
STANDSTILLS: Final = (PAUSE, FREEZE)
POLICY: Final = "policy"  # in a note: halted since the policy does not let it go on


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent in a project, or in `EVERY` one, until an operator resumes.

    `key` is that of the command.
    """

    project: str
    by: str
    at: datetime
    reason: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """Nothing is sent in a project until the freeze of this name ends, if it has an end."""

    project: str
    name: str
    until: datetime | None


Standstill = Pause | Frozen


def code_of(why: Standstill) -> str:
    """The word that a halted request keeps of it."""
    return PAUSE if isinstance(why, Pause) else FREEZE


class Pauses(Protocol):
    """The pauses' part of a transaction."""

    def pause(self, project: str) -> Pause | None:
        """The pause that stands for a project, before all that of every project.

        Until a transaction that writes has ended, none is put or ended after this.
        """

    def pauses(self) -> list[Pause]:
        """All that stand, the oldest first."""

    def lock_pauses(self) -> None:
        """Nobody asks for the pauses in order to write, until this transaction has ended."""

    def put_pause(self, pause: Pause) -> None: ...
    def end_pause(self, pause: Pause, by: str, key: str) -> None: ...
    def has_ordered(self, key: str) -> bool:
        """Whether the command of this key has put or ended a pause."""

    def to_send(self, projects: Collection[str]) -> list[str]:
        """Requests that were approved or run, with something left to send."""

    def halted(self, codes: Collection[str], projects: Collection[str]) -> list[str]:
        """Requests that are halted with one of these codes in their note."""

    def touch_waiting(self, projects: Collection[str]) -> None:
        """The cards of all that wait for a person should be shown anew."""
