"""A request that ended long ago is gone, and one of today is not."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.rounds import forget_old
from bot.store.database import open_database
from bot.store.tables import leases, requests
from tests.walk.stage import Stage, request_id


async def test_a_request_goes_when_it_was_kept_as_long_as_configured(stage: Stage) -> None:
    old, young = [
        request_id((await stage.runs("routing", await stage.phones(2)))["text"]) for _ in range(2)
    ]
    world = stage.bot.world
    long_ago = world.clock.now() - world.times.keep - timedelta(minutes=1)
    aged = update(requests).where(requests.c.id == old)
    database = open_database(stage.bot.config.database_url)
    await database.write(lambda c: c.execute(aged.values(asked_at=long_ago, closed_at=long_ago)))
    await forget_old(world, database)
    assert await world.ledger.read(lambda tx: tx.request(old)) is None
    assert (await world.ledger.read(lambda tx: tx.counts(young))).distinct == 2
    assert old in await stage.says(f"/cph status {old}")
    await database.close()


async def test_the_bot_holds_the_lease_of_each_of_its_rounds(stage: Stage) -> None:
    database = open_database(stage.bot.config.database_url)
    mine = select(leases.c.name).where(leases.c.holder == stage.bot.id)
    held = await database.read(lambda c: set(c.execute(mine).scalars()))
    assert held == {"painter", "sweep", "reminders", "retention", f"watch {stage.bot.id}"}
    await database.close()
