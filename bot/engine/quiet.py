"""What DBOS logs again and again while the database fails is let through once in a while."""

import logging
import time
from collections.abc import Callable
from typing import Final

SPACING: Final = 60.0  # seconds between two records from one place in DBOS


class Spaced(logging.Filter):
    """Its threads warn at every poll, five times a second each."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._ticks = ticks
        self._last: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        place, now = (record.pathname, record.lineno), self._ticks()
        if now - self._last.get(place, -SPACING) < SPACING:
            return False
        self._last[place] = now
        return True


SPACED: Final = Spaced()  # one for all engines of the process, as the logger is
