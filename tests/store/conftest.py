"""Every test of the store runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import open_database
from bot.store.ledger import SqlLedger
from bot.store.migrate import migrate
from tests.postgres import database_for
from tests.store.making import Desk


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a fresh, empty database is."""
    return database_for(request, tmp_path)


@pytest.fixture
async def desk(url: str) -> AsyncIterator[Desk]:
    database = open_database(url)
    await migrate(database)
    yield Desk(database)
    await database.close()


@pytest.fixture
def ledger(desk: Desk) -> SqlLedger:
    return desk.ledger


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
async def lasting_ledger(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[SqlLedger]:
    """One database for all examples of a property; they use requests of their own."""
    database = open_database(database_for(request, tmp_path_factory.mktemp("lasting")))
    await migrate(database)
    yield Desk(database).ledger
    await database.close()
