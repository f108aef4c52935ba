"""The governor against a gateway that counts as the real one is thought to: in any window."""

import asyncio
import random
from collections import deque
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cph.errors import Stated
from bot.cph.governor import Budget
from bot.cph.kept import Kept
from bot.cph.settings import Limits
from tests.cph.virtual import VirtualClock, run


@dataclass
class Gateway:
    """Refuses what exceeds the limit in any window, and counts what it refused as well."""

    limit: Stated
    counted: deque[float] = field(default_factory=deque)
    refused: int = 0

    def passes(self, now: float) -> bool:
        fits = self.most_in_a_window(now) < self.limit.calls
        self.counted.append(now)
        self.refused += not fits
        return fits

    def most_in_a_window(self, now: float) -> int:
        return sum(1 for at in self.counted if at > now - self.limit.seconds)


@dataclass(frozen=True)
class Way:
    """How long calls take: on the way there, by chance, and rarely because of a stall."""

    base: float
    jitter: float
    stall: float
    back: float
    seed: int

    def there(self, number: int) -> float:
        chance = random.Random(self.seed * 100_003 + number)  # noqa: S311 - repeatable
        stalled = number > 0 and chance.random() < 0.2
        return self.base + chance.random() * self.jitter + (self.stall if stalled else 0.0)


async def call(budget: Budget, gateway: Gateway, way: Way, number: int) -> None:
    turn = await budget.take()
    budget.begin(turn)
    await asyncio.sleep(way.there(number))
    passes = gateway.passes(asyncio.get_running_loop().time())
    await asyncio.sleep(way.back)
    if passes:
        budget.answered(turn)
    else:
        budget.refused(turn, gateway.limit, None)


async def drive(budget: Budget, gateway: Gateway, way: Way, calls: int) -> float:
    """Make the calls; seconds it took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(call(budget, gateway, way, number) for number in range(calls)))
    return loop.time() - began


def budget_for(limit: Stated, *, concurrency: int = 16) -> Budget:
    budget = Budget(Limits(calls_per_second=1000, concurrency=concurrency), VirtualClock())
    rate = limit.rate * 0.98
    budget.restore(Kept(rate=rate, calls=limit.calls, seconds=limit.seconds, until=600), at=0)
    return budget


limits = st.builds(Stated, st.integers(1, 30), st.sampled_from([1.0, 60.0]))


@settings(max_examples=150, deadline=None)
@given(
    limit=limits,
    base=st.floats(0, 0.5),
    jitter=st.floats(0, 0.02),
    stall=st.floats(0, 0.22),
    back=st.floats(0, 0.3),
    seed=st.integers(0, 10**6),
)
def test_a_known_limit_is_exceeded_in_no_window(  # noqa: PLR0913 - a way has parts
    *, limit: Stated, base: float, jitter: float, stall: float, back: float, seed: int
) -> None:
    async def work() -> Gateway:
        window, gateway = limit.seconds, Gateway(limit)
        way = Way(base * window, jitter * window, stall * window, back * window, seed)
        await drive(budget_for(limit), gateway, way, 3 * limit.calls + 5)
        return gateway

    assert run(work()).refused == 0


@settings(max_examples=60, deadline=None)
@given(limit=limits.filter(lambda limit: limit.calls >= 5), seed=st.integers(0, 10**6))
def test_an_unknown_limit_is_learned_from_the_calls_it_refused(limit: Stated, seed: int) -> None:
    """Those in flight may be refused with the first; afterwards there is none."""

    async def work() -> tuple[int, int]:
        gateway, way = Gateway(limit), Way(0.05, 0.0, 0.0, 0.05, seed)
        budget = Budget(Limits(calls_per_second=2000, concurrency=4), VirtualClock())
        await drive(budget, gateway, way, limit.calls + 10)
        first = gateway.refused
        await drive(budget, gateway, way, 3 * limit.calls)
        return first, gateway.refused

    first, total = run(work())
    assert 1 <= first <= 4
    assert total == first


@pytest.mark.parametrize("limit", [Stated(10, 1.0), Stated(10, 60.0), Stated(200, 1.0)])
def test_steady_calls_come_close_to_the_limit(limit: Stated) -> None:
    async def work() -> float:
        way = Way(0.03, 0.0, 0.0, 0.03, 0)
        return await drive(budget_for(limit, concurrency=64), Gateway(limit), way, 400)

    assert 400 / run(work()) > 0.95 * limit.rate
