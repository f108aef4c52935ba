"""A table of situations, played through Slack's own interface."""

import pytest

pytest.register_assert_rewrite("tests.situations.play", "tests.situations.steps")
