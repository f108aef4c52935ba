"""Killed once at each kind of fault point, and at ten more at random: the story holds.

`make crash` kills at every point there is, in a larger story.
"""

import random
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from tests.crash.matrix import Campaign, Theatre, at_any, one_of_each
from tests.crash.nursery import Nursery
from tests.postgres import fresh_database, running_postgres

PHONES = 200
LIVES = 12  # in one story
AT_ONCE = 3  # stories; a dead bot is waited for on PostgreSQL
AT_RANDOM, SEED = 10, 20


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    if request.param == "sqlite":
        yield lambda: ""
        return
    with running_postgres() as server:
        yield lambda: fresh_database(server)


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    async with Nursery() as opened:
        yield opened


async def test_the_story_holds_wherever_the_bot_is_killed(
    new_database: Callable[[], str], nursery: Nursery
) -> None:
    theatre, chance = Theatre(nursery, new_database, PHONES), random.Random(SEED)  # noqa: S311 - repeatable
    passed = await theatre.points()
    kinds = one_of_each(passed)
    random_ones = at_any(chance.randint(1, len(passed)) for _ in range(AT_RANDOM))
    campaign = Campaign(deque([*kinds, *random_ones]), LIVES)
    await campaign.run(theatre, AT_ONCE)
    assert campaign.kills >= len(kinds) + AT_RANDOM - len(campaign.not_reached)
    assert len(campaign.not_reached) <= len(kinds) // 10
    for what in ("cloud.phones-traffic", "cloud.jobs", "commit.batches", "slack.chat.update"):
        assert {f"{what}.before", f"{what}.after"} <= campaign.died_at
