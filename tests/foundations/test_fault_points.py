"""A crash test says where the process dies; without a word from it nothing listens."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import ConfigError, Environment, load
from bot.fault_points import KillAt

PASSES = """
import sys
from pathlib import Path
from bot.fault_points import FaultPoints, KillAt
points = FaultPoints(KillAt.read(sys.argv[1]), Path(sys.argv[2]))
for name in "commit.posts.before commit.posts.after cloud.jobs.before commit.posts.before".split():
    points.pass_(name)
"""


@pytest.mark.parametrize(
    ("kill_at", "passed"),
    [
        ("commit.posts.before#1", 1),
        ("commit.posts.before#2", 4),
        ("cloud.*#1", 3),
        ("*#2", 2),
        ("*#5", None),
        ("slack.*#1", None),
    ],
)
def test_the_process_dies_at_the_point_named_and_the_log_says_how_far_it_came(
    kill_at: str, passed: int | None, tmp_path: Path
) -> None:
    log = tmp_path / "passed"
    ended = subprocess.run([sys.executable, "-c", PASSES, kill_at, str(log)], check=False)
    assert ended.returncode == (0 if passed is None else -9)
    assert len(log.read_text(encoding="utf-8").split()) == (passed or 4)


@pytest.mark.parametrize("text", ["commit.posts", "#1", "commit.posts#0", "commit.posts#x", ""])
def test_what_names_no_point_and_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a point and a number"):
        KillAt.read(text)


def test_a_mistyped_point_is_a_mistake_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match="CPH_BOT_KILL_AT: not a point"):
        load(Environment({"CPH_BOT_KILL_AT": "somewhere"}))
