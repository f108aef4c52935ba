from pathlib import Path

import pytest

from tests.config.setting import Setting


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path)
