"""A stage with a database of its own, for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.divert.state_machine.stage import Stage, make_database


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    make_database(tmp_path / "ledger.sqlite")
    played = Stage(tmp_path / "ledger.sqlite")
    yield played
    played.close()
