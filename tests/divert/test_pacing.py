"""Two processes on one ledger, before one cloud that counts: each begins with what is known."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cph.client import CphCloud
from bot.cph.clock import RealClock
from bot.divert.failures import CloudFailure, NotSent
from bot.divert.names import Names
from bot.divert.pacing import keep, paced, take_over
from bot.divert.phones import Route
from bot.store.database import open_database
from bot.store.ledger import SqlLedger
from bot.store.migrate import migrate
from sandbox.cloud.app import serve
from sandbox.cloud.cloud import Cloud as Sandbox
from sandbox.cloud.fleet import Fleet
from sandbox.cloud.kinds import Kind
from sandbox.cloud.switches import Limit
from tests.cph.opening import DEMO, FAST, access, opened
from tests.store.making import Desk

TWIN = "demo2"  # of the same credential


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqlLedger]:
    database = open_database(f"sqlite:///{tmp_path}/ledger.sqlite")
    await migrate(database)
    yield Desk(database).ledger
    await database.close()


@pytest.fixture
async def sandbox() -> Sandbox:
    return Sandbox(Fleet.build(phones=450, servers=9))


@pytest.fixture
async def processes(sandbox: Sandbox) -> AsyncIterator[list[CphCloud]]:
    runner, url = await serve(sandbox)
    limits = replace(FAST, calls_per_second=100)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        clouds = [opened(access(url), access(url), limits=limits, clock=RealClock()) for _ in "12"]
        yield [await stack.enter_async_context(cloud) for cloud in clouds]


def state_the_limit(sandbox: Sandbox) -> None:
    """Refuse the next call, however few came before."""
    sandbox.set(overrides=[{"switches": {"throttle": True}, "calls": 1}])


async def send(cloud: CphCloud, sandbox: Sandbox, project: str, calls: int) -> None:
    """Send so many batches, whatever is refused on the way."""
    ids = [sandbox.main.fleet.newest_first[0].phone_id]
    while calls:
        try:
            await cloud.divert(project, Route.ROUTING, ids)
        except NotSent:
            continue
        calls -= 1


async def test_what_one_process_was_told_the_other_knows(
    ledger: SqlLedger, sandbox: Sandbox, processes: list[CphCloud]
) -> None:
    """Of two projects of one caller, too; so of all calls one alone is refused."""
    sandbox.set(write_limit=Limit(calls=20))
    state_the_limit(sandbox)
    for cloud in processes * 2:
        async with paced(cloud, ledger, DEMO):
            await send(cloud, sandbox, DEMO, 25)
        async with paced(cloud, ledger, TWIN):
            await send(cloud, sandbox, TWIN, 5)
    assert sandbox.record.counts[Kind.IMPORT_TRAFFIC, 429] == 1


async def test_a_failure_is_learned_from_too(
    ledger: SqlLedger, sandbox: Sandbox, processes: list[CphCloud]
) -> None:
    one, two = processes
    sandbox.set(throttle=True, write_limit=Limit(calls=20))
    with pytest.raises(CloudFailure):
        async with paced(one, ledger, DEMO):
            await one.divert(DEMO, Route.ROUTING, ["p"])
    assert two.limit(DEMO) is None
    await take_over(two, ledger, TWIN)
    assert two.limit(DEMO) == (20, 1.0)


async def test_where_nothing_was_learned_nothing_is_kept(
    ledger: SqlLedger, sandbox: Sandbox, processes: list[CphCloud]
) -> None:
    cloud = processes[0]
    async with paced(cloud, ledger, DEMO):
        await send(cloud, sandbox, DEMO, 1)
    await ledger.write(lambda tx: keep(tx, cloud, DEMO, cloud.learned(DEMO)))
    assert (await ledger.read(lambda tx: tx.pace(DEMO)))[0] == {}


async def test_names_that_are_read_for_a_suggestion_know_the_limits_and_add_to_them(
    ledger: SqlLedger, sandbox: Sandbox, processes: list[CphCloud]
) -> None:
    sandbox.set(read_limit=Limit(calls=20))
    state_the_limit(sandbox)
    keepers = []
    for cloud in processes:
        names = Names(cloud, RealClock(), lambda project, by=cloud: paced(by, ledger, project))  # type: ignore[misc]
        for _ in range(3):
            await names.servers(DEMO)
        pace, _ = await ledger.read(lambda tx: tx.pace(DEMO))
        keepers.append(pace["servers"]["by"])
    assert keepers[0] != keepers[1]  # who knows of no limit has nothing to keep
    counts = sandbox.record.counts
    assert (counts[Kind.LIST_SERVERS, 200], counts[Kind.LIST_SERVERS, 429]) == (2, 1)
