import asyncio

from bot.store.leases import Leases
from tests.store.making import Desk


async def test_a_lease_has_one_holder_at_a_time(desk: Desk) -> None:
    leases = Leases(desk.database)
    assert await leases.hold("painter", "one", 60)
    assert not await leases.hold("painter", "two", 60)
    assert await leases.hold("painter", "one", 60)
    assert await leases.hold("sweep", "two", 60)


async def test_a_lease_that_ran_out_goes_to_the_next(desk: Desk) -> None:
    leases = Leases(desk.database)
    assert await leases.hold("painter", "one", 0.05)
    await asyncio.sleep(0.1)
    assert await leases.hold("painter", "two", 60)
    assert not await leases.hold("painter", "one", 60)


async def test_renewing_makes_a_lease_last_from_then_on(desk: Desk) -> None:
    leases = Leases(desk.database)
    for _ in range(4):
        assert await leases.hold("painter", "one", 0.5)
        await asyncio.sleep(0.2)
    assert not await leases.hold("painter", "two", 0.5)


async def test_of_many_who_want_a_lease_at_once_one_gets_it(desk: Desk) -> None:
    leases = Leases(desk.database)
    for name in ("first", "second", "third"):
        got = await asyncio.gather(*(leases.hold(name, f"h{n}", 60) for n in range(8)))
        assert sum(got) == 1


async def test_leases_given_back_are_free_at_once(desk: Desk) -> None:
    leases = Leases(desk.database)
    assert await leases.hold("painter", "one", 60)
    assert await leases.hold("sweep", "two", 60)
    await leases.release("one")
    assert await leases.hold("painter", "two", 60)
    assert not await leases.hold("sweep", "one", 60)
