"""Phones by a part of their name, in a fleet too large to look at each name."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from sandbox.cloud.phone import Phone

# Above so many hits, one pass over all phones is quicker than a jump from hit to hit.
_MANY = 2_000


class Names:
    """All names of one edition of a fleet as one text, which is searched at the speed of C."""

    def __init__(self, phones: Sequence[Phone]) -> None:
        self._phones = phones
        self._text = "\n".join(phone.name for phone in phones)
        self._starts = list(accumulate((len(p.name) + 1 for p in phones), initial=0))[:-1]

    def holding(self, part: str) -> list[Phone]:
        """Return the phones whose name holds `part`, in the order they were given."""
        if self._text.count(part) > _MANY:
            return [phone for phone in self._phones if part in phone.name]
        return list(self._hits(part))

    def _hits(self, part: str) -> Iterator[Phone]:
        at = self._text.find(part)
        while at >= 0:
            place = bisect_right(self._starts, at) - 1
            yield self._phones[place]
            end = self._starts[place] + len(self._phones[place].name)
            at = self._text.find(part, end)
