"""Points at which a crash test kills this process: before and after each outside call and commit.

The adapters name their points and pass them; without `CPH_BOT_KILL_AT` nobody listens.
"""

import os
import signal
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Lock
from typing import Self


@dataclass(frozen=True, slots=True)
class KillAt:
    """The `number`-th passing of a point whose name matches `pattern`, the first being 1."""

    pattern: str
    number: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `cloud.phones-traffic.after#3`, or `*#120` for the 120th point of any name.

        Raises:
            ValueError: it is not of this form.
        """
        pattern, _, number = text.rpartition("#")
        if not pattern or not number.isdecimal() or int(number) < 1:
            raise ValueError("not a point and a number, like commit.batches.before#3")
        return cls(pattern, int(number))


@dataclass
class FaultPoints:
    """Counts the points passed in this process, in any thread, and dies at the one named.

    `log`, where given, gets a line with the name of each.
    """

    kill_at: KillAt
    log: Path | None = None
    _passed: int = 0
    _lock: Lock = field(default_factory=Lock)

    def pass_(self, name: str) -> None:
        with self._lock:
            if self.log is not None:
                _append(self.log, name)
            self._passed += fnmatchcase(name, self.kill_at.pattern)
            if self._passed == self.kill_at.number:
                os.kill(os.getpid(), signal.SIGKILL)


def _append(log: Path, name: str) -> None:
    with log.open("a", encoding="utf-8") as lines:
        lines.write(f"{name}\n")
