"""What people ask for in a soak: of which size, and what is to become of it."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

from sandbox.cloud.cloud import Cloud

# Share of the requests, and their sizes: most are small, one in two hundred is large.
SIZES = ((0.80, 1, 10), (0.14, 11, 80), (0.04, 81, 300), (0.015, 301, 1000), (0.005, 1001, 2000))
SMALL = 10  # phones
CANCELLED_FROM = 300  # phones, so that there is a middle to be cancelled in


class Fate(StrEnum):
    RUN = "run"
    DENY = "deny"
    WITHDRAW = "withdraw"
    REFUSE = "refuse"  # asked for by somebody without a role
    CANCEL = "cancel"


FATES = {Fate.RUN: 0.82, Fate.DENY: 0.05, Fate.WITHDRAW: 0.05, Fate.REFUSE: 0.05, Fate.CANCEL: 0.03}


@dataclass
class Wish:
    """One request from its asking to its rest. `reason` is how the ledger names it to us."""

    number: int
    fate: Fate
    ids: Sequence[str]
    route: str
    begun: float  # monotonic seconds
    request_id: str = ""
    closed: float = 0.0
    told: float = 0.0  # its thread
    shown: float = 0.0  # its card
    wrong: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        return f"soak {self.number}"

    @property
    def small(self) -> bool:
        return len(self.ids) <= SMALL


class Phones:
    """The fleet, of which each phone is in one open request at most."""

    def __init__(self, cloud: Cloud, seed: int) -> None:
        self._cloud = cloud
        self._idle = deque(cloud.main.fleet.phones)
        self._chance = random.Random(seed)  # noqa: S311 - repeatable by intent
        self._numbers = count(1)

    def left(self) -> int:
        """How many are in no request; one is always kept back."""
        return len(self._idle) - 1

    def wish(self, now: float) -> Wish:
        """The next one, for phones of which the first at least will change."""
        fate = self._chance.choices(list(FATES), list(FATES.values()))[0]
        size = CANCELLED_FROM if fate is Fate.CANCEL else self._size()
        ids = [self._idle.popleft() for _ in range(min(size, self.left()))]
        first = self._cloud.main.fleet.phones[ids[0]].route(self._cloud.now())
        route = "direct" if first == "routing" else "routing"
        return Wish(next(self._numbers), fate, ids, route, now)

    def _size(self) -> int:
        _, least, most = self._chance.choices(SIZES, [share for share, _, _ in SIZES])[0]
        return self._chance.randint(least, most)

    def give_back(self, wish: Wish) -> None:
        self._idle.extend(wish.ids)
