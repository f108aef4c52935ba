"""Many values in one condition, as many at once as every database takes."""

from collections.abc import Iterator, Sequence
from typing import Final

_AT_ONCE: Final = 5_000  # SQLite takes 32,766 values in one query and PostgreSQL 65,535


def portions(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut values so that each portion fits into one query."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
