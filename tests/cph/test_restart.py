"""A governor that is killed and started anew, against a gateway that goes on counting."""

import asyncio
import json
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cph.errors import Stated
from bot.cph.governor import Governor, Kind
from bot.cph.kept import with_news
from bot.cph.settings import Limits
from tests.cph.test_limits_kept import Gateway, Way, call
from tests.cph.virtual import VirtualClock, run

LIMITS = Limits(calls_per_second=1000, concurrency=4)


class Rebooted(VirtualClock):
    """On another machine the monotonic clock began at another moment; the database's is one."""

    def monotonic(self) -> float:
        return super().monotonic() + 5000.0


def wall() -> float:
    """The database's time, in seconds."""
    return VirtualClock().now().timestamp()


@dataclass
class Process:
    """Sends calls until it is killed; those that have left it arrive all the same."""

    governor: Governor
    gateway: Gateway
    way: Way
    arriving: list[asyncio.Task[bool]] = field(default_factory=list)

    async def live(self, seconds: float) -> str:
        """What it has kept when it is killed."""
        sending = [asyncio.create_task(self.send(number)) for number in range(200)]
        await asyncio.sleep(seconds)
        kept = json.dumps(with_news(self.governor.news(), {}, wall()))
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        return kept

    async def send(self, number: int) -> None:
        budget = self.governor[Kind.SEND]
        turn = await budget.take()
        budget.begin(turn)
        arriving = asyncio.create_task(self.arrive(number))
        self.arriving.append(arriving)
        if await asyncio.shield(arriving):
            budget.answered(turn)
        else:
            budget.refused(turn, self.gateway.limit, None)

    async def arrive(self, number: int) -> bool:
        await asyncio.sleep(self.way.there(number))
        passes = self.gateway.passes(asyncio.get_running_loop().time())
        await asyncio.sleep(self.way.back)
        return passes


@settings(max_examples=120, deadline=None)
@given(
    limit=st.builds(Stated, st.integers(1, 30), st.sampled_from([10.0, 60.0])),
    lives=st.floats(4.0, 90.0),
    down=st.floats(0.0, 30.0),
    jitter=st.floats(0.0, 0.2),
    seed=st.integers(0, 10**6),
)
def test_a_limit_that_was_learned_is_not_passed_after_a_restart(
    *, limit: Stated, lives: float, down: float, jitter: float, seed: int
) -> None:
    async def work() -> int:
        gateway, way = Gateway(limit), Way(0.1, jitter, 0.0, 0.1, seed)
        killed = Process(Governor(LIMITS, VirtualClock(), "killed"), gateway, way)
        kept = json.loads(await killed.live(lives))
        await asyncio.sleep(down)
        await asyncio.gather(*killed.arriving)
        before = gateway.refused
        heir = Governor(LIMITS, Rebooted(), "heir")
        heir.restore(kept, wall())
        assert heir[Kind.SEND].limit == limit
        calls = (call(heir[Kind.SEND], gateway, way, n) for n in range(2 * limit.calls))
        await asyncio.gather(*calls)
        return gateway.refused - before

    assert run(work()) == 0
