"""What all tests share: a profile of the property tests, and one PostgreSQL."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.postgres import running_postgres

# How long an example takes says what else the machine does, not whether the bot is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server that starts when it is asked for; the URL of its first database."""
    with running_postgres() as url:
        yield url
